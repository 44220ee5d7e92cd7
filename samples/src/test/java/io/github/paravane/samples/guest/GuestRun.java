package io.github.paravane.samples.guest;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One run of a kernel file as the only domain of a machine (of xen-4.17, if not said otherwise), in virtual time.
 *
 * @param result how it ended
 * @param lines what the guest wrote to its PV console
 * @param differences what a recount of the frames found
 */
record GuestRun(RunResult result, List<String> lines, List<String> differences) {

    static GuestRun of(Path kernel, String commandLine, int mebibytes, int vcpus) {
        return of(kernel, commandLine, mebibytes, vcpus, X86Core.factory());
    }

    static GuestRun of(Path kernel, String commandLine, int mebibytes, int vcpus, CpuCoreFactory cores) {
        return of(
                config(kernel, commandLine, mebibytes, vcpus),
                cores,
                AbiProfiles.find("xen-4.17").orElseThrow());
    }

    static DomainConfig config(Path kernel, String commandLine, int mebibytes, int vcpus) {
        return DomainConfig.of(image(kernel).withCommandLine(commandLine))
                .memory((long) mebibytes << 20)
                .vcpus(vcpus);
    }

    /** A run of the domain, whose console is read, under any profile. */
    static GuestRun of(DomainConfig domain, CpuCoreFactory cores, AbiProfile profile) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ConsolePort console = new ConsolePort(output, OutputStream.nullOutputStream(), () -> ConsolePort.Input.END);
        PvMachine machine = PvMachine.builder(profile)
                .virtualTime()
                .cores(cores)
                .domain(domain.console(console))
                .build();
        RunResult result = machine.run(RunLimits.none().within(Duration.ofMinutes(5)));
        String text = output.toString(StandardCharsets.ISO_8859_1).replace("\r", "");
        return new GuestRun(result, text.lines().toList(), machine.auditFrames());
    }

    private static GuestImage image(Path kernel) {
        try {
            return GuestImage.of(Files.readAllBytes(kernel));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
