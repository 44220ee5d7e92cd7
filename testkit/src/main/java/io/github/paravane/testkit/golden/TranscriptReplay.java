package io.github.paravane.testkit.golden;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

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
 * @param computer what it runs on
 * @param privileged whether the domain has the rights of dom0
 * @param memory the domain's memory in bytes
 * @param limits bounds of each run
 */
public record TranscriptReplay(
        AbiProfile profile, GuestImage kernel, Computer computer, boolean privileged, long memory, RunLimits limits) {

    /**
     * What of a computer shows in a transcript.
     *
     * @param cores the processor
     * @param physicalWidth width of machine addresses in bits, 32 to 52: how far dom0's right to device memory reaches
     * @param firmware what firmware left in memory that belongs to no domain: 8 bytes by machine address
     */
    public record Computer(CpuCoreFactory cores, int physicalWidth, SortedMap<Long, Long> firmware) {

        /** Paravane's own. */
        public static final Computer X86 =
                new Computer(X86Core.factory(), HostOptions.DEFAULT.physicalWidth(), Collections.emptySortedMap());

        /** QEMU's qemu64, which reports the faults of locked and modifying instructions as its translator does. */
        public static final Computer QEMU =
                new Computer(X86Core.factory(X86Core.ModifyFault.READ), 40, Collections.emptySortedMap());

        public Computer {
            Objects.requireNonNull(cores, "cores");
            firmware = Collections.unmodifiableSortedMap(new TreeMap<>(firmware));
        }

        private void load(PvMachine machine) {
            firmware.forEach((maddr, value) -> {
                if (machine.frame(maddr >>> 12).owner() != DOMID_IO) {
                    throw new IllegalArgumentException("no memory for firmware: 0x" + Long.toHexString(maddr));
                }
                machine.memory().writeU64(maddr, value);
            });
        }
    }

    private static final int DOMID_IO = 0x7FF1;

    public TranscriptReplay {
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(computer, "computer");
        Objects.requireNonNull(limits, "limits");
    }

    /** An unprivileged domain of 64 MiB on Paravane's own core, without bounds. */
    public static TranscriptReplay of(AbiProfile profile, GuestImage kernel) {
        return new TranscriptReplay(profile, kernel, Computer.X86, false, 64L << 20, RunLimits.none());
    }

    /** The same on {@link Computer#QEMU}, which most transcripts were recorded on, with the same firmware as now. */
    public TranscriptReplay onQemu() {
        return on(Computer.QEMU).firmware(computer.firmware);
    }

    /** The same after firmware that left {@code words} in memory, 8 bytes by machine address. */
    public TranscriptReplay firmware(SortedMap<Long, Long> words) {
        return on(new Computer(computer.cores, computer.physicalWidth, words));
    }

    /** The same on another computer, with its firmware. */
    public TranscriptReplay on(Computer other) {
        return new TranscriptReplay(profile, kernel, other, privileged, memory, limits);
    }

    /** The same with or without the rights of dom0. */
    public TranscriptReplay privileged(boolean rights) {
        return new TranscriptReplay(profile, kernel, computer, rights, memory, limits);
    }

    /** The same with other memory, in bytes: see {@link DomainConfig#memory}. */
    public TranscriptReplay memory(long bytes) {
        return new TranscriptReplay(profile, kernel, computer, privileged, bytes, limits);
    }

    /** The same with other bounds. */
    public TranscriptReplay limits(RunLimits bounds) {
        return new TranscriptReplay(profile, kernel, computer, privileged, memory, bounds);
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
     * @throws IllegalArgumentException if firmware is where a domain or the hypervisor has memory
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
                .cores(computer.cores)
                .options(HostOptions.DEFAULT.withPhysicalWidth(computer.physicalWidth))
                .domain(privileged ? domain.privileged() : domain)
                .build();
        computer.load(machine);
        RunResult result = machine.run(limits);
        String text =
                output.toString(StandardCharsets.ISO_8859_1).replace("\r", "").stripTrailing();
        List<String> lines = text.isEmpty() ? List.of() : text.lines().toList();
        return new Outcome(new Transcript.Run(commandLine, lines), result, machine.auditFrames());
    }
}
