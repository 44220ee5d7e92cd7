package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Operand;
import io.github.paravane.cpu.softfloat.SoftFloat;
import io.github.paravane.cpu.state.Flags;

/** UCOMISx, COMISx, CMPxx. */
final class SseCompare {
    private static final int UNORDERED = 2;

    private SseCompare() {}

    /** UCOMISS, COMISS. */
    static void comiss(Core c, Insn i) {
        int b = SseOperands.dword(c, i);
        SseOperands.begin(c);
        setFlags(c, compare32(c.soft, (int) c.xmm[2 * i.dst], b, i.opcode == 0x2F));
    }

    /** UCOMISD, COMISD. */
    static void comisd(Core c, Insn i) {
        long b = SseOperands.quad(c, i);
        SseOperands.begin(c);
        setFlags(c, compare64(c.soft, c.xmm[2 * i.dst], b, i.opcode == 0x2F));
    }

    private static void setFlags(Core c, int order) {
        SseOperands.finish(c);
        c.f.setArithmetic(flags(order));
    }

    /** ZF, PF and CF for a comparison; the other flags are cleared. */
    static int flags(int order) {
        return switch (order) {
            case UNORDERED -> Flags.ZF | Flags.PF | Flags.CF;
            case -1 -> Flags.CF;
            case 0 -> Flags.ZF;
            default -> 0;
        };
    }

    private static int compare32(SoftFloat f, int a, int b, boolean signaling) {
        f.a.fromSingle(a, f.denormalsAreZero);
        f.b.fromSingle(b, f.denormalsAreZero);
        return compare(f, signaling);
    }

    private static int compare64(SoftFloat f, long a, long b, boolean signaling) {
        f.a.fromDouble(a, f.denormalsAreZero);
        f.b.fromDouble(b, f.denormalsAreZero);
        return compare(f, signaling);
    }

    private static int compare(SoftFloat f, boolean signaling) {
        int order = f.compare();
        if (order == UNORDERED) {
            if (signaling || f.a.kind == Operand.SIGNALING || f.b.kind == Operand.SIGNALING) {
                f.pre |= SoftFloat.IE;
            }
        } else {
            f.denormals();
        }
        return order;
    }

    /** LT, LE, NLT and NLE signal for quiet NaNs too. */
    private static boolean signals(int predicate) {
        return (predicate & 3) == 1 || (predicate & 3) == 2;
    }

    private static boolean holds(int predicate, int order) {
        boolean base = switch (predicate & 3) {
            case 0 -> order == 0;
            case 1 -> order == -1;
            case 2 -> order == -1 || order == 0;
            default -> order == UNORDERED;
        };
        return base ^ ((predicate & 4) != 0);
    }

    private static int mask32(SoftFloat f, int predicate, int a, int b) {
        return holds(predicate, compare32(f, a, b, signals(predicate))) ? -1 : 0;
    }

    private static long mask64(SoftFloat f, int predicate, long a, long b) {
        return holds(predicate, compare64(f, a, b, signals(predicate))) ? -1L : 0;
    }

    static void cmpss(Core c, Insn i) {
        int b = SseOperands.dword(c, i);
        SseOperands.begin(c);
        int mask = mask32(c.soft, (int) i.imm, (int) c.xmm[2 * i.dst], b);
        SseOperands.finish(c);
        SseOperands.setDword(c, i, mask);
    }

    static void cmpsd(Core c, Insn i) {
        long b = SseOperands.quad(c, i);
        SseOperands.begin(c);
        long mask = mask64(c.soft, (int) i.imm, c.xmm[2 * i.dst], b);
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = mask;
    }

    static void cmpps(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = masks(c.soft, (int) i.imm, c.xmm[2 * i.dst], c.mem.lo);
        long high = masks(c.soft, (int) i.imm, c.xmm[2 * i.dst + 1], c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    private static long masks(SoftFloat f, int predicate, long a, long b) {
        int low = mask32(f, predicate, (int) a, (int) b);
        int high = mask32(f, predicate, (int) (a >>> 32), (int) (b >>> 32));
        return SseArithmetic.join(low, high);
    }

    static void cmppd(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = mask64(c.soft, (int) i.imm, c.xmm[2 * i.dst], c.mem.lo);
        long high = mask64(c.soft, (int) i.imm, c.xmm[2 * i.dst + 1], c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }
}
