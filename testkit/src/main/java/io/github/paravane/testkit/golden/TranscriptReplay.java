package io.github.paravane.testkit.golden;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Runs on Paravane what a {@link Transcript} recorded on a real Xen: one domain with one vCPU, in virtual time.
 *
 * <pre>{@code
 * TranscriptReplay replay = TranscriptReplay.of(AbiProfiles.XEN_4_17, kernel).onQemu();
 * for (Transcript.Run recorded : transcript.runs()) {
 *     GoldenComparison comparison = recorded.compareWith(replay.run(recorded.commandLine()).printed());
 *     assertTrue(comparison.isEqual(), comparison::report);
 * }
 * }</pre>
 *
 * @param profile which hypervisor to be
 * @param kernel the kernel that was recorded; its own command line is not used
 * @param cores the processor
 * @param privileged whether the domain has the rights of dom0
 * @param memory the domain's memory in bytes
 * @param limits bounds of each run
 */
public record TranscriptReplay(
        AbiProfile profile,
        GuestImage kernel,
        CpuCoreFactory cores,
        boolean privileged,
        long memory,
        RunLimits limits) {

    public TranscriptReplay {
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(cores, "cores");
        Objects.requireNonNull(limits, "limits");
    }

    /** An unprivileged domain of 64 MiB on Paravane's own core, without bounds. */
    public static TranscriptReplay of(AbiProfile profile, GuestImage kernel) {
        return new TranscriptReplay(profile, kernel, X86Core.factory(), false, 64L << 20, RunLimits.none());
    }

    /** The same on a core that reports faults as QEMU's translator does, which most transcripts were recorded on. */
    public TranscriptReplay onQemu() {
        return onCores(X86Core.factory(X86Core.ModifyFault.READ));
    }

    /** The same on other cores. */
    public TranscriptReplay onCores(CpuCoreFactory factory) {
        return new TranscriptReplay(profile, kernel, factory, privileged, memory, limits);
    }

    /** The same with or without the rights of dom0. */
    public TranscriptReplay privileged(boolean rights) {
        return new TranscriptReplay(profile, kernel, cores, rights, memory, limits);
    }

    /** The same with other memory, in bytes: see {@link DomainConfig#memory}. */
    public TranscriptReplay memory(long bytes) {
        return new TranscriptReplay(profile, kernel, cores, privileged, bytes, limits);
    }

    /** The same with other bounds. */
    public TranscriptReplay limits(RunLimits bounds) {
        return new TranscriptReplay(profile, kernel, cores, privileged, memory, bounds);
    }

    /**
     * How a run went.
     *
     * @param printed what the kernel wrote to its PV console and with console_io
     * @param result how it ended
     * @param auditFindings what a recount of all types and counts found wrong at the end; empty if the counts are right
     */
    public record Outcome(Transcript.Run printed, RunResult result, List<String> auditFindings) {
        public Outcome {
            auditFindings = List.copyOf(auditFindings);
        }
    }

    /**
     * Runs the kernel once, on a machine of its own.
     *
     * @throws io.github.paravane.api.guest.GuestImageException if the kernel cannot be loaded
     */
    public Outcome run(String commandLine) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        DomainConfig domain = DomainConfig.of(kernel.withCommandLine(commandLine))
                .memory(memory)
                .console(ConsolePort.output(output))
                .consoleIo(privileged); // a release build that is not verbose, as the recorded ones
        PvMachine machine = PvMachine.builder(profile)
                .virtualTime()
                .cores(cores)
                .domain(privileged ? domain.privileged() : domain)
                .build();
        RunResult result = machine.run(limits);
        String text =
                output.toString(StandardCharsets.ISO_8859_1).replace("\r", "").stripTrailing();
        List<String> lines = text.isEmpty() ? List.of() : text.lines().toList();
        return new Outcome(new Transcript.Run(commandLine, lines), result, machine.auditFrames());
    }
}
