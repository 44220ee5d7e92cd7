package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.state.CpuState;

/**
 * The breakpoints of DR0-DR3 and DR7 (Intel SDM vol 3, 17.2). While a breakpoint is armed the core steps, and data
 * accesses go through a port that compares addresses.
 */
final class Breakpoints {
    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int READ_WRITE = 3;

    private final Core c;
    private final CpuState s;
    private final WatchPort port;
    /** DR6 bits of what the running instruction hit. */
    private long hits;

    Breakpoints(Core c) {
        this.c = c;
        this.s = c.s;
        this.port = new WatchPort(c.machinePort, this);
    }

    boolean armed() {
        return (s.debug[7] & 0xFF) != 0;
    }

    private boolean enabled(int n) {
        return (s.debug[7] >>> (2 * n) & 3) != 0;
    }

    private int type(int n) {
        return (int) (s.debug[7] >>> (16 + 4 * n)) & 3;
    }

    private int length(int n) {
        int code = (int) (s.debug[7] >>> (18 + 4 * n)) & 3;
        return code == 0 ? 1 : code == 1 ? 2 : code == 2 ? 8 : 4;
    }

    /** Whether an instruction at {@code linear} hits; sets DR6 if so. */
    boolean fetch(long linear) {
        long found = 0;
        for (int n = 0; n < 4; n++) {
            if (enabled(n) && type(n) == EXECUTE && s.debug[n] == linear) {
                found |= 1L << n;
            }
        }
        s.debug[6] |= found;
        return found != 0;
    }

    /** Before an instruction; what a MOV SS right before it hit is still to be reported. */
    void begin(boolean afterMovSs) {
        hits = afterMovSs ? hits : 0;
        if (armed()) {
            c.mem = port;
        }
    }

    /** After an instruction, also a faulting one. */
    void end() {
        c.mem = c.machinePort;
    }

    boolean hit() {
        return hits != 0;
    }

    /** Puts the data breakpoints hit into DR6. */
    void report() {
        s.debug[6] |= hits;
    }

    /** Notes an access. */
    void access(long linear, int width, boolean write) {
        for (int n = 0; n < 4; n++) {
            int type = type(n);
            if (enabled(n) && (type == READ_WRITE || (type == WRITE && write))) {
                long first = s.debug[n] & -(long) length(n);
                if (linear < first + length(n) && first < linear + width) {
                    hits |= 1L << n;
                }
            }
        }
    }
}
