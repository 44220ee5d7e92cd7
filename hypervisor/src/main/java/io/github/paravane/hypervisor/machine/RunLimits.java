package io.github.paravane.hypervisor.machine;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds of one {@link PvMachine#run}.
 *
 * @param instructions most guest instructions of all vCPUs together, at least 1
 * @param wallClock most real time
 */
public record RunLimits(long instructions, Duration wallClock) {

    /** About 292 years; a run without time limit. */
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    public RunLimits {
        Objects.requireNonNull(wallClock, "wallClock");
        if (instructions < 1) {
            throw new IllegalArgumentException("instruction limit must be at least 1: " + instructions);
        }
        if (wallClock.isNegative() || wallClock.compareTo(FOREVER) > 0) {
            throw new IllegalArgumentException("time limit out of range: " + wallClock);
        }
    }

    /** No bounds. */
    public static RunLimits none() {
        return new RunLimits(Long.MAX_VALUE, FOREVER);
    }

    /** The same with a bound on real time. */
    public RunLimits within(Duration time) {
        return new RunLimits(instructions, time);
    }

    /** The same with a bound on instructions. */
    public RunLimits instructions(long most) {
        return new RunLimits(most, wallClock);
    }
}
