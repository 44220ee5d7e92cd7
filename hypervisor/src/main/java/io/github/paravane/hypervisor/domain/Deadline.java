package io.github.paravane.hypervisor.domain;

/**
 * When the current run must end, for work that a guest can make long between two looks of the run loop: a multicall of
 * batches, an endless row of faults. It only ever ends a run, so what the guest sees does not depend on it.
 */
public final class Deadline {

    /** Reading the host's clock costs as much as a small hypercall, so not every question reads it. */
    private static final int QUESTIONS_PER_READING = 16;

    private boolean limited;
    private long nanoTime;
    private int questions;
    private volatile boolean passed;

    /** Sets it to a {@link System#nanoTime}. */
    public void set(long value) {
        nanoTime = value;
        limited = true;
        passed = false;
    }

    /** The run may last for ever. */
    public void clear() {
        limited = false;
        passed = false;
    }

    /** The run is to end now; safe from any thread. */
    public void pass() {
        passed = true;
    }

    /** Whether the run should end; late by some questions at most. */
    public boolean isPassed() {
        if (passed) {
            return true;
        }
        if (!limited || ++questions % QUESTIONS_PER_READING != 0 || System.nanoTime() - nanoTime < 0) {
            return false;
        }
        passed = true;
        return true;
    }
}
