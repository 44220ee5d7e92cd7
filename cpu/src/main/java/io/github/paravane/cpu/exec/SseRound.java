package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.SoftFloat;

/** SSE4.1: rounding to integral values, and dot products. */
final class SseRound {
    private static final int DOUBLE_FRACTION = 52;
    private static final int SINGLE_FRACTION = 23;

    private SseRound() {}

    /** ROUNDPS (08), ROUNDPD (09). */
    static void packed(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        boolean single = i.opcode == 0x08;
        long low = single ? pair(c, i, c.mem.lo) : round64(c, i, c.mem.lo);
        long high = single ? pair(c, i, c.mem.hi) : round64(c, i, c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    private static long pair(Core c, Insn i, long a) {
        return SseArithmetic.join(round32(c, i, (int) a), round32(c, i, (int) (a >>> 32)));
    }

    static void roundss(Core c, Insn i) {
        int a = SseOperands.dword(c, i);
        SseOperands.begin(c);
        int z = round32(c, i, a);
        SseOperands.finish(c);
        SseOperands.setDword(c, i, z);
    }

    static void roundsd(Core c, Insn i) {
        long a = SseOperands.quad(c, i);
        SseOperands.begin(c);
        long z = round64(c, i, a);
        SseOperands.finish(c);
        c.xmm[2 * i.dst] = z;
    }

    private static long round64(Core c, Insn i, long bits) {
        return integral(c, i, bits, DOUBLE_FRACTION, 11);
    }

    private static int round32(Core c, Insn i, int bits) {
        return (int) integral(c, i, bits & 0xFFFF_FFFFL, SINGLE_FRACTION, 8);
    }

    /**
     * The value rounded as the immediate says: bit 2 the mode of MXCSR, else bits 1-0; bit 3 keeps inexactness quiet.
     * Denormals are no exception of their own.
     */
    private static long integral(Core c, Insn i, long bits, int fraction, int exponentBits) {
        SoftFloat f = c.soft;
        long sign = bits & 1L << (fraction + exponentBits);
        long magnitude = bits ^ sign;
        int bias = (1 << exponentBits - 1) - 1;
        int exponent = (int) (magnitude >>> fraction) - bias;
        long whole = (1L << fraction) - 1;
        if (exponent > bias && (magnitude & whole) != 0) {
            if ((magnitude & 1L << (fraction - 1)) == 0) {
                f.pre |= SoftFloat.IE;
            }
            return bits | 1L << (fraction - 1);
        }
        if (exponent == -bias && f.denormalsAreZero) {
            return sign;
        }
        if (magnitude == 0 || exponent >= fraction) {
            return bits;
        }
        int rounding = (i.imm & 4) != 0 ? c.fpu.mxcsr >>> 13 & 3 : (int) i.imm & 3;
        long result = exponent < 0
                ? sign | (below(magnitude, exponent, whole, rounding, sign != 0) ? (long) bias << fraction : 0)
                : sign | fractionCut(magnitude, (1L << (fraction - exponent)) - 1, rounding, sign != 0);
        if (result != bits && (i.imm & 8) == 0) {
            f.post |= SoftFloat.PE;
        }
        return result;
    }

    /** Whether a magnitude below 1 becomes 1. */
    private static boolean below(long magnitude, int exponent, long whole, int rounding, boolean negative) {
        return switch (rounding) {
            case SoftFloat.NEAREST -> exponent == -1 && (magnitude & whole) != 0;
            case SoftFloat.DOWN -> negative;
            case SoftFloat.UP -> !negative;
            default -> false;
        };
    }

    private static long fractionCut(long magnitude, long mask, int rounding, boolean negative) {
        long cut = magnitude & ~mask;
        long rest = magnitude & mask;
        long half = (mask >>> 1) + 1;
        boolean up = switch (rounding) {
            case SoftFloat.NEAREST -> rest > half || rest == half && (magnitude & mask + 1) != 0;
            case SoftFloat.DOWN -> negative && rest != 0;
            case SoftFloat.UP -> !negative && rest != 0;
            default -> false;
        };
        return up ? cut + mask + 1 : cut;
    }

    /** DPPS: products by the immediate's high half, added in pairs, the sum to the lanes of its low half. */
    static void dpps(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        int[] products = new int[4];
        for (int n = 0; n < 4; n++) {
            if ((i.imm >>> (4 + n) & 1) != 0) {
                products[n] = SseScalar.binary32(
                        c, SseScalar.MUL, lane(c.xmm[2 * i.dst], c.xmm[2 * i.dst + 1], n), lane(c.mem.lo, c.mem.hi, n));
            }
        }
        SseOperands.finish(c);
        SseOperands.begin(c);
        int low = SseScalar.binary32(c, SseScalar.ADD, products[0], products[1]);
        int high = SseScalar.binary32(c, SseScalar.ADD, products[2], products[3]);
        SseOperands.finish(c);
        SseOperands.begin(c);
        int sum = SseScalar.binary32(c, SseScalar.ADD, low, high);
        SseOperands.finish(c);
        long lanes = SseArithmetic.join((i.imm & 1) != 0 ? sum : 0, (i.imm & 2) != 0 ? sum : 0);
        SseOperands.set(c, i, lanes, SseArithmetic.join((i.imm & 4) != 0 ? sum : 0, (i.imm & 8) != 0 ? sum : 0));
    }

    private static int lane(long low, long high, int n) {
        return (int) ((n < 2 ? low : high) >>> (32 * (n & 1)));
    }

    static void dppd(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long first = (i.imm & 0x10) != 0 ? SseScalar.binary64(c, SseScalar.MUL, c.xmm[2 * i.dst], c.mem.lo) : 0;
        long second = (i.imm & 0x20) != 0 ? SseScalar.binary64(c, SseScalar.MUL, c.xmm[2 * i.dst + 1], c.mem.hi) : 0;
        SseOperands.finish(c);
        SseOperands.begin(c);
        long sum = SseScalar.binary64(c, SseScalar.ADD, first, second);
        SseOperands.finish(c);
        SseOperands.set(c, i, (i.imm & 1) != 0 ? sum : 0, (i.imm & 2) != 0 ? sum : 0);
    }
}
