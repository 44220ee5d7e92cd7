package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.softfloat.Formats;
import io.github.paravane.cpu.softfloat.Operand;
import io.github.paravane.cpu.softfloat.SoftFloat;

/**
 * One SSE operation on one element, named by its opcode byte (51 square root, 58 add, 59 multiply, 5C subtract, 5D
 * minimum, 5E divide, 5F maximum).
 *
 * <p>Where only the inexact exception can arise, is masked and is already set, and rounding is to nearest, Java's own
 * arithmetic gives the same bits (JLS 15.4); everything else goes through {@link SoftFloat}.
 */
final class SseScalar {
    static final int SQRT = 0x51;
    static final int ADD = 0x58;
    static final int MUL = 0x59;
    static final int SUB = 0x5C;
    static final int MIN = 0x5D;
    static final int DIV = 0x5E;
    static final int MAX = 0x5F;

    private SseScalar() {}

    /** Round to nearest, inexact masked and already noted. */
    static boolean native64(int mxcsr) {
        return (mxcsr & 0x7020) == 0x1020;
    }

    /** Normal: neither zero, denormal, infinite nor NaN. */
    static boolean normal(long bits) {
        return (bits + (1L << 52) & 0x7FE0_0000_0000_0000L) != 0;
    }

    /** Normal, and not so small that it may have been rounded up from a tiny result. */
    static boolean normalResult(long bits) {
        return normal(bits) && (bits & 0x7FE0_0000_0000_0000L) != 0;
    }

    private static boolean normal(int bits) {
        return (bits + (1 << 23) & 0x7F00_0000) != 0;
    }

    private static boolean normalResult(int bits) {
        return normal(bits) && (bits & 0x7F00_0000) != 0;
    }

    /** {@code a op b} on doubles; exceptions accumulate in {@code c.soft}, which the caller began. */
    static long binary64(Core c, int op, long a, long b) {
        if (native64(c.fpu.mxcsr) && normal(a) && normal(b)) {
            double x = Double.longBitsToDouble(a);
            double y = Double.longBitsToDouble(b);
            long z;
            switch (op) {
                case ADD:
                    z = Double.doubleToRawLongBits(x + y);
                    break;
                case SUB:
                    z = Double.doubleToRawLongBits(x - y);
                    break;
                case MUL:
                    z = Double.doubleToRawLongBits(x * y);
                    break;
                case DIV:
                    z = Double.doubleToRawLongBits(x / y);
                    break;
                case MIN:
                    return x < y ? a : b;
                case MAX:
                    return x > y ? a : b;
                default:
                    z = 0;
                    break;
            }
            if (normalResult(z)) {
                return z;
            }
        }
        return exact64(c, op, a, b);
    }

    /** As {@link #binary64}, always in software. */
    static long exact64(Core c, int op, long a, long b) {
        SoftFloat f = c.soft;
        f.a.fromDouble(a, f.denormalsAreZero);
        f.b.fromDouble(b, f.denormalsAreZero);
        if (op == MIN || op == MAX) {
            boolean first = selectsFirst(f, op);
            Operand chosen = first ? f.a : f.b;
            long bits = first ? a : b;
            return chosen.kind == Operand.ZERO ? bits & 1L << 63 : bits;
        }
        apply(f, op);
        return Formats.toDouble(f);
    }

    /** {@code a op b} on singles; as {@link #binary64}. */
    static int binary32(Core c, int op, int a, int b) {
        if (native64(c.fpu.mxcsr) && normal(a) && normal(b)) {
            float x = Float.intBitsToFloat(a);
            float y = Float.intBitsToFloat(b);
            int z;
            switch (op) {
                case ADD:
                    z = Float.floatToRawIntBits(x + y);
                    break;
                case SUB:
                    z = Float.floatToRawIntBits(x - y);
                    break;
                case MUL:
                    z = Float.floatToRawIntBits(x * y);
                    break;
                case DIV:
                    z = Float.floatToRawIntBits(x / y);
                    break;
                case MIN:
                    return x < y ? a : b;
                case MAX:
                    return x > y ? a : b;
                default:
                    z = 0;
                    break;
            }
            if (normalResult(z)) {
                return z;
            }
        }
        return exact32(c, op, a, b);
    }

    private static int exact32(Core c, int op, int a, int b) {
        SoftFloat f = c.soft;
        f.a.fromSingle(a, f.denormalsAreZero);
        f.b.fromSingle(b, f.denormalsAreZero);
        if (op == MIN || op == MAX) {
            boolean first = selectsFirst(f, op);
            Operand chosen = first ? f.a : f.b;
            int bits = first ? a : b;
            return chosen.kind == Operand.ZERO ? bits & 1 << 31 : bits;
        }
        apply(f, op);
        return Formats.toSingle(f);
    }

    private static void apply(SoftFloat f, int op) {
        switch (op) {
            case ADD:
                f.add(false);
                break;
            case SUB:
                f.add(true);
                break;
            case MUL:
                f.multiply();
                break;
            case DIV:
                f.divide();
                break;
            default:
                throw new IllegalArgumentException("no SSE operation 0x" + Integer.toHexString(op));
        }
    }

    /** MINxx and MAXxx: the first operand only if it is truly less or greater; any NaN is invalid. */
    private static boolean selectsFirst(SoftFloat f, int op) {
        int order = f.compare();
        if (order == 2) {
            f.pre |= SoftFloat.IE;
            return false;
        }
        f.denormals();
        return order == (op == MIN ? -1 : 1);
    }

    /** The square root of a double. */
    static long sqrt64(Core c, long a) {
        if (native64(c.fpu.mxcsr) && normal(a) && a > 0) {
            return Double.doubleToRawLongBits(Math.sqrt(Double.longBitsToDouble(a)));
        }
        SoftFloat f = c.soft;
        f.a.fromDouble(a, f.denormalsAreZero);
        f.squareRoot();
        return Formats.toDouble(f);
    }

    /** The square root of a single; through double it is rounded once only (Figueroa: 53 >= 2 * 24 + 2). */
    static int sqrt32(Core c, int a) {
        if (native64(c.fpu.mxcsr) && normal(a) && a > 0) {
            return Float.floatToRawIntBits((float) Math.sqrt(Float.intBitsToFloat(a)));
        }
        SoftFloat f = c.soft;
        f.a.fromSingle(a, f.denormalsAreZero);
        f.squareRoot();
        return Formats.toSingle(f);
    }

    /**
     * Approximate reciprocal or reciprocal square root of a single: the correctly rounded value cut to 12 bits, whose
     * relative error is below the architecture's bound of 1.5 * 2^-12. No exceptions; denormals count as zeros and tiny
     * results become zero (Intel SDM vol 2, RCPPS and RSQRTPS).
     */
    static int approximate(boolean root, int a) {
        int exponent = a & 0x7F80_0000;
        int sign = a & 0x8000_0000;
        float x = Float.intBitsToFloat(a);
        if (Float.isNaN(x)) {
            return a | 0x40_0000;
        }
        if (exponent == 0) {
            return sign | 0x7F80_0000;
        }
        if (root && sign != 0) {
            return 0xFFC0_0000;
        }
        if (exponent == 0x7F80_0000) {
            return sign;
        }
        float y = (float) (1.0 / (root ? Math.sqrt(x) : x));
        int bits = Float.floatToRawIntBits(y);
        return (bits & 0x7F80_0000) == 0 ? sign : bits + 0x400 & 0xFFFF_F800;
    }
}
