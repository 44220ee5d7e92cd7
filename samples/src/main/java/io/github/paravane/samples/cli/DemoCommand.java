package io.github.paravane.samples.cli;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.guest.EchoKernel;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code paravane demo}: a running domain whose kernel is assembled here; its console is standard input and output. */
@Command(
        name = "demo",
        description = "Boot a small kernel that greets and echoes lines until quit or the end of input.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    /** What a terminal's line discipline makes of the end of input; the kernel powers off when it reads it. */
    private static final int END_OF_TRANSMISSION = 4;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    /** A command on the process's own streams. */
    public DemoCommand() {
        this(System.in, System.out, System.err);
    }

    DemoCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        HostConsole host = new HostConsole(in, err);
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(EchoKernel.image()))
                        .memory(16L << 20)
                        .console(new ConsolePort(out, err, new EndOfTransmission(host))))
                .build();
        host.start(machine.platform().clock()::wake, machine::stop);
        RunResult result;
        try {
            result = machine.run(RunLimits.none());
        } finally {
            host.close();
        }
        out.flush();
        if (result.kind() == RunResult.Kind.SHUT_DOWN || host.isLeft()) {
            return 0;
        }
        err.println("paravane: " + result);
        return 1;
    }

    /** Says once what the end of input means before it ends. */
    private static final class EndOfTransmission implements ConsolePort.Input {

        private final ConsolePort.Input input;
        private boolean said;

        EndOfTransmission(ConsolePort.Input input) {
            this.input = input;
        }

        @Override
        public int poll() {
            int next = input.poll();
            if (next != END || said) {
                return next;
            }
            said = true;
            return END_OF_TRANSMISSION;
        }
    }
}
