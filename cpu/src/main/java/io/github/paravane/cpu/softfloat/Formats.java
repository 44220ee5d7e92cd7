package io.github.paravane.cpu.softfloat;

/** Rounds the result of a {@link SoftFloat} into a format and packs it. */
public final class Formats {
    /** Biased exponent of infinities and NaNs in the extended format. */
    public static final int EXTENDED_TOP = 0x7FFF;

    private Formats() {}

    /** The result as an IEEE single. */
    public static int toSingle(SoftFloat f) {
        f.round(24, -126, 127);
        Operand r = f.r;
        int bits = r.negative ? 0x8000_0000 : 0;
        int fraction = (int) (r.significand >>> 40) & 0x7F_FFFF;
        switch (r.kind) {
            case Operand.ZERO:
                return bits;
            case Operand.FINITE:
                return bits | fraction | (r.significand < 0 ? (r.exponent + 127) << 23 : 0);
            default:
                return bits | fraction | 0x7F80_0000;
        }
    }

    /** The result as an IEEE double. */
    public static long toDouble(SoftFloat f) {
        f.round(53, -1022, 1023);
        Operand r = f.r;
        long bits = r.negative ? 1L << 63 : 0;
        long fraction = r.significand >>> 11 & 0xF_FFFF_FFFF_FFFFL;
        switch (r.kind) {
            case Operand.ZERO:
                return bits;
            case Operand.FINITE:
                return bits | fraction | (r.significand < 0 ? (long) (r.exponent + 1023) << 52 : 0);
            default:
                return bits | fraction | 0x7FF0_0000_0000_0000L;
        }
    }

    /**
     * Rounds the result to {@code precision} bits in the exponent range of the extended format; its significand is then
     * {@code f.r.significand}, and the sign and exponent word is returned.
     */
    public static int toExtended(SoftFloat f, int precision) {
        f.round(precision, -16382, 16383);
        Operand r = f.r;
        int sign = r.negative ? 0x8000 : 0;
        switch (r.kind) {
            case Operand.ZERO:
                return sign;
            case Operand.FINITE:
                return sign | (r.significand < 0 ? r.exponent + 16383 : 0);
            default:
                return sign | EXTENDED_TOP;
        }
    }
}
