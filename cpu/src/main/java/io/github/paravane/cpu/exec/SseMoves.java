package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** Moves between XMM registers, general registers and memory; shuffles of singles and doubles. */
final class SseMoves {
    private SseMoves() {}

    /** MOVAPS, MOVAPD, MOVDQA as loads. */
    static void loadAligned(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.set(c, i, c.mem.lo, c.mem.hi);
    }

    /** MOVUPS, MOVUPD, MOVDQU as loads. */
    static void load(Core c, Insn i) {
        SseOperands.unalignedSource(c, i);
        SseOperands.set(c, i, c.mem.lo, c.mem.hi);
    }

    /** MOVAPS, MOVAPD, MOVDQA, MOVNTPS, MOVNTPD, MOVNTDQ as stores. */
    static void storeAligned(Core c, Insn i) {
        c.requireFpu();
        if (i.memOperand == 1) {
            c.mem.store16(SseOperands.aligned(c, i), c.xmm[2 * i.src], c.xmm[2 * i.src + 1], i.stackSegment);
        } else {
            SseOperands.set(c, i, c.xmm[2 * i.src], c.xmm[2 * i.src + 1]);
        }
    }

    /** MOVUPS, MOVUPD, MOVDQU as stores. */
    static void store(Core c, Insn i) {
        c.requireFpu();
        if (i.memOperand == 1) {
            c.mem.store16(c.address(i), c.xmm[2 * i.src], c.xmm[2 * i.src + 1], i.stackSegment);
        } else {
            SseOperands.set(c, i, c.xmm[2 * i.src], c.xmm[2 * i.src + 1]);
        }
    }

    /** MOVSS as a load: from memory the rest of the register becomes zero. */
    static void loadSingle(Core c, Insn i) {
        int value = SseOperands.dword(c, i);
        if (i.memOperand == 2) {
            SseOperands.set(c, i, value & 0xFFFF_FFFFL, 0);
        } else {
            SseOperands.setDword(c, i, value);
        }
    }

    /** MOVSS as a store. */
    static void storeSingle(Core c, Insn i) {
        c.requireFpu();
        if (i.memOperand == 1) {
            c.mem.store4(c.address(i), c.xmm[2 * i.src], i.stackSegment);
        } else {
            SseOperands.setDword(c, i, (int) c.xmm[2 * i.src]);
        }
    }

    /** MOVSD as a load: from memory the rest of the register becomes zero. */
    static void loadDouble(Core c, Insn i) {
        long value = SseOperands.quad(c, i);
        c.xmm[2 * i.dst] = value;
        if (i.memOperand == 2) {
            c.xmm[2 * i.dst + 1] = 0;
        }
    }

    /** MOVSD, MOVLPS and MOVLPD as stores. */
    static void storeLow(Core c, Insn i) {
        c.requireFpu();
        if (i.memOperand == 1) {
            c.mem.store8(c.address(i), c.xmm[2 * i.src], i.stackSegment);
        } else {
            c.xmm[2 * i.dst] = c.xmm[2 * i.src];
        }
    }

    /** MOVHPS, MOVHPD as stores. */
    static void storeHigh(Core c, Insn i) {
        c.requireFpu();
        c.mem.store8(c.address(i), c.xmm[2 * i.src + 1], i.stackSegment);
    }

    /** MOVLPS, MOVLPD as loads. */
    static void loadLow(Core c, Insn i) {
        c.xmm[2 * i.dst] = SseOperands.quad(c, i);
    }

    /** MOVHPS, MOVHPD as loads; MOVLHPS. */
    static void loadHigh(Core c, Insn i) {
        c.xmm[2 * i.dst + 1] = SseOperands.quad(c, i);
    }

    static void movhlps(Core c, Insn i) {
        c.requireFpu();
        c.xmm[2 * i.dst] = c.xmm[2 * i.src + 1];
    }

    /** MOVQ from an XMM register or memory: the high half becomes zero. */
    static void movq(Core c, Insn i) {
        SseOperands.set(c, i, SseOperands.quad(c, i), 0);
    }

    /** MOVQ to an XMM register or memory. */
    static void storeMovq(Core c, Insn i) {
        c.requireFpu();
        if (i.memOperand == 1) {
            c.mem.store8(c.address(i), c.xmm[2 * i.src], i.stackSegment);
        } else {
            SseOperands.set(c, i, c.xmm[2 * i.src], 0);
        }
    }

    /** MOVD, MOVQ from a general register or memory. */
    static void fromGeneral(Core c, Insn i) {
        c.requireFpu();
        SseOperands.set(c, i, c.second(i), 0);
    }

    /** MOVD, MOVQ to a general register or memory. */
    static void toGeneral(Core c, Insn i) {
        c.requireFpu();
        c.setFirst(i, c.xmm[2 * i.src]);
    }

    static void movmskps(Core c, Insn i) {
        c.requireFpu();
        long low = c.xmm[2 * i.src];
        long high = c.xmm[2 * i.src + 1];
        c.r[i.dst] = (low >>> 31 & 1) | (low >>> 62 & 2) | (high >>> 29 & 4) | (high >>> 60 & 8);
    }

    static void movmskpd(Core c, Insn i) {
        c.requireFpu();
        c.r[i.dst] = c.xmm[2 * i.src] >>> 63 | (c.xmm[2 * i.src + 1] >>> 62 & 2);
    }

    /** MASKMOVDQU: stores the bytes of the first operand whose mask byte is negative at DS:rDI. */
    static void maskmovdqu(Core c, Insn i) {
        c.requireFpu();
        long address = Mmx.maskedAddress(c, i);
        long lowMask = c.xmm[2 * i.src];
        long highMask = c.xmm[2 * i.src + 1];
        // AMD processors check all 16 bytes, whatever the mask.
        c.mem.probeWrite(address, 8, i.stackSegment);
        c.mem.probeWrite(address + 8, 8, i.stackSegment);
        Mmx.maskedStore(c, i, address, c.xmm[2 * i.dst], lowMask);
        Mmx.maskedStore(c, i, address + 8, c.xmm[2 * i.dst + 1], highMask);
    }

    static void unpcklps(Core c, Insn i) {
        SseOperands.source(c, i);
        long a = c.xmm[2 * i.dst];
        long b = c.mem.lo;
        SseOperands.set(c, i, Packed.interleaveLow(4, a, b), Packed.interleaveHigh(4, a, b));
    }

    static void unpckhps(Core c, Insn i) {
        SseOperands.source(c, i);
        long a = c.xmm[2 * i.dst + 1];
        long b = c.mem.hi;
        SseOperands.set(c, i, Packed.interleaveLow(4, a, b), Packed.interleaveHigh(4, a, b));
    }

    /** UNPCKLPD, PUNPCKLQDQ. */
    static void unpcklpd(Core c, Insn i) {
        SseOperands.source(c, i);
        c.xmm[2 * i.dst + 1] = c.mem.lo;
    }

    /** UNPCKHPD, PUNPCKHQDQ. */
    static void unpckhpd(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.set(c, i, c.xmm[2 * i.dst + 1], c.mem.hi);
    }

    static void shufps(Core c, Insn i) {
        SseOperands.source(c, i);
        int order = (int) i.imm;
        long aLow = c.xmm[2 * i.dst];
        long aHigh = c.xmm[2 * i.dst + 1];
        long low = lane(aLow, aHigh, order) | lane(aLow, aHigh, order >>> 2) << 32;
        long high = lane(c.mem.lo, c.mem.hi, order >>> 4) | lane(c.mem.lo, c.mem.hi, order >>> 6) << 32;
        SseOperands.set(c, i, low, high);
    }

    private static long lane(long low, long high, int number) {
        return ((number & 2) != 0 ? high : low) >>> ((number & 1) * 32) & 0xFFFF_FFFFL;
    }

    static void shufpd(Core c, Insn i) {
        SseOperands.source(c, i);
        long low = (i.imm & 1) != 0 ? c.xmm[2 * i.dst + 1] : c.xmm[2 * i.dst];
        SseOperands.set(c, i, low, (i.imm & 2) != 0 ? c.mem.hi : c.mem.lo);
    }

    static void pshufd(Core c, Insn i) {
        SseOperands.source(c, i);
        int order = (int) i.imm;
        long low = lane(c.mem.lo, c.mem.hi, order) | lane(c.mem.lo, c.mem.hi, order >>> 2) << 32;
        long high = lane(c.mem.lo, c.mem.hi, order >>> 4) | lane(c.mem.lo, c.mem.hi, order >>> 6) << 32;
        SseOperands.set(c, i, low, high);
    }

    static void pshuflw(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.set(c, i, Packed.shuffleWords(c.mem.lo, (int) i.imm), c.mem.hi);
    }

    static void pshufhw(Core c, Insn i) {
        SseOperands.source(c, i);
        SseOperands.set(c, i, c.mem.lo, Packed.shuffleWords(c.mem.hi, (int) i.imm));
    }

    static void pextrw(Core c, Insn i) {
        c.requireFpu();
        long half = c.xmm[2 * i.src + ((int) i.imm >>> 2 & 1)];
        c.r[i.dst] = half >>> (((int) i.imm & 3) * 16) & 0xFFFF;
    }

    static void pinsrw(Core c, Insn i) {
        c.requireFpu();
        long word = i.memOperand == 2 ? c.mem.load2(c.address(i), i.stackSegment) : c.r[i.src] & 0xFFFF;
        int at = 2 * i.dst + ((int) i.imm >>> 2 & 1);
        c.xmm[at] = Packed.insertWord(c.xmm[at], (int) i.imm & 3, word);
    }

    static void pmovmskb(Core c, Insn i) {
        c.requireFpu();
        c.r[i.dst] = Packed.signs(c.xmm[2 * i.src]) | Packed.signs(c.xmm[2 * i.src + 1]) << 8;
    }

    /** MOVDQ2Q. */
    static void movdq2q(Core c, Insn i) {
        Mmx.begin(c);
        Mmx.set(c, i.dst, c.xmm[2 * i.src]);
    }

    /** MOVQ2DQ. */
    static void movq2dq(Core c, Insn i) {
        Mmx.begin(c);
        Mmx.enter(c);
        SseOperands.set(c, i, c.fpu.significand[i.src], 0);
    }
}
