package io.github.paravane.cpu.softfloat;

import java.math.BigInteger;

/**
 * The transcendental functions of the x87, computed to far more than 64 bits and rounded once: within half a unit in the
 * last place, where processors promise less than one. Operands are {@code f.a} and {@code f.b}, the result is {@code f.r}.
 *
 * <p>Sine, cosine and tangent reduce their argument with the x87's own pi of 66 bits (Intel SDM vol 1, 8.3.8), so that
 * they agree with a processor for large arguments too.
 */
public final class Transcendental {
    /** Places beyond the leading bit of the argument. */
    private static final int GUARD = 256;

    /** Pi as the x87 has it: 66 bits, 64 of them after the point. */
    private static final BigInteger PI_66 = new BigInteger("3243F6A8885A308D3", 16);

    private static final int PI_66_PLACES = 64;

    private Transcendental() {}

    private static int places(int exponent) {
        return GUARD + Math.max(0, -exponent);
    }

    /** Makes {@code value / 2^bits} the result; {@code sticky}: and something more. */
    private static void set(SoftFloat f, BigInteger value, int bits, boolean negative, boolean sticky) {
        int length = value.bitLength();
        BigInteger top = length >= 128 ? value.shiftRight(length - 128) : value.shiftLeft(128 - length);
        boolean rest = sticky || (length > 128 && value.getLowestSetBit() < length - 128);
        f.r.set(Operand.FINITE, negative, length - 1 - bits, top.shiftRight(64).longValue());
        f.r.low = top.longValue() | (rest ? 1 : 0);
    }

    // ---- sine, cosine, tangent of a finite, non-zero f.a below 2^63 ----

    /** The sine. */
    public static void sine(SoftFloat f) {
        trigonometric(f, 0);
    }

    /** The cosine. */
    public static void cosine(SoftFloat f) {
        trigonometric(f, 1);
    }

    /** The tangent. */
    public static void tangent(SoftFloat f) {
        int bits = places(f.a.exponent);
        Reduced x = new Reduced(f.a, bits);
        if (f.a.exponent < -GUARD / 2) {
            set(f, x.rest, x.places, f.a.negative, true); // just above x, by x^3 / 3
            return;
        }
        BigInteger sine = FixedPoint.sineSeries(x.rest, 1, x.places);
        BigInteger cosine = FixedPoint.sineSeries(x.rest, 0, x.places);
        boolean swap = (x.quadrant & 1) != 0;
        BigInteger quotient = (swap ? cosine : sine).shiftLeft(x.places).divide(swap ? sine : cosine);
        set(f, quotient.abs(), x.places, f.a.negative ^ x.negative ^ swap, true);
    }

    private static void trigonometric(SoftFloat f, int shift) {
        Reduced x = new Reduced(f.a, places(f.a.exponent));
        int quadrant = x.quadrant + shift;
        boolean even = (quadrant & 1) == 0;
        BigInteger value = FixedPoint.sineSeries(x.rest, even ? 1 : 0, x.places);
        boolean negative = (quadrant & 2) != 0;
        if (even) {
            negative ^= x.negative;
        }
        if (shift == 0) {
            negative ^= f.a.negative;
        }
        set(f, value, x.places, negative, true);
    }

    /** The argument's magnitude less a multiple of pi / 2, from -pi / 4 to pi / 4. */
    private static final class Reduced {
        final BigInteger rest;
        final boolean negative;
        final int quadrant;
        final int places;

        Reduced(Operand operand, int bits) {
            BigInteger x = FixedPoint.of(operand, bits);
            BigInteger half = PI_66.shiftLeft(bits - PI_66_PLACES - 1);
            BigInteger multiple = x.add(half.shiftRight(1)).divide(half);
            BigInteger difference = x.subtract(multiple.multiply(half));
            quadrant = multiple.intValue() & 3;
            negative = difference.signum() < 0;
            rest = difference.abs();
            places = bits;
        }
    }

    // ---- 2^x - 1 ----

    /** {@code 2^a - 1} for a finite, non-zero {@code f.a} of at most 1 in magnitude. */
    public static void powerMinusOne(SoftFloat f) {
        Operand a = f.a;
        if (a.exponent == 0) {
            f.r.set(Operand.FINITE, a.negative, a.negative ? -1 : 0, Operand.INTEGER_BIT);
            return;
        }
        int bits = places(a.exponent);
        BigInteger ln2 = FixedPoint.constant(FixedPoint.LN2, GUARD);
        BigInteger x = FixedPoint.of(a, bits).multiply(ln2).shiftRight(GUARD);
        BigInteger value = FixedPoint.exponentialMinusOne(a.negative ? x.negate() : x, bits);
        set(f, value.abs(), bits, a.negative, true);
    }

    // ---- y * log2(x) ----

    /** {@code b * log2(a)} for finite, non-zero operands and a positive {@code f.a} that is not 1. */
    public static void logarithm(SoftFloat f) {
        Operand a = f.a;
        if (a.significand == Operand.INTEGER_BIT) {
            BigInteger exponent = BigInteger.valueOf(a.exponent);
            scale(f, exponent, 0, false);
            f.post |= SoftFloat.PE; // processors say so even for a power of two
            return;
        }
        BigInteger m = new BigInteger(Long.toUnsignedString(a.significand)).shiftLeft(GUARD - 63);
        scale(f, logarithm(m, a.exponent), GUARD, true);
    }

    /** log2(m * 2^exponent) for m, at the guard places, from 1 to 2. */
    private static BigInteger logarithm(BigInteger m, int exponent) {
        BigInteger one = BigInteger.ONE.shiftLeft(GUARD);
        // Within a factor of the square root of 2 around 1 the series is short and nothing cancels.
        boolean large = m.compareTo(one.add(one.shiftRight(1))) > 0;
        BigInteger x = large ? m.shiftRight(1) : m;
        BigInteger s = x.subtract(one).shiftLeft(GUARD).divide(x.add(one));
        BigInteger log = toBase2(FixedPoint.atanh(s, GUARD));
        return log.add(BigInteger.valueOf(exponent + (large ? 1 : 0)).shiftLeft(GUARD));
    }

    /** {@code b * log2(a + 1)} for finite, non-zero operands and {@code f.a} above -1. */
    public static void logarithmPlusOne(SoftFloat f) {
        int bits = places(f.a.exponent);
        BigInteger magnitude = FixedPoint.of(f.a, bits);
        BigInteger x = f.a.negative ? magnitude.negate() : magnitude;
        if (f.a.exponent >= -2) {
            BigInteger sum = BigInteger.ONE.shiftLeft(bits).add(x);
            int exponent = sum.bitLength() - 1 - bits;
            int shift = GUARD - bits - exponent;
            BigInteger m = shift >= 0 ? sum.shiftLeft(shift) : sum.shiftRight(-shift);
            scale(f, logarithm(m, exponent), GUARD, true);
            return;
        }
        BigInteger two = BigInteger.ONE.shiftLeft(bits + 1);
        BigInteger s = x.shiftLeft(bits).divide(two.add(x));
        scale(f, toBase2(FixedPoint.atanh(s, bits)), bits, true);
    }

    /** 2 * atanh(s) as a logarithm to base 2. */
    private static BigInteger toBase2(BigInteger atanh) {
        return atanh.shiftLeft(1 + GUARD).divide(FixedPoint.constant(FixedPoint.LN2, GUARD));
    }

    private static void scale(SoftFloat f, BigInteger log, int bits, boolean sticky) {
        BigInteger factor = new BigInteger(Long.toUnsignedString(f.b.significand));
        boolean negative = f.b.negative ^ (log.signum() < 0);
        set(f, log.abs().multiply(factor), bits + 63 - f.b.exponent, negative, sticky);
    }

    // ---- arc tangent ----

    /** The angle of the point (x = {@code f.a}, y = {@code f.b}), both finite and non-zero. */
    public static void angle(SoftFloat f) {
        Operand x = f.a;
        Operand y = f.b;
        boolean steep = y.exponent > x.exponent
                || (y.exponent == x.exponent && Long.compareUnsigned(y.significand, x.significand) > 0);
        Operand small = steep ? x : y;
        Operand large = steep ? y : x;
        int distance = large.exponent - small.exponent;
        boolean plain = !steep && !x.negative;
        if (plain && distance > 80) {
            tinyAngle(f);
            return;
        }
        int bits = places(-Math.min(distance, GUARD));
        BigInteger q = new BigInteger(Long.toUnsignedString(small.significand))
                .shiftLeft(bits)
                .divide(new BigInteger(Long.toUnsignedString(large.significand)))
                .shiftRight(distance);
        BigInteger angle = FixedPoint.atan(q, bits);
        if (steep) {
            BigInteger quarter = FixedPoint.constant(FixedPoint.PI, bits - 1);
            angle = x.negative ? quarter.add(angle) : quarter.subtract(angle);
        } else if (x.negative) {
            angle = FixedPoint.constant(FixedPoint.PI, bits).subtract(angle);
        }
        set(f, angle, bits, y.negative, true);
    }

    /** So small that the angle is y / x, less something below the last bit. */
    private static void tinyAngle(SoftFloat f) {
        BigInteger q = new BigInteger(Long.toUnsignedString(f.b.significand))
                .shiftLeft(GUARD)
                .divide(new BigInteger(Long.toUnsignedString(f.a.significand)));
        boolean exact = q.multiply(new BigInteger(Long.toUnsignedString(f.a.significand)))
                .equals(new BigInteger(Long.toUnsignedString(f.b.significand)).shiftLeft(GUARD));
        BigInteger below = exact ? q.subtract(BigInteger.ONE) : q;
        set(f, below, GUARD + f.a.exponent - f.b.exponent, f.b.negative, true);
    }

    /** {@code eighths} times pi / 4, for the special cases of the arc tangent. */
    public static void multipleOfPi(SoftFloat f, int eighths, boolean negative) {
        set(
                f,
                FixedPoint.constant(FixedPoint.PI, GUARD).multiply(BigInteger.valueOf(eighths)),
                GUARD + 2,
                negative,
                true);
    }
}
