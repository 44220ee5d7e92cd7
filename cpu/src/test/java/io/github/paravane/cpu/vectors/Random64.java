package io.github.paravane.cpu.vectors;

/** SplitMix64: the same numbers everywhere, since recordings depend on them. */
final class Random64 {
    private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    Random64(long seed) {
        state = seed;
    }

    static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    long next() {
        state += GAMMA;
        return mix(state);
    }

    /** 0 to {@code bound} - 1. */
    int below(int bound) {
        return (int) ((next() >>> 1) % bound);
    }

    boolean percent(int chance) {
        return below(100) < chance;
    }

    boolean coin() {
        return (next() & 1L << 40) != 0;
    }

    long oneOf(long... values) {
        return values[below(values.length)];
    }

    /** A 64-bit value as instructions find interesting: random, small, or near a power of two. */
    long value() {
        long r = next();
        switch (below(10)) {
            case 0:
                return 0;
            case 1:
                return -1;
            case 2:
                return r & 0xFF;
            case 3:
                return (1L << (r & 63)) - (r >>> 8 & 1);
            case 4:
                return -(1L << (r & 63)) + (r >>> 8 & 1);
            case 5:
                return r >> (r & 63);
            default:
                return r;
        }
    }
}
