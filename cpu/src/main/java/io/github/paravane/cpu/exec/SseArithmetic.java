package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** ADD, SUB, MUL, DIV, MIN, MAX, SQRT, RCP and RSQRT in their scalar and packed forms. */
final class SseArithmetic {
    private SseArithmetic() {}

    static void addsd(Core c, Insn i) {
        long b = SseOperands.quad(c, i);
        long a = c.xmm[2 * i.dst];
        long z = Double.doubleToRawLongBits(Double.longBitsToDouble(a) + Double.longBitsToDouble(b));
        setDouble(c, i, a, b, z);
    }

    static void subsd(Core c, Insn i) {
        long b = SseOperands.quad(c, i);
        long a = c.xmm[2 * i.dst];
        long z = Double.doubleToRawLongBits(Double.longBitsToDouble(a) - Double.longBitsToDouble(b));
        setDouble(c, i, a, b, z);
    }

    static void mulsd(Core c, Insn i) {
        long b = SseOperands.quad(c, i);
        long a = c.xmm[2 * i.dst];
        long z = Double.doubleToRawLongBits(Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
        setDouble(c, i, a, b, z);
    }

    static void divsd(Core c, Insn i) {
        long b = SseOperands.quad(c, i);
        long a = c.xmm[2 * i.dst];
        long z = Double.doubleToRawLongBits(Double.longBitsToDouble(a) / Double.longBitsToDouble(b));
        setDouble(c, i, a, b, z);
    }

    /** {@code z} is Java's result: right, and free of new exceptions, if everything is normal. */
    private static void setDouble(Core c, Insn i, long a, long b, long z) {
        if (SseScalar.native64(c.fpu.mxcsr)
                && SseScalar.normal(a)
                && SseScalar.normal(b)
                && SseScalar.normalResult(z)) {
            c.xmm[2 * i.dst] = z;
            return;
        }
        SseOperands.begin(c);
        long exact = SseScalar.exact64(c, i.opcode, a, b);
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = exact;
    }

    /** MINSD, MAXSD. */
    static void scalarDouble(Core c, Insn i) {
        long b = SseOperands.quad(c, i);
        SseOperands.begin(c);
        long z = SseScalar.binary64(c, i.opcode, c.xmm[2 * i.dst], b);
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = z;
    }

    /** ADDSS, SUBSS, MULSS, DIVSS, MINSS, MAXSS. */
    static void scalarSingle(Core c, Insn i) {
        int b = SseOperands.dword(c, i);
        SseOperands.begin(c);
        int z = SseScalar.binary32(c, i.opcode, (int) c.xmm[2 * i.dst], b);
        SseOperands.finish(c);
        SseOperands.setDword(c, i, z);
    }

    static void packedDouble(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = SseScalar.binary64(c, i.opcode, c.xmm[2 * i.dst], c.mem.lo);
        long high = SseScalar.binary64(c, i.opcode, c.xmm[2 * i.dst + 1], c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    static void packedSingle(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = pair(c, i.opcode, c.xmm[2 * i.dst], c.mem.lo);
        long high = pair(c, i.opcode, c.xmm[2 * i.dst + 1], c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    private static long pair(Core c, int op, long a, long b) {
        int low = SseScalar.binary32(c, op, (int) a, (int) b);
        int high = SseScalar.binary32(c, op, (int) (a >>> 32), (int) (b >>> 32));
        return join(low, high);
    }

    static long join(int low, int high) {
        return low & 0xFFFF_FFFFL | (long) high << 32;
    }

    static void sqrtsd(Core c, Insn i) {
        long a = SseOperands.quad(c, i);
        SseOperands.begin(c);
        long z = SseScalar.sqrt64(c, a);
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = z;
    }

    static void sqrtss(Core c, Insn i) {
        int a = SseOperands.dword(c, i);
        SseOperands.begin(c);
        int z = SseScalar.sqrt32(c, a);
        SseOperands.finish(c);
        SseOperands.setDword(c, i, z);
    }

    static void sqrtpd(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = SseScalar.sqrt64(c, c.mem.lo);
        long high = SseScalar.sqrt64(c, c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    static void sqrtps(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = join(SseScalar.sqrt32(c, (int) c.mem.lo), SseScalar.sqrt32(c, (int) (c.mem.lo >>> 32)));
        long high = join(SseScalar.sqrt32(c, (int) c.mem.hi), SseScalar.sqrt32(c, (int) (c.mem.hi >>> 32)));
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    /** RCPSS, RSQRTSS. */
    static void approximateScalar(Core c, Insn i) {
        SseOperands.setDword(c, i, SseScalar.approximate(i.opcode == 0x52, SseOperands.dword(c, i)));
    }

    /** RCPPS, RSQRTPS. */
    static void approximatePacked(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.set(c, i, approximatePair(i, c.mem.lo), approximatePair(i, c.mem.hi));
    }

    private static long approximatePair(Insn i, long a) {
        boolean root = i.opcode == 0x52;
        return join(SseScalar.approximate(root, (int) a), SseScalar.approximate(root, (int) (a >>> 32)));
    }
}
