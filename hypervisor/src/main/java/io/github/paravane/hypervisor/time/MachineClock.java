package io.github.paravane.hypervisor.time;

import io.github.paravane.api.cpu.TimeStampSource;

/** A machine's clock: system time in ns since start, the TSC that goes with it, and the wall clock at start. */
public interface MachineClock extends TimeStampSource {

    /** Nanoseconds of system time since the machine started; never goes backwards. */
    long systemTime();

    /** TSC frequency in kHz. */
    long timeStampKilohertz();

    /** Wall-clock time, in ns since 1970, at system time 0. */
    long wallClockAtStart();

    /**
     * Nothing can happen before {@code systemTime}: a virtual clock jumps there, a real one waits until then or until
     * {@link #wake}.
     */
    void idleUntil(long systemTime);

    /** Ends a wait in {@link #idleUntil}; safe from any thread. */
    void wake();

    /** Tells a virtual clock how many instructions have retired since the last call; a real one ignores it. */
    void advance(long instructions);
}
