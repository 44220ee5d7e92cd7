package io.github.paravane.cpu.exec;

/** The packed integer operations of SSSE3 on 64 bits, named by their opcode byte in the 0F 38 map. */
final class PackedSupplement {
    private PackedSupplement() {}

    /** Operations whose 64-bit halves are independent: 04 PMADDUBSW, 08-0A PSIGN, 0B PMULHRSW, 1C-1E PABS. */
    static long apply(int opcode, long a, long b) {
        int bits = opcode == 0x04 || opcode == 0x0B ? 16 : 8 << (opcode & 3);
        long lane = -1L >>> (64 - bits);
        long out = 0;
        for (int n = 0; n < 64; n += bits) {
            long x = a << (64 - bits - n) >> (64 - bits);
            long y = b << (64 - bits - n) >> (64 - bits);
            out |= (element(opcode, x, y) & lane) << n;
        }
        return out;
    }

    private static long element(int opcode, long x, long y) {
        return switch (opcode) {
            case 0x04 -> saturate16((x & 0xFF) * (byte) y + (x >>> 8 & 0xFF) * (byte) (y >> 8));
            case 0x08, 0x09, 0x0A -> y < 0 ? -x : y == 0 ? 0 : x;
            case 0x0B -> (x * y >> 14) + 1 >> 1;
            case 0x1C, 0x1D, 0x1E -> Math.abs(y);
            default -> throw new IllegalArgumentException("no packed operation 0x" + Integer.toHexString(opcode));
        };
    }

    private static long saturate16(long value) {
        return Math.max(-32768, Math.min(32767, value));
    }

    /** 01-03 PHADDW, PHADDD, PHADDSW, 05-07 PHSUB: the pairs of 64 bits, as 32 bits. */
    static long horizontal(int opcode, long a) {
        boolean add = opcode < 4;
        if ((opcode & 3) == 2) {
            int low = (int) a;
            int high = (int) (a >>> 32);
            return (add ? low + high : low - high) & 0xFFFF_FFFFL;
        }
        boolean saturating = (opcode & 3) == 3;
        return pair(a, add, saturating) | pair(a >>> 32, add, saturating) << 16;
    }

    private static long pair(long a, boolean add, boolean saturating) {
        int low = (short) a;
        int high = (short) (a >>> 16);
        int sum = add ? low + high : low - high;
        return (saturating ? saturate16(sum) : sum) & 0xFFFF;
    }

    /** PSHUFB of eight bytes: of {@code low} and {@code high}, whose size in bytes is {@code mask} + 1. */
    static long shuffle(long low, long high, int mask, long order) {
        long out = 0;
        for (int n = 0; n < 64; n += 8) {
            int index = (int) (order >>> n);
            if ((index & 0x80) == 0) {
                int from = index & mask;
                out |= ((from < 8 ? low : high) >>> (8 * (from & 7)) & 0xFF) << n;
            }
        }
        return out;
    }

    /** Eight bytes of the 24 that are {@code low}, {@code middle}, {@code high}, from byte {@code at} (at most 15) on. */
    static long window(long low, long middle, long high, int at) {
        long first = at < 8 ? low : middle;
        long second = at < 8 ? middle : high;
        int bits = 8 * (at & 7);
        return bits == 0 ? first : first >>> bits | second << (64 - bits);
    }
}
