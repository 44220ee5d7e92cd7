package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** Packed integers in XMM registers. */
final class SseInteger {
    private SseInteger() {}

    /** Operations on independent halves, by opcode byte. */
    static void packed(Core c, Insn i) {
        SseOperands.source(c, i);
        c.xmm[2 * i.dst] = Packed.apply(i.opcode, c.xmm[2 * i.dst], c.mem.lo);
        c.xmm[2 * i.dst + 1] = Packed.apply(i.opcode, c.xmm[2 * i.dst + 1], c.mem.hi);
    }

    static void shift(Core c, Insn i) {
        SseOperands.source(c, i);
        long count = c.mem.lo;
        c.xmm[2 * i.dst] = Packed.shift(i.opcode, c.xmm[2 * i.dst], count);
        c.xmm[2 * i.dst + 1] = Packed.shift(i.opcode, c.xmm[2 * i.dst + 1], count);
    }

    /** The groups 71, 72 and 73, except the byte shifts. */
    static void shiftImmediate(Core c, Insn i) {
        c.requireFpu();
        int opcode = Mmx.shiftOpcode(i);
        long count = i.imm & 0xFF;
        c.xmm[2 * i.dst] = Packed.shift(opcode, c.xmm[2 * i.dst], count);
        c.xmm[2 * i.dst + 1] = Packed.shift(opcode, c.xmm[2 * i.dst + 1], count);
    }

    static void psrldq(Core c, Insn i) {
        c.requireFpu();
        int bits = (int) Math.min(i.imm & 0xFF, 16) * 8;
        long low = c.xmm[2 * i.dst];
        long high = c.xmm[2 * i.dst + 1];
        if (bits >= 64) {
            SseOperands.set(c, i, bits == 128 ? 0 : high >>> (bits - 64), 0);
        } else if (bits != 0) {
            SseOperands.set(c, i, low >>> bits | high << (64 - bits), high >>> bits);
        }
    }

    static void pslldq(Core c, Insn i) {
        c.requireFpu();
        int bits = (int) Math.min(i.imm & 0xFF, 16) * 8;
        long low = c.xmm[2 * i.dst];
        long high = c.xmm[2 * i.dst + 1];
        if (bits >= 64) {
            SseOperands.set(c, i, 0, bits == 128 ? 0 : low << (bits - 64));
        } else if (bits != 0) {
            SseOperands.set(c, i, low << bits, high << bits | low >>> (64 - bits));
        }
    }

    /** PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ. */
    static void unpackLow(Core c, Insn i) {
        SseOperands.source(c, i);
        int size = 1 << (i.opcode & 3);
        long a = c.xmm[2 * i.dst];
        long b = c.mem.lo;
        SseOperands.set(c, i, Packed.interleaveLow(size, a, b), Packed.interleaveHigh(size, a, b));
    }

    /** PUNPCKHBW, PUNPCKHWD, PUNPCKHDQ. */
    static void unpackHigh(Core c, Insn i) {
        SseOperands.source(c, i);
        int size = 1 << (i.opcode & 3);
        long a = c.xmm[2 * i.dst + 1];
        long b = c.mem.hi;
        SseOperands.set(c, i, Packed.interleaveLow(size, a, b), Packed.interleaveHigh(size, a, b));
    }

    /** PACKSSWB, PACKUSWB, PACKSSDW. */
    static void pack(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = Packed.narrow(i.opcode, c.xmm[2 * i.dst]) | Packed.narrow(i.opcode, c.xmm[2 * i.dst + 1]) << 32;
        long high = Packed.narrow(i.opcode, c.mem.lo) | Packed.narrow(i.opcode, c.mem.hi) << 32;
        SseOperands.set(c, i, low, high);
    }
}
