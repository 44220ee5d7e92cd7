package io.github.paravane.cpu.softfloat;

/** Division of 128 by 64 bits. */
final class LongDivision {
    private LongDivision() {}

    /** The quotient of {@code hi:lo / divisor}, which must fit 64 bits; the divisor has bit 63 set. */
    static long quotient(long hi, long lo, long divisor) {
        long dHigh = divisor >>> 32;
        long dLow = divisor & 0xFFFF_FFFFL;
        long q1 = digit(hi, lo >>> 32, dHigh, dLow);
        long rest = (hi << 32 | lo >>> 32) - q1 * divisor;
        long q0 = digit(rest, lo & 0xFFFF_FFFFL, dHigh, dLow);
        return (q1 << 32) + q0;
    }

    /** One 32-bit digit of a long division: {@code (hi << 32 | next) / divisor}, by Knuth's estimate and correction. */
    private static long digit(long hi, long next, long dHigh, long dLow) {
        long q = Long.divideUnsigned(hi, dHigh);
        long rest = hi - q * dHigh;
        while (q >>> 32 != 0 || Long.compareUnsigned(q * dLow, rest << 32 | next) > 0) {
            q--;
            rest += dHigh;
            if (rest >>> 32 != 0) {
                break;
            }
        }
        return q;
    }
}
