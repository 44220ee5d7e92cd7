package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.CpuState;

/**
 * String instructions. With REP each iteration commits RCX, RSI and RDI, so a fault leaves whole iterations done; after
 * {@value #CHUNK} iterations one by one, or {@value #PAGE_CHUNK} by page, the instruction is left with RIP at itself, so
 * that budgets and events are seen soon.
 */
final class StringOps {
    private static final int CHUNK = 64;
    private static final int PAGE_CHUNK = 1024;

    private StringOps() {}

    private static long source(Core c, Insn i) {
        long offset = c.r[Registers.RSI] & i.addressMask;
        return i.long64 ? c.s.segmentBase[i.segment] + offset : c.segmented(i, i.segment, offset);
    }

    private static long destination(Core c, Insn i) {
        long offset = c.r[Registers.RDI] & i.addressMask;
        return i.long64 ? offset : c.segmented(i, CpuState.ES, offset);
    }

    private static long step(Core c, Insn i) {
        return c.f.df() ? -i.width : i.width;
    }

    private static void advance(Core c, Insn i, int register, long by) {
        c.setReg(register, i.addressSize, c.r[register] + by);
    }

    /** Iterations this execution makes at most: 1 without REP; 0 when the count is 0. */
    private static long iterations(Core c, Insn i) {
        return iterations(c, i, CHUNK);
    }

    private static long iterations(Core c, Insn i, int chunk) {
        if (i.rep == 0) {
            return 1;
        }
        int limit = c.stepping ? 1 : chunk;
        long count = c.r[Registers.RCX] & i.addressMask;
        return Long.compareUnsigned(count, limit) < 0 ? count : limit;
    }

    private static void countDown(Core c, Insn i) {
        if (i.rep != 0) {
            advance(c, i, Registers.RCX, -1);
        }
    }

    /** Stays at this instruction while iterations remain. */
    private static void finish(Core c, Insn i) {
        if (i.rep != 0 && (c.r[Registers.RCX] & i.addressMask) != 0) {
            c.s.rip = c.thisRip(i);
        }
    }

    /** Whether a REP may work through whole pages: upwards, 64-bit addresses, plain memory. */
    private static boolean byPage(Core c, Insn i) {
        return i.rep != 0 && i.addressSize == 8 && c.mem == c.machinePort && !c.f.df();
    }

    private static void movsByPage(Core c, Insn i) {
        for (long n = iterations(c, i, PAGE_CHUNK); n > 0; ) {
            int done = c.machinePort.copy(source(c, i), destination(c, i), i.width, n);
            if (done == 0) {
                movsPlain(c, i, Math.min(n, CHUNK));
                return;
            }
            c.r[Registers.RSI] += (long) done * i.width;
            c.r[Registers.RDI] += (long) done * i.width;
            c.r[Registers.RCX] -= done;
            n -= done;
        }
    }

    private static void stosByPage(Core c, Insn i) {
        for (long n = iterations(c, i, PAGE_CHUNK); n > 0; ) {
            int done = c.machinePort.fill(destination(c, i), c.r[Registers.RAX], i.width, n);
            if (done == 0) {
                stosPlain(c, i, Math.min(n, CHUNK));
                return;
            }
            c.r[Registers.RDI] += (long) done * i.width;
            c.r[Registers.RCX] -= done;
            n -= done;
        }
    }

    static void movs(Core c, Insn i) {
        if (byPage(c, i)) {
            movsByPage(c, i);
        } else {
            movsPlain(c, i, iterations(c, i));
        }
        finish(c, i);
    }

    private static void movsPlain(Core c, Insn i, long count) {
        long step = step(c, i);
        for (long n = count; n > 0; n--) {
            long value = c.mem.load(source(c, i), i.width, i.stackSegment);
            c.mem.store(destination(c, i), value, i.width, false);
            advance(c, i, Registers.RSI, step);
            advance(c, i, Registers.RDI, step);
            countDown(c, i);
        }
    }

    static void stos(Core c, Insn i) {
        if (byPage(c, i)) {
            stosByPage(c, i);
        } else {
            stosPlain(c, i, iterations(c, i));
        }
        finish(c, i);
    }

    private static void stosPlain(Core c, Insn i, long count) {
        long step = step(c, i);
        for (long n = count; n > 0; n--) {
            c.mem.store(destination(c, i), c.r[Registers.RAX], i.width, false);
            advance(c, i, Registers.RDI, step);
            countDown(c, i);
        }
    }

    static void lods(Core c, Insn i) {
        long step = step(c, i);
        for (long n = iterations(c, i); n > 0; n--) {
            long value = c.mem.load(source(c, i), i.width, i.stackSegment);
            c.setReg(Registers.RAX, i.width, value);
            advance(c, i, Registers.RSI, step);
            countDown(c, i);
        }
        finish(c, i);
    }

    /** Whether REPE or REPNE ends after a comparison. */
    private static boolean ends(Core c, Insn i) {
        return i.rep != 0 && c.f.zf() != (i.rep == Insn.REP);
    }

    static void cmps(Core c, Insn i) {
        long step = step(c, i);
        for (long n = iterations(c, i); n > 0; n--) {
            long b = c.mem.load(destination(c, i), i.width, false);
            long a = c.mem.load(source(c, i), i.width, i.stackSegment);
            c.f.sub(a, b, a - b, i.width);
            advance(c, i, Registers.RSI, step);
            advance(c, i, Registers.RDI, step);
            countDown(c, i);
            if (ends(c, i)) {
                return;
            }
        }
        finish(c, i);
    }

    static void scas(Core c, Insn i) {
        long step = step(c, i);
        for (long n = iterations(c, i); n > 0; n--) {
            long a = c.reg(Registers.RAX, i.width);
            long b = c.mem.load(destination(c, i), i.width, false);
            c.f.sub(a, b, a - b, i.width);
            advance(c, i, Registers.RDI, step);
            countDown(c, i);
            if (ends(c, i)) {
                return;
            }
        }
        finish(c, i);
    }

    /** Port before memory: the destination is probed first, so that a fault does not lose input. */
    static void ins(Core c, Insn i) {
        long step = step(c, i);
        int width = Math.min(i.width, 4);
        c.privileged.checkPort(c, width, iterations(c, i) > 0);
        for (long n = iterations(c, i); n > 0; n--) {
            c.mem.probeWrite(destination(c, i), width, false);
            long value = c.privileged.readPort(c, (int) c.reg(Registers.RDX, 2), width);
            c.mem.store(destination(c, i), value, width, false);
            advance(c, i, Registers.RDI, step);
            countDown(c, i);
        }
        finish(c, i);
    }

    static void outs(Core c, Insn i) {
        long step = step(c, i);
        int width = Math.min(i.width, 4);
        c.privileged.checkPort(c, width, iterations(c, i) > 0);
        for (long n = iterations(c, i); n > 0; n--) {
            long value = c.mem.load(source(c, i), width, i.stackSegment);
            c.privileged.writePort(c, (int) c.reg(Registers.RDX, 2), width, value);
            advance(c, i, Registers.RSI, step);
            countDown(c, i);
        }
        finish(c, i);
    }
}
