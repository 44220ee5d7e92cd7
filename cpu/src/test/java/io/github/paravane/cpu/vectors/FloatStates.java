package io.github.paravane.cpu.vectors;

/** Floating-point and vector states: values at the edges of the formats, control registers in all modes. */
final class FloatStates {
    private static final int FCW = 8 * Case.FX;
    private static final int FSW = FCW + 2;
    private static final int FTW = FCW + 4;
    private static final int MXCSR = FCW + 24;
    private static final int ST = FCW + 32;
    private static final int XMM = FCW + 160;

    private static final int[] SINGLES = {
        0, 0x80000000, 0x3F800000, 0xBF800000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00001, 0x7F800001, 0xFFA00000,
        1, 0x80000001, 0x007FFFFF, 0x807FFFFF, 0x00800000, 0x80800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x4F000000, 0xCF000000,
        0x4EFFFFFF, 0x5F000000, 0x3F000000, 0xBF000000, 0x3FC00000, 0x40200000, 0x00400000, 0x01000000
    };
    private static final long[] DOUBLES = {
        0,
        0x8000000000000000L,
        0x3FF0000000000000L,
        0xBFF0000000000000L,
        0x7FF0000000000000L,
        0xFFF0000000000000L,
        0x7FF8000000000000L,
        0xFFF8000000000001L,
        0x7FF0000000000001L,
        0xFFF4000000000000L,
        1,
        0x8000000000000001L,
        0x000FFFFFFFFFFFFFL,
        0x800FFFFFFFFFFFFFL,
        0x0010000000000000L,
        0x8010000000000000L,
        0x7FEFFFFFFFFFFFFFL,
        0xFFEFFFFFFFFFFFFFL,
        0x41E0000000000000L,
        0xC1E0000000000000L,
        0x41DFFFFFFFE00000L,
        0x43E0000000000000L,
        0xC3E0000000000000L,
        0x3FE0000000000000L,
        0x3FF8000000000000L,
        0x4004000000000000L,
        0x47EFFFFFF0000000L,
        0x47EFFFFFEFFFFFFFL,
        0x3810000000000000L,
        0x380FFFFFFFFFFFFFL,
        0x36A0000000000000L,
        0x3690000000000000L,
        0xC1E0000000100000L,
        0x0008000000000000L
    };

    private FloatStates() {}

    private static boolean x87(TableRow row) {
        return row.family().startsWith("X87");
    }

    private static boolean vector(TableRow row) {
        return row.family().startsWith("Sse") || row.family().equals("Mmx") || row.uses("VWUPQN");
    }

    static void fill(TableRow row, Random64 r, Case c) {
        c.image.putShort(FCW, (short) 0x37F);
        c.image.putInt(MXCSR, 0x1F80);
        if (!x87(row) && !vector(row)) {
            return;
        }
        mxcsr(r, c);
        for (int n = 0; n < (c.compatibility ? 16 : 32); n++) {
            c.image.putLong(XMM + 8 * n, quad(row, r));
        }
        if (r.percent(30)) { // equal operands and near ones
            long low = c.image.getLong(XMM);
            for (int n = 2; n < 16; n += 2) {
                c.image.putLong(XMM + 8 * n, low ^ (r.coin() ? r.next() & r.next() & r.next() & r.next() : 0));
            }
        }
        if (x87(row) || row.uses("PQN") || row.method().startsWith("SseState")) {
            stack(row, r, c);
        }
    }

    /** Gives a memory operand a value of the right kind. */
    static void fillMemory(TableRow row, Random64 r, Case c, long linear) {
        if (!x87(row)) {
            c.poke(linear, quad(row, r), 8);
            c.poke(linear + 8, quad(row, r), 8);
            return;
        }
        if (row.method().endsWith("fbld")) {
            for (int n = 0; n < 9; n++) {
                c.poke(linear + n, r.below(10) * 16L + r.below(10), 1);
            }
            c.poke(linear + 9, r.next() & 0x80, 1);
        } else if (row.uses("M")) {
            switch (row.operands().get(0)) {
                case "Md" -> c.poke(linear, row.method().contains("32") ? r.value() : single(r), 4);
                case "Mq" -> c.poke(linear, row.method().contains("64") ? r.value() : dbl(r), 8);
                case "Mw" -> c.poke(linear, r.value(), 2);
                case "Mt" -> {
                    long[] value = extended(r);
                    c.poke(linear, value[0], 8);
                    c.poke(linear + 8, value[1], 2);
                }
                default -> {
                    /* images stay random */
                }
            }
        }
    }

    private static void mxcsr(Random64 r, Case c) {
        int value = 0x1F80 | r.below(4) << 13;
        if (r.percent(25)) {
            value |= 0x40;
        }
        if (r.percent(25)) {
            value |= 0x8000;
        }
        if (r.percent(25)) {
            value &= ~(int) (r.next() & 0x1F80);
        }
        if (r.percent(50)) {
            value |= 0x20;
        }
        if (r.percent(20)) {
            value |= (int) r.next() & 0x3F;
        }
        if (r.percent(20)) {
            value = 0x1FA0; // the fast path
        }
        c.image.putInt(MXCSR, value);
    }

    private static boolean isDouble(TableRow row, Random64 r) {
        boolean wide = row.prefix() == 0x66 || row.prefix() == 0xF2;
        if (row.family().equals("SseHorizontal") || row.family().equals("SseRound")) {
            String method = row.method();
            boolean single = method.endsWith("Single") || method.endsWith("ps") || method.endsWith("ss");
            wide = method.endsWith("packed") ? r.coin() : !single;
        }
        return r.percent(10) != wide;
    }

    private static boolean isFloat(TableRow row) {
        return switch (row.family()) {
            case "SseArithmetic", "SseCompare", "SseConvert", "SseHorizontal", "SseRound" -> true;
            default -> false;
        };
    }

    private static long quad(TableRow row, Random64 r) {
        if (isFloat(row) && r.percent(92)) {
            return isDouble(row, r) ? dbl(r) : single(r) & 0xFFFF_FFFFL | (long) single(r) << 32;
        }
        long v = r.next();
        if (row.family().equals("SseString")) {
            return text(r, v);
        }
        switch (r.below(8)) {
            case 0, 1:
                return v & 0x7F7F_7F7F_7F7F_7F7FL;
            case 2:
                return (v & 0x8080_8080_8080_8080L) >>> 7 & 0x0101_0101_0101_0101L | (v & 1 << 20) << 8;
            case 3:
                return ((v & 0x8080_8080_8080_8080L) >>> 7) * 255;
            case 4:
                return r.below(70);
            case 5:
                return v & 0x0F0F_0F0F_0F0F_0F0FL;
            default:
                return v;
        }
    }

    /** Few different characters, so that patterns match, and sometimes an end. */
    private static long text(Random64 r, long v) {
        return switch (r.below(6)) {
            case 0 -> v;
            case 1 -> v & 0x0303_0303_0303_0303L;
            case 2 -> (v & 0x0101_0101_0101_0101L) + 0x6161_6161_6161_6161L;
            case 3 -> (v & 0x0303_0303_0303_0303L) + 0x7F7E_7D80_7F7E_7D80L;
            case 4 -> (v & 0x0001_0001_0001_0001L) + 0x0061_0061_0061_0061L;
            default -> (v & 0x0F0F_0F0F_0F0F_0F0FL) + 0x6060_6060_6060_6060L;
        };
    }

    static int single(Random64 r) {
        int v = (int) r.next();
        return switch (r.below(8)) {
            case 0, 1 -> SINGLES[r.below(SINGLES.length)];
            case 2 -> v;
            case 3 -> v & 0x807FFFFF; // denormal
            case 4 -> v & 0x81FFFFFF | 0x3E000000; // near one
            case 5 -> v & 0x807FF000 | 0x3F800000 + (r.below(40) << 23);
            case 6 -> v & 0x81FFFFFF;
            default -> v & 0x80FFFFFF | 0x7E000000;
        };
    }

    static long dbl(Random64 r) {
        long v = r.next();
        return switch (r.below(8)) {
            case 0, 1 -> DOUBLES[r.below(DOUBLES.length)];
            case 2 -> v;
            case 3 -> v & 0x800FFFFFFFFFFFFFL;
            case 4 -> v & 0x803FFFFFFFFFFFFFL | 0x3FC0000000000000L;
            case 5 -> v & 0x800FFFFFFF000000L | 0x3FF0000000000000L + ((long) r.below(70) << 52);
            case 6 -> v & 0x803FFFFFFFFFFFFFL;
            default -> v & 0x801FFFFFFFFFFFFFL | 0x7FC0000000000000L;
        };
    }

    /** Significand, and sign with exponent. */
    static long[] extended(Random64 r) {
        long m = r.next() | 1L << 63;
        long s = r.next() & 0x8000;
        long e = r.next() & 0x7FFF;
        long bits = r.next();
        switch (r.below(16)) {
            case 0 -> {
                m = 0;
                e = 0;
            }
            case 1 -> {
                m = 1L << 63;
                e = 0x7FFF;
            }
            case 2 -> {
                m = r.coin() ? m | 1L << 62 : m & ~(1L << 62) | 1;
                e = 0x7FFF;
            }
            case 3 -> {
                m = r.coin() ? m & ~(1L << 63) : m >>> r.below(64);
                e = 0;
            }
            case 4 -> {
                m = 1L << 63;
                e = 0x3FFF - 3 + r.below(6);
            }
            case 5, 6 -> e = 0x3FFF - 4 + r.below(8);
            case 7 -> {
                m &= -1L << r.below(64);
                e = 0x3FFF + r.below(70);
            }
            case 8 -> e = 1 + r.below(70);
            case 9 -> e = 0x7FFE - r.below(3);
            case 10 -> e = 0x3FFF - 127 - 24 + r.below(30);
            case 11 -> e = 0x3FFF - 1023 - 54 + r.below(60);
            case 12 -> {
                m &= r.coin() ? ~0x7FFL : ~0xFFFFFFFFFFL;
                e = 0x3FFF - 30 + r.below(60);
            }
            case 13 -> {
                if (r.percent(90)) {
                    e = 0x3FFF + 126 + r.below(4);
                } else {
                    m &= ~(1L << 63); // an encoding that does not exist
                }
            }
            case 14 -> e = 0x3FFF + (r.coin() ? 1022 : 60) + r.below(6);
            default -> m ^= bits & 0x7FFF_FFFFL;
        }
        return new long[] {m | (m == 0 ? 0 : 0), s | e};
    }

    private static void stack(TableRow row, Random64 r, Case c) {
        int control = 0x7F | (int) r.next() & 0xF00;
        if ((control & 0x300) == 0x100) {
            control |= 0x300;
        }
        if (r.percent(12)) {
            control &= ~(int) (r.next() & 0x3F);
        }
        int depth = r.percent(80) ? 2 + r.below(3) : r.below(9);
        int top = 8 - depth & 7;
        int status = (int) r.next() & 0x4700 | top << 11;
        if (r.percent(10)) {
            status |= (int) r.next() & 0x7F;
        }
        if ((status & ~control & 0x3F) != 0) {
            if (r.percent(60)) {
                control |= 0x3F;
            } else {
                status |= 0x8080; // an exception is pending
            }
        }
        int tags = 0;
        for (int n = 0; n < 8; n++) {
            long[] value = extended(r);
            if (!x87(row)) {
                value[0] = quad(row, r);
                value[1] = 0xFFFF;
            }
            c.image.putLong(ST + 16 * n, value[0]);
            c.image.putShort(ST + 16 * n + 8, (short) value[1]);
            if (n < depth) {
                tags |= 1 << (top + n & 7);
            }
        }
        if (r.percent(25)) {
            c.image.putLong(ST + 16, c.image.getLong(ST));
            c.image.putShort(ST + 24, c.image.getShort(ST + 8));
        }
        c.image.putShort(FCW, (short) control);
        c.image.putShort(FSW, (short) status);
        c.image.put(FTW, (byte) (x87(row) || r.coin() ? tags : 0xFF));
    }
}
