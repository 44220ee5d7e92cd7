package io.github.paravane.cpu.softfloat;

/**
 * The floating-point unit proper: operations on {@link #a} and {@link #b} leave an exact (sticky) result in {@link #r},
 * which is then rounded and packed into a format.
 *
 * <p>Exceptions accumulate in two sets, as the processor orders them: {@link #pre} (invalid, denormal, divide by zero)
 * is found before, {@link #post} (overflow, underflow, inexact) after the computation. Bits are those of MXCSR and of the
 * x87 status word (Intel SDM vol 1, 8.1.3 and 10.2.3).
 */
public final class SoftFloat {
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

    /** First operand. */
    public final Operand a = new Operand();
    /** Second operand. */
    public final Operand b = new Operand();
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

    private boolean flushToZero;
    private boolean x87;
    /** Out-of-range results get their exponent adjusted instead of becoming infinite or denormal. */
    private boolean adjustUnderflow;

    private boolean adjustOverflow;
    private boolean underflowMasked;

    /** Prepares for SSE operations under {@code mxcsr}. */
    public void beginSse(int mxcsr) {
        pre = 0;
        post = 0;
        roundedUp = false;
        denormalsAreZero = (mxcsr & 0x40) != 0;
        underflowMasked = (mxcsr & 0x800) != 0;
        flushToZero = (mxcsr & 0x8000) != 0 && underflowMasked;
        rounding = mxcsr >>> 13 & 3;
        x87 = false;
        adjustUnderflow = false;
        adjustOverflow = false;
    }

    /** Prepares for an x87 operation under {@code controlWord}; {@code toRegister}: the result stays on the stack. */
    public void beginX87(int controlWord, boolean toRegister) {
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

    // ---- special results ----

    /** Makes the result the default NaN and raises the invalid exception. */
    public void invalid() {
        pre |= IE;
        r.set(Operand.QUIET, true, 0, 0xC000_0000_0000_0000L);
    }

    /** Raises the denormal exception if an operand of a two-operand operation is denormal. */
    public void denormals() {
        if (a.denormal || b.denormal) {
            pre |= DE;
        }
    }

    /** If {@link #a} is a NaN, makes the result that NaN, quiet, and returns true. */
    public boolean nanOfOne() {
        if (a.kind < Operand.QUIET) {
            return false;
        }
        if (a.kind == Operand.UNSUPPORTED) {
            invalid();
        } else {
            quiet(a);
        }
        return true;
    }

    private void quiet(Operand nan) {
        if (nan.kind == Operand.SIGNALING) {
            pre |= IE;
        }
        r.set(Operand.QUIET, nan.negative, 0, nan.significand | Operand.QUIET_BIT);
    }

    /** If an operand is a NaN, makes the result the NaN that the unit selects and returns true. */
    public boolean nan() {
        if (a.kind < Operand.QUIET && b.kind < Operand.QUIET) {
            return false;
        }
        if (a.kind == Operand.UNSUPPORTED || b.kind == Operand.UNSUPPORTED) {
            invalid();
            return true;
        }
        if (a.kind == Operand.SIGNALING || b.kind == Operand.SIGNALING) {
            pre |= IE;
        }
        quiet(x87 ? selectX87() : a.isNan() ? a : b);
        return true;
    }

    /** Intel SDM vol 1, table 4-7: a quiet NaN before a signaling one, else the larger significand. */
    private Operand selectX87() {
        if (!b.isNan()) {
            return a;
        }
        if (!a.isNan()) {
            return b;
        }
        if (a.kind != b.kind) {
            return a.kind == Operand.QUIET ? a : b;
        }
        int order = Long.compareUnsigned(a.significand, b.significand);
        return order > 0 || (order == 0 && !a.negative) ? a : b;
    }

    private void infinite(boolean negative) {
        r.set(Operand.INFINITE, negative, 0, Operand.INTEGER_BIT);
    }

    private void zero(boolean negative) {
        r.set(Operand.ZERO, negative, 0, 0);
    }

    // ---- operations ----

    /** {@code a + b}, or {@code a - b}. */
    public void add(boolean subtract) {
        if (nan()) {
            return;
        }
        boolean bNegative = b.negative ^ subtract;
        if (a.kind == Operand.INFINITE && b.kind == Operand.INFINITE && a.negative != bNegative) {
            invalid();
            return;
        }
        denormals();
        if (a.kind == Operand.INFINITE) {
            infinite(a.negative);
        } else if (b.kind == Operand.INFINITE) {
            infinite(bNegative);
        } else if (b.kind == Operand.ZERO) {
            r.copy(a);
            if (a.kind == Operand.ZERO && a.negative != bNegative) {
                r.negative = rounding == DOWN;
            }
        } else if (a.kind == Operand.ZERO) {
            r.copy(b);
            r.negative = bNegative;
        } else {
            addFinite(bNegative);
        }
    }

    private void addFinite(boolean bNegative) {
        boolean swap = a.exponent < b.exponent
                || (a.exponent == b.exponent && Long.compareUnsigned(a.significand, b.significand) < 0);
        Operand big = swap ? b : a;
        Operand small = swap ? a : b;
        boolean negative = swap ? bNegative : a.negative;
        int distance = big.exponent - small.exponent;
        long hi = shiftHigh(small.significand, distance);
        long lo = shiftLow(small.significand, distance);
        r.set(Operand.FINITE, negative, big.exponent, 0);
        if (a.negative == bNegative) {
            long sum = big.significand + hi;
            if (Long.compareUnsigned(sum, hi) < 0) {
                r.low = sum << 63 | lo >>> 1 | (lo & 1);
                r.significand = sum >>> 1 | Operand.INTEGER_BIT;
                r.exponent++;
            } else {
                r.significand = sum;
                r.low = lo;
            }
            return;
        }
        r.significand = big.significand - hi - (lo != 0 ? 1 : 0);
        r.low = -lo;
        if (r.significand == 0 && r.low == 0) {
            zero(rounding == DOWN);
            return;
        }
        normalise();
    }

    private static long shiftHigh(long value, int distance) {
        return distance < 64 ? value >>> distance : 0;
    }

    private static long shiftLow(long value, int distance) {
        if (distance == 0) {
            return 0;
        }
        if (distance < 64) {
            return value << (64 - distance);
        }
        if (distance == 64) {
            return value;
        }
        if (distance >= 128) {
            return 1;
        }
        return value >>> (distance - 64) | (value << (128 - distance) != 0 ? 1 : 0);
    }

    /** Shifts the result until bit 63 is set. */
    void normalise() {
        if (r.significand == 0) {
            r.significand = r.low;
            r.low = 0;
            r.exponent -= 64;
        }
        int shift = Long.numberOfLeadingZeros(r.significand);
        if (shift != 0) {
            r.significand = r.significand << shift | r.low >>> (64 - shift);
            r.low <<= shift;
            r.exponent -= shift;
        }
    }

    /** {@code a * b}. */
    public void multiply() {
        if (nan()) {
            return;
        }
        boolean negative = a.negative != b.negative;
        if (a.kind == Operand.INFINITE || b.kind == Operand.INFINITE) {
            if (a.kind == Operand.ZERO || b.kind == Operand.ZERO) {
                invalid();
                return;
            }
            denormals();
            infinite(negative);
            return;
        }
        denormals();
        if (a.kind == Operand.ZERO || b.kind == Operand.ZERO) {
            zero(negative);
            return;
        }
        r.set(Operand.FINITE, negative, a.exponent + b.exponent + 1, multiplyHigh(a.significand, b.significand));
        r.low = a.significand * b.significand;
        normalise();
    }

    static long multiplyHigh(long x, long y) {
        return Math.multiplyHigh(x, y) + (x >> 63 & y) + (y >> 63 & x);
    }

    /** {@code a / b}. */
    public void divide() {
        if (nan()) {
            return;
        }
        boolean negative = a.negative != b.negative;
        if (a.kind == b.kind && a.kind != Operand.FINITE) {
            invalid();
        } else if (a.kind == Operand.INFINITE) {
            denormals();
            infinite(negative);
        } else if (b.kind == Operand.INFINITE) {
            denormals();
            zero(negative);
        } else if (b.kind == Operand.ZERO) {
            pre |= ZE;
            infinite(negative);
        } else if (a.kind == Operand.ZERO) {
            denormals();
            zero(negative);
        } else {
            denormals();
            divideFinite(negative);
        }
    }

    private void divideFinite(boolean negative) {
        long divisor = b.significand;
        boolean less = Long.compareUnsigned(a.significand, divisor) < 0;
        long hi = less ? a.significand : a.significand >>> 1;
        long lo = less ? 0 : a.significand << 63;
        long quotient = LongDivision.quotient(hi, lo, divisor);
        long remainder = lo - quotient * divisor;
        r.set(Operand.FINITE, negative, a.exponent - b.exponent - (less ? 1 : 0), quotient);
        if (remainder != 0) {
            long rest = divisor - remainder;
            int order = Long.compareUnsigned(remainder, rest);
            r.low = order < 0 ? 1 : order == 0 ? Operand.INTEGER_BIT : Operand.INTEGER_BIT | 1;
        }
    }

    /** The square root of {@code a}. */
    public void squareRoot() {
        if (nanOfOne()) {
            return;
        }
        if (a.kind == Operand.ZERO) {
            zero(a.negative);
            return;
        }
        if (a.negative) {
            invalid();
            return;
        }
        if (a.denormal) {
            pre |= DE;
        }
        if (a.kind == Operand.INFINITE) {
            infinite(false);
            return;
        }
        boolean odd = (a.exponent & 1) != 0;
        rootOf(odd ? a.significand : a.significand >>> 1, odd ? 0 : a.significand << 63, a.exponent >> 1);
    }

    /** The root of the 128-bit {@code hi:lo}, bit by bit: 64 bits and a remainder of up to 65. */
    private void rootOf(long hi, long lo, int exponent) {
        long root = 0;
        long rest = 0;
        boolean restTop = false;
        for (int n = 0; n < 64; n++) {
            // rest = rest * 4 + the next two bits; trial = root * 4 + 1. Only in the last steps does rest need 65 bits.
            boolean top = rest << 1 < 0;
            boolean beyond = rest < 0 || restTop;
            long two = n < 32 ? hi >>> (62 - 2 * n) & 3 : lo >>> (126 - 2 * n) & 3;
            long next = rest << 2 | two;
            long trial = root << 2 | 1;
            boolean trialTop = root << 1 < 0;
            boolean fits = beyond || (top && !trialTop) || (top == trialTop && Long.compareUnsigned(next, trial) >= 0);
            root <<= 1;
            if (fits) {
                boolean borrow = Long.compareUnsigned(next, trial) < 0;
                restTop = n == 63 && ((top ? 1 : 0) - (trialTop ? 1 : 0) - (borrow ? 1 : 0) & 1) != 0;
                next -= trial;
                root |= 1;
            } else {
                restTop = n == 63 && top;
            }
            rest = next;
        }
        r.set(Operand.FINITE, false, exponent, root);
        if (restTop || Long.compareUnsigned(rest, root) > 0) {
            r.low = Operand.INTEGER_BIT | 1;
        } else {
            r.low = rest != 0 ? 1 : 0;
        }
    }

    /** Compares: -1, 0, 1, or 2 for unordered; no exceptions. */
    public int compare() {
        if (a.isNan() || b.isNan()) {
            return 2;
        }
        if (a.kind == Operand.ZERO && b.kind == Operand.ZERO) {
            return 0;
        }
        int sign = a.kind == Operand.ZERO ? (b.negative ? 1 : -1) : a.negative ? -1 : 1;
        if (a.kind == Operand.ZERO || b.kind == Operand.ZERO || a.negative != b.negative) {
            return sign;
        }
        if (a.kind != b.kind) {
            return a.kind == Operand.INFINITE ? sign : -sign;
        }
        int order = Integer.compare(a.exponent, b.exponent);
        if (order == 0) {
            order = Long.compareUnsigned(a.significand, b.significand);
        }
        return Integer.signum(order) * sign;
    }

    // ---- rounding ----

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
    public void round(int precision, int minExponent, int maxExponent) {
        roundedUp = false;
        if (r.kind != Operand.FINITE) {
            return;
        }
        int shift = 64 - precision;
        boolean tiny = r.exponent < minExponent && isTiny(shift, minExponent);
        if (tiny && adjustUnderflow) {
            post |= UE;
            r.exponent += BIAS_ADJUSTMENT;
            tiny = false;
        }
        if (tiny && flushToZero) {
            post |= UE | PE;
            zero(r.negative);
            return;
        }
        int below = Math.max(minExponent - r.exponent, 0);
        r.exponent += below;
        boolean inexact = roundAt(shift, below);
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
    private boolean roundAt(int drop, int denormalise) {
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

    /** Rounds {@code a} to an integer in {@code r}, which is left as a finite number or zero. */
    public void roundToInteger() {
        r.copy(a);
        roundedUp = false;
        if (a.kind != Operand.FINITE || a.exponent >= 63) {
            return;
        }
        boolean inexact;
        if (a.exponent >= 0) {
            inexact = roundAt(63 - a.exponent, 0);
        } else {
            r.exponent = 0;
            inexact = roundAt(63, -a.exponent);
        }
        post |= inexact ? PE : 0;
        if (r.significand == 0) {
            r.kind = Operand.ZERO;
        }
    }

    /**
     * {@code a} as a signed integer of {@code bits} bits under the current rounding mode; out of range is invalid and
     * gives the integer indefinite, the smallest number.
     */
    public long toInteger(int bits) {
        long indefinite = -1L << (bits - 1);
        if (a.isNan() || a.kind == Operand.INFINITE) {
            pre |= IE;
            return indefinite;
        }
        int before = post;
        roundToInteger();
        if (r.kind == Operand.ZERO) {
            return 0;
        }
        if (r.exponent >= bits - 1) {
            boolean smallest = r.negative && r.exponent == bits - 1 && r.significand == Operand.INTEGER_BIT;
            if (!smallest) {
                post = before;
                pre |= IE;
                roundedUp = false;
            }
            return indefinite;
        }
        long magnitude = r.significand >>> (63 - r.exponent);
        return r.negative ? -magnitude : magnitude;
    }
}
