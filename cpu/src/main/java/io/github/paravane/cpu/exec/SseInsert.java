package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** SSE4.1: single elements into and out of XMM registers, and widening moves. */
final class SseInsert {
    private SseInsert() {}

    /** The general register of r/m: a byte operand is a whole register here, never AH to BH. */
    private static int register(Insn i) {
        return i.modrm & 7 | (i.rex & 1) << 3;
    }

    private static long element(Core c, Insn i, int bits) {
        int at = ((int) i.imm * bits) & 127;
        return c.xmm[2 * i.src + (at >>> 6)] >>> (at & 63) & -1L >>> (64 - bits);
    }

    private static void extract(Core c, Insn i, int bits) {
        c.requireFpu();
        long value = element(c, i, bits);
        if (i.memOperand == 1) {
            c.mem.store(c.address(i), value, bits / 8, i.stackSegment);
        } else {
            c.r[register(i)] = value;
        }
    }

    static void pextrb(Core c, Insn i) {
        extract(c, i, 8);
    }

    /** PEXTRW of the 0F 3A map. */
    static void pextrw(Core c, Insn i) {
        extract(c, i, 16);
    }

    /** PEXTRD, PEXTRQ. */
    static void pextrd(Core c, Insn i) {
        extract(c, i, 8 * i.width);
    }

    static void extractps(Core c, Insn i) {
        extract(c, i, 32);
    }

    private static void insert(Core c, Insn i, int bits) {
        c.requireFpu();
        long value =
                i.memOperand == 2 ? c.mem.load(c.address(i), bits / 8, i.stackSegment) : c.reg(register(i), bits / 8);
        int at = ((int) i.imm * bits) & 127;
        long lane = -1L >>> (64 - bits) << (at & 63);
        int half = 2 * i.dst + (at >>> 6);
        c.xmm[half] = c.xmm[half] & ~lane | value << (at & 63);
    }

    static void pinsrb(Core c, Insn i) {
        insert(c, i, 8);
    }

    /** PINSRD, PINSRQ. */
    static void pinsrd(Core c, Insn i) {
        insert(c, i, 8 * i.width2);
    }

    static void insertps(Core c, Insn i) {
        c.requireFpu();
        int order = (int) i.imm;
        int from = order >>> 6 & 3;
        long value = i.memOperand == 2
                ? c.mem.load4(c.address(i), i.stackSegment)
                : c.xmm[2 * i.src + (from >>> 1)] >>> (32 * (from & 1)) & 0xFFFF_FFFFL;
        int to = order >>> 4 & 3;
        long[] halves = {c.xmm[2 * i.dst], c.xmm[2 * i.dst + 1]};
        halves[to >>> 1] = halves[to >>> 1] & ~(0xFFFF_FFFFL << (32 * (to & 1))) | value << (32 * (to & 1));
        for (int n = 0; n < 4; n++) {
            if ((order >>> n & 1) != 0) {
                halves[n >>> 1] &= ~(0xFFFF_FFFFL << (32 * (n & 1)));
            }
        }
        SseOperands.set(c, i, halves[0], halves[1]);
    }

    /** PMOVSX (20-25) and PMOVZX (30-35): BW, BD, BQ, WD, WQ, DQ. */
    static void extend(Core c, Insn i) {
        c.requireFpu();
        long a = i.memOperand == 2 ? c.mem.load(c.address(i), i.width2, i.stackSegment) : c.xmm[2 * i.src];
        int kind = i.opcode & 7;
        int from = kind < 3 ? 8 : kind < 5 ? 16 : 32;
        int to = kind < 3 ? 16 << kind : kind < 5 ? 32 << (kind - 3) : 64;
        boolean signed = i.opcode < 0x30;
        int perHalf = 64 / to;
        SseOperands.set(c, i, widen(a, 0, from, to, signed), widen(a, perHalf * from, from, to, signed));
    }

    private static long widen(long a, int start, int from, int to, boolean signed) {
        long out = 0;
        long lane = -1L >>> (64 - to);
        for (int n = 0; n < 64 / to; n++) {
            long top = a >>> (start + n * from) << (64 - from);
            out |= ((signed ? top >> (64 - from) : top >>> (64 - from)) & lane) << (n * to);
        }
        return out;
    }
}
