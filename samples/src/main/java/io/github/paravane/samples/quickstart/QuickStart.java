package io.github.paravane.samples.quickstart;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Runs a kernel file and prints what it writes into its page tables; the README's snippet. */
public final class QuickStart {

    private QuickStart() {}

    /** Runs the kernel of the first argument. */
    public static void main(String[] args) throws IOException {
        GuestImage kernel = GuestImage.of(Files.readAllBytes(Path.of(args[0]))).withCommandLine("console=hvc0");
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(kernel).memory(64 << 20).console(ConsolePort.output(System.out)))
                .observer(new MachineObserver() {
                    @Override
                    public void pageTableWrite(MachineEvent.PageTableWrite event) {
                        System.err.printf("L%d entry %x -> %x%n", event.level(), event.old(), event.stored());
                    }
                })
                .build();
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(10)));
        System.err.println(result);
    }
}
