package io.github.paravane.hypervisor.time;

import io.github.paravane.hypervisor.domain.Vcpu.RunState;

/** How long a vCPU has been in each state (struct vcpu_runstate_info, abi-reference 3.20); times in ns. */
public final class RunStateTimes {

    /** Bytes of struct vcpu_runstate_info. */
    public static final int SIZE = 48;

    private final long[] time = new long[RunState.values().length];
    private RunState state = RunState.OFFLINE;
    private long entryTime;

    public RunStateTimes(long now) {
        entryTime = now;
    }

    /** The vCPU enters a state at system time {@code now}. */
    public void enter(RunState next, long now) {
        time[state.ordinal()] += now - entryTime;
        state = next;
        entryTime = now;
    }

    /** The current state. */
    public RunState state() {
        return state;
    }

    /** When it was entered. */
    public long entryTime() {
        return entryTime;
    }

    /** Time spent in a state before the current one was entered. */
    public long completed(RunState which) {
        return time[which.ordinal()];
    }

    /** Time spent in a state up to {@code now}. */
    public long upTo(RunState which, long now) {
        return time[which.ordinal()] + (which == state ? now - entryTime : 0);
    }
}
