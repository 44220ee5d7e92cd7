package io.github.paravane.hypervisor.domain;

/**
 * Where things lie in the structures that a domain shares with the hypervisor: shared_info, vcpu_info and the run-state
 * area, as a 64-bit and as a 32-bit guest see them (Xen {@code public/xen.h}; abi-reference 3.17, 8.4). Offsets in bytes.
 */
public enum SharedLayout {
    /** A PV64 guest. */
    WIDE(2048, 2560, 3072, 12, 16, 8),
    /** A PV32 guest on the 64-bit hypervisor. */
    COMPAT(2048, 2176, 2304, 36, 8, 4);

    private static final int SELECTOR = 8;

    private final int pending;
    private final int mask;
    private final int wallClock;
    private final int wallClockHigh;
    private final int cr2;
    private final int runStateEntry;

    SharedLayout(int pending, int mask, int wallClock, int wallClockHigh, int cr2, int runStateEntry) {
        this.pending = pending;
        this.mask = mask;
        this.wallClock = wallClock;
        this.wallClockHigh = wallClockHigh;
        this.cr2 = cr2;
        this.runStateEntry = runStateEntry;
    }

    /** evtchn_pending in shared_info. */
    public int pending() {
        return pending;
    }

    /** evtchn_mask in shared_info. */
    public int mask() {
        return mask;
    }

    /** Event channels in the 2-level form: as many as a word has bits, squared. */
    public int ports() {
        return this == WIDE ? 4096 : 1024;
    }

    /** vcpu_info.evtchn_pending_sel, as an 8-byte aligned bitmap. */
    public int selector() {
        return this == WIDE ? SELECTOR : 0;
    }

    /** The bit of that bitmap for a port. */
    public int selectorBit(int port) {
        return this == WIDE ? port >>> 6 : Integer.SIZE + (port >>> 5);
    }

    /** wc_version in shared_info; wc_sec and wc_nsec follow. */
    public int wallClock() {
        return wallClock;
    }

    /** wc_sec_hi, from wc_version on. */
    public int wallClockHigh() {
        return wallClockHigh;
    }

    /** arch.cr2 in vcpu_info. */
    public int cr2() {
        return cr2;
    }

    /** Bytes of it: those of a linear address. */
    public int addressSize() {
        return this == WIDE ? Long.BYTES : Integer.BYTES;
    }

    /** state_entry_time in vcpu_runstate_info; the four times follow. */
    public int runStateEntry() {
        return runStateEntry;
    }

    /** Bytes of vcpu_runstate_info. */
    public int runStateSize() {
        return runStateEntry + 5 * Long.BYTES;
    }
}
