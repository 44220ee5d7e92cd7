package io.github.paravane.cpu.softfloat;

/**
 * A floating-point number, unpacked: {@code (-1)^negative * significand / 2^63 * 2^exponent}.
 *
 * <p>The significand of a finite number has bit 63 set; that of a NaN is the extended one (bit 63 set, bit 62 = quiet),
 * whatever the format, so that a NaN is converted by shifting.
 */
public final class Operand {
    public static final int ZERO = 0;
    public static final int FINITE = 1;
    public static final int INFINITE = 2;
    public static final int QUIET = 3;
    public static final int SIGNALING = 4;
    /** Unnormal, pseudo-NaN or pseudo-infinity of the extended format: every operation on it is invalid. */
    public static final int UNSUPPORTED = 5;

    /** Bit 63: the integer bit. */
    public static final long INTEGER_BIT = 1L << 63;
    /** Bit 62: set in a quiet NaN. */
    public static final long QUIET_BIT = 1L << 62;

    public int kind;
    public boolean negative;
    public int exponent;
    public long significand;
    /** Bits below the significand: bit 63 is the first bit lost, the others only matter as "not zero". */
    public long low;
    /** Was a denormal (or pseudo-denormal) in its format. */
    public boolean denormal;

    /** Whether this is a NaN of either kind or an unsupported encoding. */
    public boolean isNan() {
        return kind >= QUIET;
    }

    void set(int newKind, boolean newNegative, int newExponent, long newSignificand) {
        kind = newKind;
        negative = newNegative;
        exponent = newExponent;
        significand = newSignificand;
        low = 0;
        denormal = false;
    }

    /** Becomes {@code other}, without its denormal mark. */
    public void copy(Operand other) {
        set(other.kind, other.negative, other.exponent, other.significand);
    }

    /** Unpacks an IEEE single. */
    public void fromSingle(int bits, boolean denormalsAreZero) {
        fromBinary(bits >>> 23 & 0xFF, (long) bits << 41 >>> 1, bits < 0, 0xFF, denormalsAreZero);
    }

    /** Unpacks an IEEE double. */
    public void fromDouble(long bits, boolean denormalsAreZero) {
        fromBinary((int) (bits >>> 52) & 0x7FF, bits << 12 >>> 1, bits < 0, 0x7FF, denormalsAreZero);
    }

    /** {@code fraction} has its first bit at bit 62. */
    private void fromBinary(int biased, long fraction, boolean sign, int top, boolean denormalsAreZero) {
        int bias = top >>> 1;
        if (biased == top) {
            fromSpecial(fraction, sign);
        } else if (biased != 0) {
            set(FINITE, sign, biased - bias, fraction | INTEGER_BIT);
        } else if (fraction == 0 || denormalsAreZero) {
            set(ZERO, sign, 0, 0);
        } else {
            int shift = Long.numberOfLeadingZeros(fraction);
            set(FINITE, sign, 1 - bias - shift, fraction << shift);
            denormal = true;
        }
    }

    private void fromSpecial(long fraction, boolean sign) {
        if (fraction == 0) {
            set(INFINITE, sign, 0, INTEGER_BIT);
        } else {
            set((fraction & QUIET_BIT) != 0 ? QUIET : SIGNALING, sign, 0, fraction | INTEGER_BIT);
        }
    }

    /** Unpacks a double extended from its sign and exponent word and its significand. */
    public void fromExtended(int signExponent, long bits) {
        int biased = signExponent & 0x7FFF;
        boolean sign = (signExponent & 0x8000) != 0;
        if (biased == 0) {
            if (bits == 0) {
                set(ZERO, sign, 0, 0);
                return;
            }
            int shift = Long.numberOfLeadingZeros(bits);
            set(FINITE, sign, -16382 - shift, bits << shift);
            denormal = true;
        } else if (bits >= 0) {
            set(UNSUPPORTED, sign, 0, bits);
        } else if (biased == 0x7FFF) {
            fromSpecial(bits & ~INTEGER_BIT, sign);
        } else {
            set(FINITE, sign, biased - 16383, bits);
        }
    }

    /** Unpacks a signed integer. */
    public void fromInteger(long value) {
        if (value == 0) {
            set(ZERO, false, 0, 0);
            return;
        }
        long magnitude = Math.abs(value);
        int shift = Long.numberOfLeadingZeros(magnitude);
        set(FINITE, value < 0, 63 - shift, magnitude << shift);
    }
}
