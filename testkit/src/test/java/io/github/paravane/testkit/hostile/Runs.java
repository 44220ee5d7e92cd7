package io.github.paravane.testkit.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.time.Duration;
import java.util.List;

/** Runs hostile kernels with limits, and looks at the clock and the frame counts afterwards. */
final class Runs {

    /** Real time that a guest gets where it would go on for ever. */
    private static final Duration LIMIT = Duration.ofMillis(400);

    /** How late the end of a run may be on a busy host. */
    private static final long LATE = 3_000;

    private Runs() {}

    static PvMachine machine(byte[] kernel) {
        return PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(kernel)).memory(8 << 20))
                .build();
    }

    /** A guest that never ends is stopped by the clock, and by the number of instructions. */
    static void assertEndless(byte[] kernel) {
        PvMachine timed = machine(kernel);
        assertEquals(
                RunResult.Kind.TIME_LIMIT,
                run(timed, RunLimits.none().within(LIMIT)).kind());
        PvMachine counted = machine(kernel);
        RunLimits limits = RunLimits.none().instructions(10_000).within(Duration.ofSeconds(30));
        assertEquals(RunResult.Kind.INSTRUCTION_LIMIT, run(counted, limits).kind());
    }

    /** A guest that would go on for ever in one call that costs no instruction is stopped by the clock. */
    static void assertStoppedByClock(byte[] kernel) {
        assertEquals(
                RunResult.Kind.TIME_LIMIT,
                run(machine(kernel), RunLimits.none().within(LIMIT)).kind());
    }

    static void assertCrashes(byte[] kernel) {
        assertEquals(RunResult.Kind.CRASHED, end(kernel).kind());
    }

    static RunResult end(byte[] kernel) {
        return run(machine(kernel), RunLimits.none().within(Duration.ofSeconds(30)));
    }

    static RunResult run(PvMachine machine, RunLimits limits) {
        long start = System.nanoTime();
        RunResult result = machine.run(limits);
        long late = (System.nanoTime() - start - limits.wallClock().toNanos()) / 1_000_000;
        assertTrue(late < LATE, () -> late + " ms late");
        assertEquals(List.of(), machine.auditFrames());
        return result;
    }
}
