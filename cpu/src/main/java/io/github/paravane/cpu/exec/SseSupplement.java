package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** SSSE3, on XMM and on MMX registers. */
final class SseSupplement {
    private SseSupplement() {}

    static void packed(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = PackedSupplement.apply(i.opcode, c.xmm[2 * i.dst], c.mem.lo);
        long high = PackedSupplement.apply(i.opcode, c.xmm[2 * i.dst + 1], c.mem.hi);
        SseOperands.set(c, i, low, high);
    }

    static void packedMmx(Core c, Insn i) {
        long b = Mmx.source(c, i);
        Mmx.set(c, i.dst, PackedSupplement.apply(i.opcode, c.fpu.significand[i.dst], b));
    }

    static void horizontal(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = both(i.opcode, c.xmm[2 * i.dst], c.xmm[2 * i.dst + 1]);
        SseOperands.set(c, i, low, both(i.opcode, c.mem.lo, c.mem.hi));
    }

    static void horizontalMmx(Core c, Insn i) {
        long b = Mmx.source(c, i);
        Mmx.set(c, i.dst, both(i.opcode, c.fpu.significand[i.dst], b));
    }

    private static long both(int opcode, long low, long high) {
        return PackedSupplement.horizontal(opcode, low) | PackedSupplement.horizontal(opcode, high) << 32;
    }

    /** PSHUFB. */
    static void shuffle(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = c.xmm[2 * i.dst];
        long high = c.xmm[2 * i.dst + 1];
        long newLow = PackedSupplement.shuffle(low, high, 15, c.mem.lo);
        SseOperands.set(c, i, newLow, PackedSupplement.shuffle(low, high, 15, c.mem.hi));
    }

    static void shuffleMmx(Core c, Insn i) {
        long order = Mmx.source(c, i);
        Mmx.set(c, i.dst, PackedSupplement.shuffle(c.fpu.significand[i.dst], 0, 7, order));
    }

    /** PALIGNR. */
    static void align(Core c, Insn i) {
        SseOperands.source(c, i);
        long[] bytes = {c.mem.lo, c.mem.hi, c.xmm[2 * i.dst], c.xmm[2 * i.dst + 1], 0, 0, 0};
        int at = Math.min((int) i.imm & 0xFF, 32);
        int word = at >>> 3;
        long low = PackedSupplement.window(bytes[word], bytes[word + 1], 0, at & 7);
        SseOperands.set(c, i, low, PackedSupplement.window(bytes[word + 1], bytes[word + 2], 0, at & 7));
    }

    static void alignMmx(Core c, Insn i) {
        long b = Mmx.source(c, i);
        int at = (int) i.imm & 0xFF;
        Mmx.set(c, i.dst, at > 15 ? 0 : PackedSupplement.window(b, c.fpu.significand[i.dst], 0, at));
    }
}
