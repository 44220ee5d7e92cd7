package io.github.paravane.cpu.softfloat;

/**
 * Rounding under the control of MXCSR or of the x87 control word, and the exceptions that it finds.
 *
 * <p>Exceptions accumulate in two sets, as the processor orders them: {@link #pre} (invalid, denormal, divide by zero)
 * is found before, {@link #post} (overflow, underflow, inexact) after the computation. Bits are those of MXCSR and of the
 * x87 status word (Intel SDM vol 1, 8.1.3 and 10.2.3).
 */
public class Rounding {
    public static final int IE = 1;
    public static final int DE = 2;
    public static final int ZE = 4;
    public static final int OE = 8;
    public static final int UE = 16;
    public static final int PE = 32;

    public static final int NEAREST = 0;
    public static final int DOWN = 1;
    public static final int UP = 2;
    public static final int TRUNCATE = 3;

    private static final int BIAS_ADJUSTMENT = 24576;

    /** Result. */
    public final Operand r = new Operand();

    /** Exceptions found before the computation. */
    public int pre;
    /** Exceptions found after it. */
    public int post;
    /** Rounding increased the magnitude (C1 of the x87). */
    public boolean roundedUp;
    /** Denormal operands count as zeros. */
    public boolean denormalsAreZero;
    /** Rounding mode. */
    public int rounding;

    boolean flushToZero;
    boolean x87;
    /** Out-of-range results get their exponent adjusted instead of becoming infinite or denormal. */
    private boolean adjustUnderflow;

    private boolean adjustOverflow;
    private boolean underflowMasked;

    /** Prepares for SSE operations under {@code mxcsr}. */
    public final void beginSse(int mxcsr) {
        pre = 0;
        post = 0;
        roundedUp = false;
        denormalsAreZero = (mxcsr & 0x40) != 0;
        underflowMasked = (mxcsr & 0x800) != 0;
        flushToZero = (mxcsr & 0x8000) != 0 && underflowMasked;
        rounding = mxcsr >>> 13 & 3;
        x87 = false;
        // The result will not be written, but inexactness is that of the result with unbounded exponent.
        adjustUnderflow = !underflowMasked;
        adjustOverflow = (mxcsr & 0x400) == 0;
    }

    /** Prepares for an x87 operation under {@code controlWord}; {@code toRegister}: the result stays on the stack. */
    public final void beginX87(int controlWord, boolean toRegister) {
        pre = 0;
        post = 0;
        roundedUp = false;
        denormalsAreZero = false;
        flushToZero = false;
        rounding = controlWord >>> 10 & 3;
        x87 = true;
        underflowMasked = (controlWord & UE) != 0;
        adjustUnderflow = toRegister && !underflowMasked;
        adjustOverflow = toRegister && (controlWord & OE) == 0;
    }

    Rounding() {}

    private boolean increments(boolean odd, boolean half, boolean sticky) {
        switch (rounding) {
            case NEAREST:
                return half && (sticky || odd);
            case DOWN:
                return r.negative && (half || sticky);
            case UP:
                return !r.negative && (half || sticky);
            default:
                return false;
        }
    }

    /** Rounds the result to {@code precision} bits within the exponent range; significand bits below become zero. */
    public final void round(int precision, int minExponent, int maxExponent) {
        roundedUp = false;
        if (r.kind != Operand.FINITE) {
            return;
        }
        int shift = 64 - precision;
        boolean tiny = r.exponent < minExponent && isTiny(shift, minExponent);
        if (tiny && adjustUnderflow) {
            post |= UE;
            r.exponent += BIAS_ADJUSTMENT;
            if (r.exponent < minExponent) {
                post |= PE;
                zero(r.negative);
            } else {
                post |= roundAt(shift, 0) ? PE : 0;
            }
            return;
        }
        if (tiny && flushToZero) {
            post |= UE | PE;
            zero(r.negative);
            return;
        }
        int below = Math.max(minExponent - r.exponent, 0);
        r.exponent += below;
        // A transcendental result counts as inexact even if it is not.
        boolean inexact = roundAt(shift, below) || (x87 && (post & PE) != 0);
        if (tiny && (inexact || !underflowMasked)) {
            post |= UE;
        }
        if (r.exponent > maxExponent) {
            overflow(precision, maxExponent, inexact);
            return;
        }
        if (inexact) {
            post |= PE;
        }
        if (r.significand == 0) {
            r.kind = Operand.ZERO;
        }
    }

    /** Tininess is detected after rounding to the precision with unbounded exponent. */
    private boolean isTiny(int shift, int minExponent) {
        if (r.exponent < minExponent - 1) {
            return true;
        }
        boolean half = shift == 0 ? r.low < 0 : (r.significand >>> (shift - 1) & 1) != 0;
        boolean sticky = shift == 0 ? r.low << 1 != 0 : r.low != 0 || (r.significand & ((1L << (shift - 1)) - 1)) != 0;
        return r.significand >> shift != -1L || !increments(true, half, sticky);
    }

    /** Drops the lowest bits: {@code drop} of them, and {@code denormalise} more by which the value moves down. */
    final boolean roundAt(int drop, int denormalise) {
        int shift = drop + denormalise;
        long kept;
        boolean half;
        boolean sticky;
        if (shift == 0) {
            kept = r.significand;
            half = r.low < 0;
            sticky = r.low << 1 != 0;
        } else if (shift < 64) {
            kept = r.significand >>> shift;
            half = (r.significand >>> (shift - 1) & 1) != 0;
            sticky = r.low != 0 || (r.significand & ((1L << (shift - 1)) - 1)) != 0;
        } else {
            kept = 0;
            half = shift == 64;
            sticky = shift > 64 || r.low != 0 || r.significand != Operand.INTEGER_BIT;
        }
        if (increments((kept & 1) != 0, half, sticky)) {
            kept++;
            roundedUp = true;
            if (denormalise == 0 && (kept << drop) == 0) {
                r.exponent++;
                kept = Operand.INTEGER_BIT >>> drop;
            }
        }
        r.significand = kept << drop;
        r.low = 0;
        return half || sticky;
    }

    private void overflow(int precision, int maxExponent, boolean inexact) {
        post |= OE;
        if (adjustOverflow) {
            r.exponent -= BIAS_ADJUSTMENT;
            post |= inexact ? PE : 0;
            if (r.exponent > maxExponent) {
                post |= PE;
                roundedUp = true;
                infinite(r.negative);
            }
            return;
        }
        post |= PE;
        boolean toInfinity = rounding == NEAREST || rounding == (r.negative ? DOWN : UP);
        roundedUp = toInfinity;
        if (toInfinity) {
            infinite(r.negative);
        } else {
            r.significand = -1L << (64 - precision);
            r.exponent = maxExponent;
        }
    }

    final void infinite(boolean negative) {
        r.set(Operand.INFINITE, negative, 0, Operand.INTEGER_BIT);
    }

    final void zero(boolean negative) {
        r.set(Operand.ZERO, negative, 0, 0);
    }
}
