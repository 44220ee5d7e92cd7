package io.github.paravane.cpu.softfloat;

import java.math.BigInteger;

/**
 * Series in fixed point, with {@code bits} binary places chosen by the caller, so that a result has far more than the
 * 64 bits it is rounded to. Allocates: the transcendental instructions are rare, and take as long on a processor.
 */
final class FixedPoint {
    /** Binary places of the constants. */
    static final int CONSTANT_BITS = 384;

    /** The natural logarithm of 2, {@value #CONSTANT_BITS} places: 2 atanh(1/3). */
    static final BigInteger LN2 = inverseTangent(3, 1).shiftLeft(1);
    /** Pi, {@value #CONSTANT_BITS} places, by Machin's formula. */
    static final BigInteger PI =
            inverseTangent(5, -1).shiftLeft(2).subtract(inverseTangent(239, -1)).shiftLeft(2);

    private FixedPoint() {}

    /** atan(1/n) for sign -1, atanh(1/n) for sign 1, at the constants' precision. */
    private static BigInteger inverseTangent(int n, int sign) {
        BigInteger power = BigInteger.ONE.shiftLeft(CONSTANT_BITS + 32).divide(BigInteger.valueOf(n));
        BigInteger square = BigInteger.valueOf((long) n * n);
        BigInteger sum = BigInteger.ZERO;
        for (int k = 0; power.signum() != 0; k++) {
            BigInteger term = power.divide(BigInteger.valueOf(2L * k + 1));
            sum = sign < 0 && (k & 1) != 0 ? sum.subtract(term) : sum.add(term);
            power = power.divide(square);
        }
        return sum.shiftRight(32);
    }

    /** A constant at {@code bits} places. */
    static BigInteger constant(BigInteger value, int bits) {
        return bits >= CONSTANT_BITS ? value.shiftLeft(bits - CONSTANT_BITS) : value.shiftRight(CONSTANT_BITS - bits);
    }

    /** The magnitude of an operand at {@code bits} places; exact if there are enough. */
    static BigInteger of(Operand operand, int bits) {
        BigInteger value = new BigInteger(Long.toUnsignedString(operand.significand));
        int shift = operand.exponent - 63 + bits;
        return shift >= 0 ? value.shiftLeft(shift) : value.shiftRight(-shift);
    }

    static BigInteger multiply(BigInteger a, BigInteger b, int bits) {
        return a.multiply(b).shiftRight(bits);
    }

    /**
     * The Taylor series of sine (start 1) or cosine (start 0). The first omitted term counts as one unit, so that a
     * result next to a number of 64 bits lies on the right side of it.
     */
    static BigInteger sineSeries(BigInteger x, int start, int bits) {
        BigInteger square = multiply(x, x, bits);
        BigInteger term = start == 1 ? x : BigInteger.ONE.shiftLeft(bits);
        BigInteger sum = term;
        boolean subtract = true;
        for (int k = start + 1; ; k += 2) {
            term = multiply(term, square, bits).divide(BigInteger.valueOf((long) k * (k + 1)));
            if (term.signum() == 0) {
                return subtract ? sum.subtract(BigInteger.ONE) : sum;
            }
            sum = subtract ? sum.subtract(term) : sum.add(term);
            subtract = !subtract;
        }
    }

    /** e^x - 1 for a small x of either sign. */
    static BigInteger exponentialMinusOne(BigInteger x, int bits) {
        BigInteger term = x;
        BigInteger sum = x;
        for (int k = 2; term.bitLength() > 1; k++) {
            term = multiply(term, x, bits).divide(BigInteger.valueOf(k));
            sum = sum.add(term);
        }
        return sum;
    }

    /** atanh(s), for |s| well below 1. */
    static BigInteger atanh(BigInteger s, int bits) {
        return oddSeries(s, bits, false);
    }

    /** atan(q) for q from 0 to 1: halves the angle three times, then the series. */
    static BigInteger atan(BigInteger q, int bits) {
        BigInteger one = BigInteger.ONE.shiftLeft(bits);
        BigInteger x = q;
        for (int n = 0; n < 3; n++) {
            BigInteger root = one.add(multiply(x, x, bits)).shiftLeft(bits).sqrt();
            x = x.shiftLeft(bits).divide(one.add(root));
        }
        return oddSeries(x, bits, true).shiftLeft(3);
    }

    private static BigInteger oddSeries(BigInteger x, int bits, boolean alternate) {
        BigInteger square = multiply(x, x, bits);
        BigInteger power = x;
        BigInteger sum = x;
        for (int k = 3; power.bitLength() > 1; k += 2) {
            power = multiply(power, square, bits);
            BigInteger term = power.divide(BigInteger.valueOf(k));
            sum = alternate && (k & 2) != 0 ? sum.subtract(term) : sum.add(term);
        }
        return sum;
    }
}
