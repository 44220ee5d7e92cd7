package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** SSE3: horizontal and alternating addition and subtraction, and the moves that duplicate elements. */
final class SseHorizontal {
    private SseHorizontal() {}

    /** HADDPS (7C), HSUBPS (7D): neighbours of the destination, then of the source. */
    static void horizontalSingle(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        int op = i.opcode == 0x7C ? SseScalar.ADD : SseScalar.SUB;
        long low = SseArithmetic.join(across32(c, op, c.xmm[2 * i.dst]), across32(c, op, c.xmm[2 * i.dst + 1]));
        long high = SseArithmetic.join(across32(c, op, c.mem.lo), across32(c, op, c.mem.hi));
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    private static int across32(Core c, int op, long pair) {
        return SseScalar.binary32(c, op, (int) pair, (int) (pair >>> 32));
    }

    /** HADDPD (7C), HSUBPD (7D). */
    static void horizontalDouble(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        int op = i.opcode == 0x7C ? SseScalar.ADD : SseScalar.SUB;
        long low = SseScalar.binary64(c, op, c.xmm[2 * i.dst], c.xmm[2 * i.dst + 1]);
        long high = SseScalar.binary64(c, op, c.mem.lo, c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    /** ADDSUBPS: even elements are subtracted, odd ones added. */
    static void addsubSingle(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = alternate32(c, c.xmm[2 * i.dst], c.mem.lo);
        long high = alternate32(c, c.xmm[2 * i.dst + 1], c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    private static long alternate32(Core c, long a, long b) {
        int low = SseScalar.binary32(c, SseScalar.SUB, (int) a, (int) b);
        int high = SseScalar.binary32(c, SseScalar.ADD, (int) (a >>> 32), (int) (b >>> 32));
        return SseArithmetic.join(low, high);
    }

    /** ADDSUBPD. */
    static void addsubDouble(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.begin(c);
        long low = SseScalar.binary64(c, SseScalar.SUB, c.xmm[2 * i.dst], c.mem.lo);
        long high = SseScalar.binary64(c, SseScalar.ADD, c.xmm[2 * i.dst + 1], c.mem.hi);
        SseOperands.finish(c);
        SseOperands.set(c, i, low, high);
    }

    static void movddup(Core c, Insn i) {
        long a = SseOperands.quad(c, i);
        SseOperands.set(c, i, a, a);
    }

    static void movsldup(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = c.mem.lo & 0xFFFF_FFFFL;
        long high = c.mem.hi & 0xFFFF_FFFFL;
        SseOperands.set(c, i, low | low << 32, high | high << 32);
    }

    static void movshdup(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = c.mem.lo >>> 32;
        long high = c.mem.hi >>> 32;
        SseOperands.set(c, i, low | low << 32, high | high << 32);
    }
}
