package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/**
 * MMX: packed integers in the significands of the physical x87 registers. Every MMX instruction sets TOP to 0 and marks
 * all registers valid; a register that is written gets an exponent of all ones (Intel SDM vol 1, 9.2 and 9.6).
 */
final class Mmx {
    private Mmx() {}

    /** The checks before an MMX instruction: #NM, then a pending x87 exception. */
    static void begin(Core c) {
        c.requireFpu();
        X87Stack.checkPending(c);
    }

    /** What every MMX instruction except EMMS does to the x87 state. */
    static void enter(Core c) {
        c.fpu.top = 0;
        c.fpu.tags = 0xFF;
    }

    static void set(Core c, int register, long value) {
        enter(c);
        c.fpu.significand[register] = value;
        c.fpu.signExponent[register] = 0xFFFF;
    }

    static long source(Core c, Insn i) {
        begin(c);
        return i.memOperand == 2 ? c.mem.load(c.address(i), i.width2, i.stackSegment) : c.fpu.significand[i.src];
    }

    static void packed(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, Packed.apply(i.opcode, c.fpu.significand[i.dst], b));
    }

    static void and(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, c.fpu.significand[i.dst] & b);
    }

    static void andNot(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, ~c.fpu.significand[i.dst] & b);
    }

    static void or(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, c.fpu.significand[i.dst] | b);
    }

    static void xor(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, c.fpu.significand[i.dst] ^ b);
    }

    static void shift(Core c, Insn i) {
        long count = source(c, i);
        set(c, i.dst, Packed.shift(i.opcode, c.fpu.significand[i.dst], count));
    }

    /** The opcode of the shift by register that a row of the groups 71, 72, 73 corresponds to. */
    static int shiftOpcode(Insn i) {
        int digit = i.modrm >>> 3 & 7;
        return (digit == 2 ? 0xD0 : digit == 4 ? 0xE0 : 0xF0) | (i.opcode & 3);
    }

    static void shiftImmediate(Core c, Insn i) {
        begin(c);
        set(c, i.dst, Packed.shift(shiftOpcode(i), c.fpu.significand[i.dst], i.imm & 0xFF));
    }

    static void unpackLow(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, Packed.interleaveLow(1 << (i.opcode & 3), c.fpu.significand[i.dst], b));
    }

    static void unpackHigh(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, Packed.interleaveHigh(1 << (i.opcode & 3), c.fpu.significand[i.dst], b));
    }

    static void pack(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, Packed.narrow(i.opcode, c.fpu.significand[i.dst]) | Packed.narrow(i.opcode, b) << 32);
    }

    /** MOVQ as a load. */
    static void load(Core c, Insn i) {
        set(c, i.dst, source(c, i));
    }

    /** MOVQ and MOVNTQ as stores. */
    static void store(Core c, Insn i) {
        begin(c);
        if (i.memOperand == 1) {
            c.mem.store8(c.address(i), c.fpu.significand[i.src], i.stackSegment);
            enter(c);
        } else {
            set(c, i.dst, c.fpu.significand[i.src]);
        }
    }

    /** MOVD, MOVQ from a general register or memory. */
    static void fromGeneral(Core c, Insn i) {
        begin(c);
        set(c, i.dst, c.second(i));
    }

    /** MOVD, MOVQ to a general register or memory. */
    static void toGeneral(Core c, Insn i) {
        begin(c);
        c.setFirst(i, c.fpu.significand[i.src]);
        enter(c);
    }

    static void pshufw(Core c, Insn i) {
        long b = source(c, i);
        set(c, i.dst, Packed.shuffleWords(b, (int) i.imm));
    }

    static void pextrw(Core c, Insn i) {
        begin(c);
        enter(c);
        c.r[i.dst] = c.fpu.significand[i.src] >>> (((int) i.imm & 3) * 16) & 0xFFFF;
    }

    static void pinsrw(Core c, Insn i) {
        begin(c);
        long word = i.memOperand == 2 ? c.mem.load2(c.address(i), i.stackSegment) : c.r[i.src] & 0xFFFF;
        set(c, i.dst, Packed.insertWord(c.fpu.significand[i.dst], (int) i.imm & 3, word));
    }

    static void pmovmskb(Core c, Insn i) {
        begin(c);
        enter(c);
        c.r[i.dst] = Packed.signs(c.fpu.significand[i.src]);
    }

    static void maskmovq(Core c, Insn i) {
        begin(c);
        // The registers become MMX registers even if the store faults, and all 8 bytes are checked, whatever the mask:
        // so do
        // AMD processors.
        enter(c);
        long address = maskedAddress(c, i);
        long mask = c.fpu.significand[i.src];
        c.mem.probeWrite(address, 8, i.stackSegment);
        maskedStore(c, i, address, c.fpu.significand[i.dst], mask);
    }

    /** Linear address of DS:rDI (or with a segment override), checked for 8 bytes and their alignment. */
    static long maskedAddress(Core c, Insn i) {
        long offset = c.r[7] & i.addressMask;
        long linear = i.long64 ? c.s.segmentBase[i.segment] + offset : c.segmented(i, i.segment, offset);
        c.mem.checkAlignment(linear + 7, 1, i.stackSegment);
        c.mem.checkAlignment(linear, 8, i.stackSegment);
        return linear;
    }

    static void maskedStore(Core c, Insn i, long address, long value, long mask) {
        for (int n = 0; n < 8; n++) {
            if ((mask >>> (8 * n + 7) & 1) != 0) {
                c.mem.store1(address + n, value >>> (8 * n), i.stackSegment);
            }
        }
    }

    static void emms(Core c, Insn i) {
        begin(c);
        c.fpu.tags = 0;
    }
}
