package io.github.paravane.cpu.vectors;

/** The descriptors of the process that the harness is: Linux's GDT, and the LDT that the harness is told to install. */
final class HostSegments {
    // LDT selectors.
    static final int DATA_LIMITED = 0x0F;
    static final int EXPAND_DOWN = 0x17;
    static final int DATA_READ_ONLY = 0x1F;
    static final int CODE_32 = 0x27;
    static final int DATA_ABSENT = 0x2F;
    static final int CODE_EXECUTE_ONLY = 0x37;
    static final int CODE_CONFORMING = 0x3F;
    static final int CODE_ABSENT = 0x47;

    /** Bases: all the small ones are the data page. */
    static final int BASE = (int) ReplayMachine.DATA;

    private static final int DATA_TYPE = 0;
    private static final int EXPAND_DOWN_TYPE = 1;
    private static final int CODE_TYPE = 2;
    private static final int CONFORMING_TYPE = 3;

    /** Entries of struct user_desc: number, base, limit, contents, read or execute only, in pages, not present. */
    private static final int[][] LDT = {
        {1, BASE, 0x1107, DATA_TYPE, 0, 0, 0},
        {2, BASE, 0x0F83, EXPAND_DOWN_TYPE, 0, 0, 0},
        {3, BASE, 0x1FFF, DATA_TYPE, 1, 0, 0},
        {4, 0, 0xFFFFF, CODE_TYPE, 0, 1, 0},
        {5, BASE, 0x1FFF, DATA_TYPE, 0, 0, 1},
        {6, 0, 0xFFFFF, CODE_TYPE, 1, 1, 0},
        {7, 0, 0xFFFFF, CONFORMING_TYPE, 0, 1, 1}, // Linux lets no other one in
        {8, 0, 0xFFFFF, CODE_TYPE, 0, 1, 1},
    };

    private HostSegments() {}

    /** What the harness reads first. */
    static int[] userDescriptors() {
        int[] words = new int[1 + 4 * LDT.length];
        words[0] = LDT.length;
        for (int n = 0; n < LDT.length; n++) {
            int[] entry = LDT[n];
            words[1 + 4 * n] = entry[0];
            words[2 + 4 * n] = entry[1];
            words[3 + 4 * n] = entry[2];
            // seg_32bit, contents, read_exec_only, limit_in_pages, seg_not_present
            words[4 + 4 * n] = 1 | entry[3] << 1 | entry[4] << 3 | entry[5] << 4 | entry[6] << 5;
        }
        return words;
    }

    /** The descriptor that a selector names, or 0. */
    static long descriptor(int selector) {
        if ((selector & 4) != 0) {
            int number = selector >>> 3;
            return number >= 1 && number <= LDT.length ? ldt(LDT[number - 1]) : 0;
        }
        return switch (selector & 0xFFF8) {
            case 0x08 -> 0x00CF_9B00_0000_FFFFL;
            case 0x10 -> 0x00AF_9B00_0000_FFFFL;
            case 0x18 -> 0x00CF_9300_0000_FFFFL;
            case 0x20 -> 0x00CF_FB00_0000_FFFFL;
            case 0x28 -> 0x00CF_F300_0000_FFFFL;
            case 0x30 -> 0x00AF_FB00_0000_FFFFL;
            default -> 0;
        };
    }

    private static long ldt(int[] entry) {
        long base = entry[1] & 0xFFFF_FFFFL;
        long limit = entry[2];
        long type = entry[3] << 2 | (entry[4] ^ 1) << 1 | 1;
        return limit & 0xFFFF
                | (base & 0xFF_FFFF) << 16
                | type << 40
                | 1L << 44
                | 3L << 45
                | (entry[6] == 0 ? 1L << 47 : 0)
                | (limit >> 16) << 48
                | 1L << 54
                | (long) entry[5] << 55
                | (base >>> 24) << 56;
    }

    /** Selectors for instructions that load or look at one. */
    static long selector(Random64 random) {
        return random.oneOf(
                0,
                0x03,
                0x23,
                0x2B,
                0x33,
                0x2B,
                0x33,
                0x23,
                0x20,
                0x28,
                0x29,
                0x30,
                0x10,
                0x18,
                0x13,
                0x1B,
                0x2A,
                DATA_LIMITED,
                EXPAND_DOWN,
                DATA_READ_ONLY,
                CODE_32,
                DATA_ABSENT,
                CODE_EXECUTE_ONLY,
                CODE_CONFORMING,
                CODE_ABSENT,
                0x0C,
                0x24,
                0x57,
                0x9F,
                0xFFF8,
                0xFFFF);
    }
}
