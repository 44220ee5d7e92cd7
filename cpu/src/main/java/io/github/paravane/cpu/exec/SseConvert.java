package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Formats;
import io.github.paravane.cpu.softfloat.SoftFloat;
import io.github.paravane.cpu.state.Flags;

/** Conversions between singles, doubles and integers, in XMM, MMX and general registers. */
final class SseConvert {
    private SseConvert() {}

    // ---- elements ----

    private static long singleToDouble(Core c, int bits) {
        SoftFloat f = c.soft;
        f.a.fromSingle(bits, f.denormalsAreZero);
        copy(f);
        return Formats.toDouble(f);
    }

    private static int doubleToSingle(Core c, long bits) {
        SoftFloat f = c.soft;
        f.a.fromDouble(bits, f.denormalsAreZero);
        copy(f);
        return Formats.toSingle(f);
    }

    private static void copy(SoftFloat f) {
        if (f.nanOfOne()) {
            return;
        }
        if (f.a.denormal) {
            f.pre |= SoftFloat.DE;
        }
        f.r.copy(f.a);
    }

    private static int integerToSingle(Core c, long value) {
        c.soft.r.fromInteger(value);
        return Formats.toSingle(c.soft);
    }

    private static long integerToDouble(Core c, long value) {
        c.soft.r.fromInteger(value);
        return Formats.toDouble(c.soft);
    }

    private static long singleToInteger(Core c, int bits, int width, boolean truncate) {
        SoftFloat f = c.soft;
        f.a.fromSingle(bits, f.denormalsAreZero);
        return toInteger(f, width, truncate);
    }

    private static long doubleToInteger(Core c, long bits, int width, boolean truncate) {
        SoftFloat f = c.soft;
        f.a.fromDouble(bits, f.denormalsAreZero);
        return toInteger(f, width, truncate);
    }

    private static long toInteger(SoftFloat f, int width, boolean truncate) {
        int rounding = f.rounding;
        if (truncate) {
            f.rounding = SoftFloat.TRUNCATE;
        }
        long value = f.toInteger(8 * width);
        f.rounding = rounding;
        return value;
    }

    // ---- between the floating-point formats ----

    static void cvtss2sd(Core c, Insn i) {
        int a = SseOperands.dword(c, i);
        SseOperands.begin(c);
        long z = singleToDouble(c, a);
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = z;
    }

    static void cvtsd2ss(Core c, Insn i) {
        long a = SseOperands.quad(c, i);
        SseOperands.begin(c);
        int z = doubleToSingle(c, a);
        SseOperands.finish(c);
        SseOperands.setDword(c, i, z);
    }

    static void cvtps2pd(Core c, Insn i) {
        long a = SseOperands.quad(c, i);
        SseOperands.begin(c);
        long low = singleToDouble(c, (int) a);
        long high = singleToDouble(c, (int) (a >>> 32));
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    static void cvtpd2ps(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = SseArithmetic.join(doubleToSingle(c, c.mem.lo), doubleToSingle(c, c.mem.hi));
        SseOperands.finish(c);
        SseOperands.set(c, i, low, 0);
    }

    // ---- packed integers ----

    static void cvtdq2ps(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = integersToSingles(c, c.mem.lo);
        long high = integersToSingles(c, c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    private static long integersToSingles(Core c, long a) {
        return SseArithmetic.join(integerToSingle(c, (int) a), integerToSingle(c, (int) (a >>> 32)));
    }

    /** CVTPS2DQ, CVTTPS2DQ. */
    static void cvtps2dq(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        boolean truncate = i.rep == Insn.REP;
        long low = singlesToIntegers(c, c.mem.lo, truncate);
        long high = singlesToIntegers(c, c.mem.hi, truncate);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    private static long singlesToIntegers(Core c, long a, boolean truncate) {
        int low = (int) singleToInteger(c, (int) a, 4, truncate);
        return SseArithmetic.join(low, (int) singleToInteger(c, (int) (a >>> 32), 4, truncate));
    }

    static void cvtdq2pd(Core c, Insn i) {
        long a = SseOperands.quad(c, i);
        SseOperands.begin(c);
        SseOperands.set(c, i, integerToDouble(c, (int) a), integerToDouble(c, (int) (a >>> 32)));
    }

    /** CVTPD2DQ (F2), CVTTPD2DQ (66). */
    static void cvtpd2dq(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = doublesToIntegers(c, i.rep != Insn.REPNE);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, 0);
    }

    private static long doublesToIntegers(Core c, boolean truncate) {
        int low = (int) doubleToInteger(c, c.mem.lo, 4, truncate);
        return SseArithmetic.join(low, (int) doubleToInteger(c, c.mem.hi, 4, truncate));
    }

    // ---- general registers ----

    static void cvtsi2ss(Core c, Insn i) {
        c.requireFpu();
        long value = Flags.signExtend(c.second(i), i.width2);
        SseOperands.begin(c);
        int z = integerToSingle(c, value);
        SseOperands.finish(c);
        SseOperands.setDword(c, i, z);
    }

    static void cvtsi2sd(Core c, Insn i) {
        c.requireFpu();
        long value = Flags.signExtend(c.second(i), i.width2);
        if (i.width2 == 4) {
            c.xmm[2 * i.dst] = Double.doubleToRawLongBits((double) value);
            return;
        }
        SseOperands.begin(c);
        long z = integerToDouble(c, value);
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = z;
    }

    /** CVTSS2SI (2D), CVTTSS2SI (2C). */
    static void cvtss2si(Core c, Insn i) {
        int a = SseOperands.dword(c, i);
        SseOperands.begin(c);
        long z = singleToInteger(c, a, i.width, i.opcode == 0x2C);
        SseOperands.finish(c);
        c.setReg(i.dst, i.width, z);
    }

    /** CVTSD2SI (2D), CVTTSD2SI (2C). */
    static void cvtsd2si(Core c, Insn i) {
        long a = SseOperands.quad(c, i);
        SseOperands.begin(c);
        long z = doubleToInteger(c, a, i.width, i.opcode == 0x2C);
        SseOperands.finish(c);
        c.setReg(i.dst, i.width, z);
    }

    // ---- MMX registers ----

    // The registers become MMX registers even if the conversion then raises #XM: so do AMD processors.

    private static long mmxSource(Core c, Insn i) {
        Mmx.begin(c);
        return c.fpu.significand[i.src];
    }

    /** CVTPI2PS: a memory operand leaves the x87 state alone, on AMD processors. */
    static void cvtpi2ps(Core c, Insn i) {
        boolean memory = i.memOperand == 2;
        long a = memory ? SseOperands.quad(c, i) : mmxSource(c, i);
        SseOperands.begin(c);
        long z = integersToSingles(c, a);
        if (!memory) {
            Mmx.enter(c);
        }
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = z;
    }

    /** CVTPI2PD: a memory operand leaves the x87 state alone (Intel SDM vol 2, CVTPI2PD). */
    static void cvtpi2pd(Core c, Insn i) {
        if (i.memOperand == 2) {
            cvtdq2pd(c, i);
            return;
        }
        long a = mmxSource(c, i);
        Mmx.enter(c);
        SseOperands.begin(c);
        SseOperands.set(c, i, integerToDouble(c, (int) a), integerToDouble(c, (int) (a >>> 32)));
    }

    /** CVTPS2PI (2D), CVTTPS2PI (2C). */
    static void cvtps2pi(Core c, Insn i) {
        Mmx.begin(c);
        long a = SseOperands.quad(c, i);
        SseOperands.begin(c);
        long z = singlesToIntegers(c, a, i.opcode == 0x2C);
        Mmx.enter(c);
        SseOperands.finish(c);
        Mmx.set(c, i.dst, z);
    }

    /** CVTPD2PI (2D), CVTTPD2PI (2C). */
    static void cvtpd2pi(Core c, Insn i) {
        Mmx.begin(c);
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long z = doublesToIntegers(c, i.opcode == 0x2C);
        Mmx.enter(c);
        SseOperands.finish(c);
        Mmx.set(c, i.dst, z);
    }
}
