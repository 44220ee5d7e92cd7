package io.github.paravane.hypervisor.time;

import io.github.paravane.api.cpu.TimeStampSource;
import java.util.function.LongSupplier;

/** A machine's clock: system time in ns since start, the TSC that goes with it, and the wall clock at start. */
public interface MachineClock extends TimeStampSource {

    /** Nanoseconds of system time since the machine started; never goes backwards. */
    long systemTime();

    /** TSC frequency in kHz. */
    long timeStampKilohertz();

    /** Wall-clock time, in ns since 1970, at system time 0. */
    long wallClockAtStart();

    /** Longest real time that {@link #idleUntil} waits for nothing but {@link #wake}, in ns. */
    long LONGEST_IDLE = 20_000_000;

    /**
     * Nothing can happen before {@code systemTime}: a virtual clock jumps there, a real one waits until then or until
     * {@link #wake}. {@link Long#MAX_VALUE} means that no timer is set and only another thread can change anything: then
     * both wait for {@link #wake}, but not longer than {@link #LONGEST_IDLE}, and no virtual time passes.
     */
    void idleUntil(long systemTime);

    /** Whether only the machine moves this clock, so that waiting for a time costs none. */
    default boolean isVirtual() {
        return false;
    }

    /** Ends a wait in {@link #idleUntil}; safe from any thread. */
    void wake();

    /**
     * Tells a virtual clock that a vCPU starts to run, and how to find the number of instructions it has retired since: the
     * clock moves with them until the next {@link #advance}. A real one ignores it.
     */
    default void follow(LongSupplier retired) {}

    /** How many instructions can run until {@code systemTime}, at least 1; a real clock does not know. */
    default long instructionsUntil(long systemTime) {
        return Long.MAX_VALUE;
    }

    /** Tells a virtual clock how many instructions have retired since the last call; a real one ignores it. */
    void advance(long instructions);
}
