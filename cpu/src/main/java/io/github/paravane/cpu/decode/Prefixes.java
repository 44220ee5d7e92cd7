package io.github.paravane.cpu.decode;

/** The prefixes of one instruction: legacy, REX, and what a VEX prefix stands for. */
final class Prefixes {
    /** Classes of mandatory prefixes, in the order of VEX.pp and of the table. */
    private static final int NONE = 0;

    private static final int P66 = 1;
    private static final int PF3 = 2;
    private static final int PF2 = 3;

    private boolean long64;
    private boolean vex;
    private int vexPrefix;
    private int repeat;

    /** 66. */
    boolean operand16;
    /** 67. */
    boolean address;
    /** F0. */
    boolean lock;
    /** Segment override, or -1; ES, CS, SS and DS do nothing in 64-bit mode. */
    int segment;
    /** REX byte, or what VEX says in its form; 0 if neither is there. */
    int rex;
    /** REX.W or VEX.W. */
    boolean wide;
    /** A VEX prefix that is undefined with what stands before it, or for 256 bits. */
    boolean vexBad;
    /** VEX.vvvv. */
    int vexRegister;

    /** Reads legacy and REX prefixes; answers the first byte that is none. */
    int read(CodeReader code, boolean inLong64) {
        reset(inLong64);
        while (true) {
            int b = code.next();
            if (code.overrun()) {
                return 0;
            }
            if (long64 && (b & 0xF0) == 0x40) {
                rex = b;
                continue;
            }
            switch (b) {
                case 0x66 -> operand16 = true;
                case 0x67 -> address = true;
                case 0xF0 -> lock = true;
                case 0xF2 -> repeat = PF2;
                case 0xF3 -> repeat = PF3;
                case 0x26, 0x2E, 0x36, 0x3E -> {
                    if (!long64) {
                        segment = (b >>> 3) & 3;
                    }
                }
                case 0x64 -> segment = 4;
                case 0x65 -> segment = 5;
                default -> {
                    wide = (rex & 8) != 0;
                    return b;
                }
            }
            // A REX prefix counts only directly before the opcode.
            rex = 0;
        }
    }

    private void reset(boolean inLong64) {
        long64 = inLong64;
        operand16 = false;
        address = false;
        lock = false;
        repeat = NONE;
        segment = -1;
        rex = 0;
        wide = false;
        vex = false;
        vexBad = false;
        vexRegister = 0;
        vexPrefix = 0;
    }

    /** Reads the rest of a VEX prefix that began with {@code first} (C4 or C5); answers the map, or -1. */
    int readVex(CodeReader code, int first) {
        vex = true;
        vexBad = lock || operand16 || repeat != 0 || rex != 0;
        int second = code.next();
        int last = second;
        int map = 1;
        int inverted = ~second;
        rex = 0x40 | ((inverted >>> 5) & 4);
        if (first == 0xC4) {
            map = second & 0x1F;
            last = code.next();
            rex |= (inverted >>> 5) & 3;
            rex |= (last >>> 4) & 8;
        }
        if (!long64) {
            rex &= 0x48;
        }
        wide = long64 && (rex & 8) != 0;
        vexRegister = (~last >>> 3) & (long64 ? 15 : 7);
        vexPrefix = last & 3;
        vexBad |= (last & 4) != 0;
        return map == 2 ? 4 : map == 3 ? 5 : -1;
    }

    /** The class of the mandatory prefix: the last of F2 and F3, else 66, else none. */
    int mandatory() {
        if (vex) {
            return vexPrefix;
        }
        return repeat != NONE ? repeat : operand16 ? P66 : NONE;
    }

    /** As {@link Insn#rep}. */
    int rep() {
        return repeat == PF3 ? Insn.REP : repeat == PF2 ? Insn.REPNE : 0;
    }
}
