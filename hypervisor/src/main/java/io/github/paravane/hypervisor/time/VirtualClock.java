package io.github.paravane.hypervisor.time;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock that the machine itself moves: a fixed time for each instruction retired, and jumps over idle time. Two runs with equal
 * inputs see equal times. Its TSC counts nanoseconds, 1 GHz.
 */
public final class VirtualClock implements MachineClock {

    /** Default time of an instruction in ns. */
    public static final long DEFAULT_INSTRUCTION_TIME = 10;

    /** Default wall clock at start: 2020-01-01 00:00:00 UTC, in ns since 1970. */
    public static final long DEFAULT_WALL_CLOCK = 1_577_836_800L * 1_000_000_000L;

    private static final long KILOHERTZ = 1_000_000;

    private final long instructionTime;
    private final long wallClock;
    private final Semaphore wakeRequests = new Semaphore(0);
    private long now;
    private @Nullable LongSupplier retired;

    /** A clock with the default speed and wall clock. */
    public VirtualClock() {
        this(DEFAULT_INSTRUCTION_TIME, DEFAULT_WALL_CLOCK);
    }

    /**
     * @param instructionTime ns that pass with each instruction, at least 1
     * @param wallClock ns since 1970 at system time 0
     */
    public VirtualClock(long instructionTime, long wallClock) {
        if (instructionTime < 1) {
            throw new IllegalArgumentException(
                    "time of an instruction must be at least 1 ns: 0x" + Long.toHexString(instructionTime));
        }
        this.instructionTime = instructionTime;
        this.wallClock = wallClock;
    }

    /** ns that pass with each instruction. */
    public long instructionTime() {
        return instructionTime;
    }

    @Override
    public long systemTime() {
        LongSupplier running = retired;
        return running == null ? now : now + running.getAsLong() * instructionTime;
    }

    @Override
    public long timeStamp() {
        return systemTime();
    }

    @Override
    public long timeStampKilohertz() {
        return KILOHERTZ;
    }

    @Override
    public long wallClockAtStart() {
        return wallClock;
    }

    @Override
    public void idleUntil(long systemTime) {
        if (systemTime == Long.MAX_VALUE) {
            try {
                if (wakeRequests.tryAcquire(LONGEST_IDLE, TimeUnit.NANOSECONDS)) {
                    wakeRequests.drainPermits();
                }
            } catch (InterruptedException e) {
                // The run loop looks at the interrupt itself; idling just ends early.
                Thread.currentThread().interrupt();
            }
        } else {
            now = Math.max(now, systemTime);
        }
    }

    @Override
    public boolean isVirtual() {
        return true;
    }

    @Override
    public void wake() {
        wakeRequests.release();
    }

    @Override
    public void follow(LongSupplier instructions) {
        retired = instructions;
    }

    @Override
    public long instructionsUntil(long systemTime) {
        long left = systemTime - now;
        return left <= 0 ? 1 : (left - 1) / instructionTime + 1;
    }

    @Override
    public void advance(long instructions) {
        retired = null;
        now += instructions * instructionTime;
    }
}
