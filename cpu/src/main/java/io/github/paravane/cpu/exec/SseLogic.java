package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** Bitwise operations on whole XMM registers, of the floating-point and the integer kind. */
final class SseLogic {
    private SseLogic() {}

    static void and(Core c, Insn i) {
        SseOperands.source(c, i);
        c.xmm[2 * i.dst] &= c.mem.lo;
        c.xmm[2 * i.dst + 1] &= c.mem.hi;
    }

    static void andNot(Core c, Insn i) {
        SseOperands.source(c, i);
        c.xmm[2 * i.dst] = ~c.xmm[2 * i.dst] & c.mem.lo;
        c.xmm[2 * i.dst + 1] = ~c.xmm[2 * i.dst + 1] & c.mem.hi;
    }

    static void or(Core c, Insn i) {
        SseOperands.source(c, i);
        c.xmm[2 * i.dst] |= c.mem.lo;
        c.xmm[2 * i.dst + 1] |= c.mem.hi;
    }

    static void xor(Core c, Insn i) {
        SseOperands.source(c, i);
        c.xmm[2 * i.dst] ^= c.mem.lo;
        c.xmm[2 * i.dst + 1] ^= c.mem.hi;
    }
}
