package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** SSE4.1 and SSE4.2: blends, PTEST, and packed integer comparison, extremes, multiplication and packing. */
final class SseBlend {
    private SseBlend() {}

    /** Bits of the mask spread over lanes of {@code bits} bits. */
    private static long lanes(int mask, int bits) {
        long out = 0;
        for (int n = 0; n < 64 / bits; n++) {
            out |= (mask >>> n & 1) == 0 ? 0 : -1L >>> (64 - bits) << (n * bits);
        }
        return out;
    }

    private static void select(Core c, Insn i, long lowMask, long highMask) {
        long low = c.xmm[2 * i.dst] & ~lowMask | c.mem.lo & lowMask;
        SseOperands.set(c, i, low, c.xmm[2 * i.dst + 1] & ~highMask | c.mem.hi & highMask);
    }

    /** PBLENDW (0E), BLENDPS (0C), BLENDPD (0D), by the immediate. */
    static void immediate(Core c, Insn i) {
        SseOperands.source(c, i);
        int bits = i.opcode == 0x0E ? 16 : i.opcode == 0x0C ? 32 : 64;
        int mask = (int) i.imm;
        select(c, i, lanes(mask, bits), lanes(mask >>> (64 / bits), bits));
    }

    /** PBLENDVB (10), BLENDVPS (14), BLENDVPD (15), by the signs in XMM0. */
    static void variable(Core c, Insn i) {
        SseOperands.source(c, i);
        int bits = i.opcode == 0x10 ? 8 : i.opcode == 0x14 ? 32 : 64;
        select(c, i, signs(c.xmm[0], bits), signs(c.xmm[1], bits));
    }

    private static long signs(long a, int bits) {
        long out = 0;
        for (int n = 0; n < 64; n += bits) {
            out |= a << (64 - bits - n) < 0 ? -1L >>> (64 - bits) << n : 0;
        }
        return out;
    }

    static void ptest(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = c.xmm[2 * i.dst];
        long high = c.xmm[2 * i.dst + 1];
        boolean none = (low & c.mem.lo | high & c.mem.hi) == 0;
        boolean covered = (~low & c.mem.lo | ~high & c.mem.hi) == 0;
        c.f.setArithmetic((none ? Flags.ZF : 0) | (covered ? Flags.CF : 0));
    }

    /**
     * PMINSB, PMINSD, PMINUW, PMINUD, PMAXSB, PMAXSD, PMAXUW, PMAXUD (38-3F), PMULDQ (28), PCMPEQQ (29), PCMPGTQ (37),
     * PMULLD (40).
     */
    static void packed(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = apply(i.opcode, c.xmm[2 * i.dst], c.mem.lo);
        SseOperands.set(c, i, low, apply(i.opcode, c.xmm[2 * i.dst + 1], c.mem.hi));
    }

    private static long apply(int opcode, long a, long b) {
        return switch (opcode) {
            case 0x28 -> (long) (int) a * (int) b;
            case 0x29 -> a == b ? -1 : 0;
            case 0x37 -> a > b ? -1 : 0;
            case 0x40 -> SseArithmetic.join((int) a * (int) b, (int) (a >>> 32) * (int) (b >>> 32));
            default -> extremes(opcode, a, b);
        };
    }

    private static long extremes(int opcode, long a, long b) {
        int kind = opcode & 3;
        int bits = kind == 0 ? 8 : kind == 2 ? 16 : 32;
        boolean signed = kind < 2;
        boolean greatest = (opcode & 4) != 0;
        long out = 0;
        for (int n = 0; n < 64; n += bits) {
            long x = lane(a, n, bits, signed);
            long y = lane(b, n, bits, signed);
            out |= ((greatest ? Math.max(x, y) : Math.min(x, y)) & -1L >>> (64 - bits)) << n;
        }
        return out;
    }

    private static long lane(long a, int at, int bits, boolean signed) {
        long top = a << (64 - bits - at);
        return signed ? top >> (64 - bits) : top >>> (64 - bits);
    }

    /** PACKUSDW. */
    static void pack(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = narrow(c.xmm[2 * i.dst]) | narrow(c.xmm[2 * i.dst + 1]) << 32;
        SseOperands.set(c, i, low, narrow(c.mem.lo) | narrow(c.mem.hi) << 32);
    }

    private static long narrow(long a) {
        long low = Math.max(0, Math.min(0xFFFF, (int) a));
        return low | (long) Math.max(0, Math.min(0xFFFF, (int) (a >>> 32))) << 16;
    }

    /** PHMINPOSUW: the smallest word and its first place. */
    static void phminposuw(Core c, Insn i) {
        SseOperands.source(c, i);
        long least = 0x1_0000;
        long place = 0;
        for (int n = 0; n < 8; n++) {
            long word = (n < 4 ? c.mem.lo : c.mem.hi) >>> (16 * (n & 3)) & 0xFFFF;
            if (word < least) {
                least = word;
                place = n;
            }
        }
        SseOperands.set(c, i, least | place << 16, 0);
    }

    /** MPSADBW: eight sums of absolute differences of four bytes each. */
    static void mpsadbw(Core c, Insn i) {
        SseOperands.source(c, i);
        int from = ((int) i.imm & 3) * 4;
        int to = ((int) i.imm >>> 2 & 1) * 4;
        long[] sums = new long[2];
        for (int n = 0; n < 8; n++) {
            long sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += Math.abs(byteOf(c.xmm[2 * i.dst], c.xmm[2 * i.dst + 1], to + n + k)
                        - byteOf(c.mem.lo, c.mem.hi, from + k));
            }
            sums[n >>> 2] |= sum << (16 * (n & 3));
        }
        SseOperands.set(c, i, sums[0], sums[1]);
    }

    private static int byteOf(long low, long high, int n) {
        return (int) ((n < 8 ? low : high) >>> (8 * (n & 7))) & 0xFF;
    }
}
