package io.github.paravane.hypervisor.time;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A clock that follows the host's monotonic clock; its TSC counts nanoseconds, 1 GHz. */
public final class RealClock implements MachineClock {

    private static final long KILOHERTZ = 1_000_000;

    private final long start = System.nanoTime();
    private final long wallClock = Math.multiplyExact(System.currentTimeMillis(), 1_000_000L);
    private final Lock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean wakeRequested;

    /** A clock that starts now. */
    public RealClock() {}

    @Override
    public long systemTime() {
        return System.nanoTime() - start;
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
        lock.lock();
        try {
            long left = systemTime == Long.MAX_VALUE ? LONGEST_IDLE : systemTime - systemTime();
            while (!wakeRequested && left > 0) {
                left = woken.awaitNanos(left);
            }
            wakeRequested = false;
        } catch (InterruptedException e) {
            // The run loop looks at the interrupt itself; idling just ends early.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            wakeRequested = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void advance(long instructions) {
        // Time passes by itself.
    }
}
