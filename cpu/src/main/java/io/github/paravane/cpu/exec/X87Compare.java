package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Operand;
import io.github.paravane.cpu.softfloat.SoftFloat;

/** FCOM, FUCOM, FICOM, FCOMI, FUCOMI, FTST and FXAM. */
final class X87Compare {
    private static final int UNORDERED = 2;

    private X87Compare() {}

    /** FCOM, FCOMP with a single in memory. */
    static void single(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.b.fromSingle((int) c.loadOperand(i, 4), false);
        withMemory(c, i);
    }

    static void ofDouble(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.b.fromDouble(c.loadOperand(i, 8), false);
        withMemory(c, i);
    }

    static void int16(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.b.fromInteger((short) c.loadOperand(i, 2));
        withMemory(c, i);
    }

    static void int32(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.b.fromInteger((int) c.loadOperand(i, 4));
        withMemory(c, i);
    }

    /** Digit 2 compares, digit 3 pops too. */
    private static void withMemory(Core c, Insn i) {
        X87Stack.note(c, i);
        conditions(c, !X87Stack.empty(c, 0), true, i.modrm >>> 3 & 1);
    }

    static void fcom(Core c, Insn i) {
        registers(c, i, i.modrm & 7, true, 0);
    }

    static void fcomp(Core c, Insn i) {
        registers(c, i, i.modrm & 7, true, 1);
    }

    static void fcompp(Core c, Insn i) {
        registers(c, i, 1, true, 2);
    }

    static void fucom(Core c, Insn i) {
        registers(c, i, i.modrm & 7, false, 0);
    }

    static void fucomp(Core c, Insn i) {
        registers(c, i, i.modrm & 7, false, 1);
    }

    static void fucompp(Core c, Insn i) {
        registers(c, i, 1, false, 2);
    }

    private static void registers(Core c, Insn i, int register, boolean signaling, int pops) {
        X87Stack.begin(c, i);
        boolean present = !X87Stack.empty(c, 0) && !X87Stack.empty(c, register);
        X87Stack.unpack(c, c.soft.b, register);
        conditions(c, present, signaling, pops);
    }

    static void ftst(Core c, Insn i) {
        X87Stack.begin(c, i);
        c.soft.b.fromInteger(0);
        conditions(c, !X87Stack.empty(c, 0), true, 0);
    }

    /** Compares ST(0) with {@code soft.b} into C0, C2 and C3. */
    private static void conditions(Core c, boolean present, boolean signaling, int pops) {
        int order = UNORDERED;
        boolean stopped = false;
        if (present) {
            order = compare(c, signaling);
            X87Stack.setC1(c, false);
            stopped = X87Stack.raise(c, c.soft.pre);
        } else {
            stopped = X87Stack.underflow(c);
        }
        int bits = order == UNORDERED ? X87Stack.CONDITION : order < 0 ? X87Stack.C0 : order == 0 ? X87Stack.C3 : 0;
        c.fpu.statusWord = c.fpu.statusWord & ~X87Stack.CONDITION | bits;
        // The condition is there even if the exception is unmasked; the operands then stay, too.
        X87Stack.pop(c, stopped ? 0 : pops);
    }

    private static int compare(Core c, boolean signaling) {
        SoftFloat f = c.soft;
        X87Stack.unpack(c, f.a, 0);
        f.beginX87(c.fpu.controlWord, true);
        int order = f.compare();
        if (order != UNORDERED) {
            f.denormals();
        } else if (signaling || invalid(f.a) || invalid(f.b)) {
            f.pre |= SoftFloat.IE;
        }
        return order;
    }

    private static boolean invalid(Operand operand) {
        return operand.kind >= Operand.SIGNALING;
    }

    static void fcomi(Core c, Insn i) {
        flags(c, i, true, 0);
    }

    static void fcomip(Core c, Insn i) {
        flags(c, i, true, 1);
    }

    static void fucomi(Core c, Insn i) {
        flags(c, i, false, 0);
    }

    static void fucomip(Core c, Insn i) {
        flags(c, i, false, 1);
    }

    /** Compares ST(0) with ST(i) into ZF, PF and CF. */
    private static void flags(Core c, Insn i, boolean signaling, int pops) {
        X87Stack.begin(c, i);
        int register = i.modrm & 7;
        int order = UNORDERED;
        boolean stopped;
        if (X87Stack.empty(c, 0) || X87Stack.empty(c, register)) {
            stopped = X87Stack.underflow(c);
        } else {
            X87Stack.unpack(c, c.soft.b, register);
            order = compare(c, signaling);
            stopped = X87Stack.raise(c, c.soft.pre);
        }
        c.f.setArithmetic(SseCompare.flags(order));
        X87Stack.pop(c, stopped ? 0 : pops);
    }

    /** Classifies ST(0), empty or not. */
    static void fxam(Core c, Insn i) {
        X87Stack.begin(c, i);
        Operand a = c.soft.a;
        X87Stack.unpack(c, a, 0);
        int bits;
        if (X87Stack.empty(c, 0)) {
            bits = X87Stack.C3 | X87Stack.C0;
        } else if (a.denormal) {
            bits = X87Stack.C3 | X87Stack.C2;
        } else {
            bits = switch (a.kind) {
                case Operand.ZERO -> X87Stack.C3;
                case Operand.FINITE -> X87Stack.C2;
                case Operand.INFINITE -> X87Stack.C2 | X87Stack.C0;
                case Operand.UNSUPPORTED -> 0;
                default -> X87Stack.C0;
            };
        }
        c.fpu.statusWord = c.fpu.statusWord & ~X87Stack.CONDITION | bits;
        X87Stack.setC1(c, a.negative);
    }
}
