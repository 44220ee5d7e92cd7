package io.github.paravane.cpu.softfloat;

/**
 * The floating-point unit proper: operations on {@link #a} and {@link #b} leave an exact (sticky) result in {@link #r},
 * which {@link Formats} then rounds and packs.
 */
public final class SoftFloat extends Rounding {
    /** First operand. */
    public final Operand a = new Operand();
    /** Second operand. */
    public final Operand b = new Operand();

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

    // ---- integers ----

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
