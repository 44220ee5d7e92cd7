package io.github.paravane.cpu.exec;

/**
 * Packed integer operations on 64 bits, for MMX registers and halves of XMM registers. An operation is named by its
 * opcode byte in the 0F map.
 */
final class Packed {
    private static final long SIGNS8 = 0x8080_8080_8080_8080L;
    private static final long SIGNS16 = 0x8000_8000_8000_8000L;
    private static final long SIGNS32 = 0x8000_0000_8000_0000L;

    private Packed() {}

    /** Operations whose 64-bit halves are independent of each other. */
    static long apply(int opcode, long a, long b) {
        switch (opcode) {
            case 0x64:
                return greater(a, b, 8);
            case 0x65:
                return greater(a, b, 16);
            case 0x66:
                return greater(a, b, 32);
            case 0x74:
                return equal(a, b, SIGNS8, 8);
            case 0x75:
                return equal(a, b, SIGNS16, 16);
            case 0x76:
                return equal(a, b, SIGNS32, 32);
            case 0xD4:
                return a + b;
            case 0xF4:
                return (a & 0xFFFF_FFFFL) * (b & 0xFFFF_FFFFL);
            case 0xF5:
                return multiplyAdd(a, b);
            case 0xF6:
                return sumOfDifferences(a, b);
            case 0xF8:
                return subtract(a, b, SIGNS8);
            case 0xF9:
                return subtract(a, b, SIGNS16);
            case 0xFA:
                return subtract(a, b, SIGNS32);
            case 0xFB:
                return a - b;
            case 0xFC:
                return add(a, b, SIGNS8);
            case 0xFD:
                return add(a, b, SIGNS16);
            case 0xFE:
                return add(a, b, SIGNS32);
            case 0xD8, 0xDA, 0xDC, 0xDE, 0xE0, 0xE8, 0xEC:
                return bytes(opcode, a, b);
            default:
                return words(opcode, a, b);
        }
    }

    private static long add(long a, long b, long signs) {
        return ((a & ~signs) + (b & ~signs)) ^ ((a ^ b) & signs);
    }

    private static long subtract(long a, long b, long signs) {
        return ((a | signs) - (b & ~signs)) ^ ((a ^ ~b) & signs);
    }

    private static long equal(long a, long b, long signs, int bits) {
        long x = a ^ b;
        long equal = ~(((x & ~signs) + ~signs) | x) & signs;
        return (equal - (equal >>> (bits - 1))) | equal;
    }

    private static long greater(long a, long b, int bits) {
        long out = 0;
        long lane = -1L >>> (64 - bits);
        for (int n = 0; n < 64; n += bits) {
            int left = 64 - bits - n;
            out |= a << left >> (64 - bits) > b << left >> (64 - bits) ? lane << n : 0;
        }
        return out;
    }

    private static long bytes(int opcode, long a, long b) {
        long out = 0;
        for (int n = 0; n < 64; n += 8) {
            int x = (int) (a >>> n) & 0xFF;
            int y = (int) (b >>> n) & 0xFF;
            out |= (byteOf(opcode, x, y) & 0xFFL) << n;
        }
        return out;
    }

    private static int byteOf(int opcode, int x, int y) {
        return switch (opcode) {
            case 0xD8 -> Math.max(x - y, 0);
            case 0xDA -> Math.min(x, y);
            case 0xDC -> Math.min(x + y, 0xFF);
            case 0xDE -> Math.max(x, y);
            case 0xE0 -> (x + y + 1) >>> 1;
            case 0xE8 -> saturate8((byte) x - (byte) y);
            case 0xEC -> saturate8((byte) x + (byte) y);
            default -> throw new IllegalArgumentException("no packed operation 0x" + Integer.toHexString(opcode));
        };
    }

    private static long words(int opcode, long a, long b) {
        long out = 0;
        for (int n = 0; n < 64; n += 16) {
            int x = (int) (a >>> n) & 0xFFFF;
            int y = (int) (b >>> n) & 0xFFFF;
            out |= (wordOf(opcode, x, y) & 0xFFFFL) << n;
        }
        return out;
    }

    private static int wordOf(int opcode, int x, int y) {
        return switch (opcode) {
            case 0xD5 -> x * y;
            case 0xD9 -> Math.max(x - y, 0);
            case 0xDD -> Math.min(x + y, 0xFFFF);
            case 0xE3 -> (x + y + 1) >>> 1;
            case 0xE4 -> x * y >>> 16;
            case 0xE5 -> (short) x * (short) y >> 16;
            case 0xE9 -> saturate16((short) x - (short) y);
            case 0xEA -> Math.min((short) x, (short) y);
            case 0xED -> saturate16((short) x + (short) y);
            case 0xEE -> Math.max((short) x, (short) y);
            default -> throw new IllegalArgumentException("no packed operation 0x" + Integer.toHexString(opcode));
        };
    }

    private static int saturate8(int value) {
        return Math.max(-128, Math.min(127, value));
    }

    private static int saturate16(int value) {
        return Math.max(-32768, Math.min(32767, value));
    }

    private static long multiplyAdd(long a, long b) {
        int low = (short) a * (short) b + (short) (a >>> 16) * (short) (b >>> 16);
        int high = (short) (a >>> 32) * (short) (b >>> 32) + (short) (a >>> 48) * (short) (b >>> 48);
        return SseArithmetic.join(low, high);
    }

    private static long sumOfDifferences(long a, long b) {
        int sum = 0;
        for (int n = 0; n < 64; n += 8) {
            sum += Math.abs(((int) (a >>> n) & 0xFF) - ((int) (b >>> n) & 0xFF));
        }
        return sum;
    }

    // ---- shifts: D1-D3 logical right, E1-E2 arithmetic right, F1-F3 left; low bits of the opcode give the width ----

    /** Shifts every lane by {@code count}, unsigned. */
    static long shift(int opcode, long a, long count) {
        int bits = 8 << (opcode & 3);
        boolean arithmetic = (opcode & 0xF0) == 0xE0;
        boolean over = Long.compareUnsigned(count, bits - 1) > 0;
        if (over && !arithmetic) {
            return 0;
        }
        int by = over ? bits - 1 : (int) count;
        long lane = -1L >>> (64 - bits);
        long out = 0;
        for (int n = 0; n < 64; n += bits) {
            long x = a >>> n & lane;
            long y;
            if (arithmetic) {
                y = x << (64 - bits) >> (64 - bits) >> by;
            } else {
                y = (opcode & 0xF0) == 0xD0 ? x >>> by : x << by;
            }
            out |= (y & lane) << n;
        }
        return out;
    }

    // ---- data movement ----

    /** Interleaves the lanes of {@code size} bytes in the low halves of a and b. */
    static long interleaveLow(int size, long a, long b) {
        long out = 0;
        long lane = (1L << (8 * size)) - 1;
        for (int n = 0; n < 4 / size; n++) {
            int from = 8 * size * n;
            out |= (a >>> from & lane) << (2 * from);
            out |= (b >>> from & lane) << (2 * from + 8 * size);
        }
        return out;
    }

    /** Interleaves the lanes in the high halves. */
    static long interleaveHigh(int size, long a, long b) {
        return interleaveLow(size, a >>> 32, b >>> 32);
    }

    /** PACKSSWB (63), PACKUSWB (67), PACKSSDW (6B): the lanes of a, narrowed into 32 bits. */
    static long narrow(int opcode, long a) {
        if (opcode == 0x6B) {
            return (saturate16((int) a) & 0xFFFFL) | (saturate16((int) (a >>> 32)) & 0xFFFFL) << 16;
        }
        long out = 0;
        for (int n = 0; n < 4; n++) {
            int word = (short) (a >>> (16 * n));
            int value = opcode == 0x63 ? saturate8(word) : Math.max(0, Math.min(255, word));
            out |= (value & 0xFFL) << (8 * n);
        }
        return out;
    }

    static long shuffleWords(long a, int order) {
        long out = 0;
        for (int n = 0; n < 4; n++) {
            out |= (a >>> ((order >>> (2 * n) & 3) * 16) & 0xFFFF) << (16 * n);
        }
        return out;
    }

    static long insertWord(long a, int number, long word) {
        int at = 16 * number;
        return a & ~(0xFFFFL << at) | (word & 0xFFFF) << at;
    }

    /** The sign bits of the eight bytes. */
    static long signs(long a) {
        // The multiplication gathers the bits 7, 15, ... 63 (moved to 0, 8, ... 56) in the top byte.
        return ((a & SIGNS8) >>> 7) * 0x0102_0408_1020_4080L >>> 56;
    }
}
