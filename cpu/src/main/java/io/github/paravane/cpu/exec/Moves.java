package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** MOV in all its forms, exchanges, extensions, conditional moves, LEA. */
final class Moves {
    private Moves() {}

    static void mov(Core c, Insn i) {
        c.setFirst(i, c.second(i));
    }

    static void movRr64(Core c, Insn i) {
        movRr64(c, i.dst, i.src);
    }

    static void movRr64(Core c, int dst, int src) {
        c.r[dst] = c.r[src];
    }

    static void movRr32(Core c, Insn i) {
        movRr32(c, i.dst, i.src);
    }

    static void movRr32(Core c, int dst, int src) {
        c.r[dst] = c.r[src] & 0xFFFF_FFFFL;
    }

    static void movRi64(Core c, Insn i) {
        movRi64(c, i.dst, i.imm);
    }

    static void movRi64(Core c, int dst, long imm) {
        c.r[dst] = imm;
    }

    static void movRi32(Core c, Insn i) {
        movRi32(c, i.dst, i.imm);
    }

    static void movRi32(Core c, int dst, long imm) {
        c.r[dst] = imm & 0xFFFF_FFFFL;
    }

    static void movRm64(Core c, Insn i) {
        movRm64(c, i.dst, c.address(i), i.stackSegment);
    }

    static void movRm64(Core c, int dst, long linear, boolean stack) {
        c.r[dst] = c.mem.load8(linear, stack);
    }

    static void movRm32(Core c, Insn i) {
        movRm32(c, i.dst, c.address(i), i.stackSegment);
    }

    static void movRm32(Core c, int dst, long linear, boolean stack) {
        c.r[dst] = c.mem.load4(linear, stack);
    }

    static void movMr64(Core c, Insn i) {
        movMr64(c, c.address(i), i.src, i.stackSegment);
    }

    static void movMr64(Core c, long linear, int src, boolean stack) {
        c.mem.store8(linear, c.r[src], stack);
    }

    static void movMr32(Core c, Insn i) {
        movMr32(c, c.address(i), i.src, i.stackSegment);
    }

    static void movMr32(Core c, long linear, int src, boolean stack) {
        c.mem.store4(linear, c.r[src], stack);
    }

    static void movMr8(Core c, Insn i) {
        c.mem.store1(c.address(i), c.reg(i.src, 1), i.stackSegment);
    }

    static void movMi64(Core c, Insn i) {
        movMi64(c, c.address(i), i.imm, i.stackSegment);
    }

    static void movMi64(Core c, long linear, long imm, boolean stack) {
        c.mem.store8(linear, imm, stack);
    }

    static void movMi32(Core c, Insn i) {
        movMi32(c, c.address(i), i.imm, i.stackSegment);
    }

    static void movMi32(Core c, long linear, long imm, boolean stack) {
        c.mem.store4(linear, imm, stack);
    }

    static void lea(Core c, Insn i) {
        c.setReg(i.dst, i.width, c.offset(i));
    }

    static void lea64(Core c, Insn i) {
        c.r[i.dst] = (c.r[i.base] + (c.r[i.index] << i.scale) + i.disp) & i.addressMask;
    }

    /** LEA at 8 bytes of an offset that is known. */
    static void lea64(Core c, int dst, long offset) {
        c.r[dst] = offset;
    }

    static void movzx(Core c, Insn i) {
        c.setReg(i.dst, i.width, c.second(i));
    }

    /** MOVZX and loads at 4 and 8 bytes from memory. */
    static void movzxRm(Core c, Insn i) {
        c.r[i.dst] = c.mem.load(c.address(i), i.width2, i.stackSegment);
    }

    static void movzxRm1(Core c, int dst, long linear, boolean stack) {
        c.r[dst] = c.mem.load1(linear, stack);
    }

    static void movsx(Core c, Insn i) {
        c.setReg(i.dst, i.width, Flags.signExtend(c.second(i), i.width2));
    }

    static void xchg(Core c, Insn i) {
        long old = c.modify(i);
        long value = c.reg(i.src, i.width);
        if (i.memOperand == 1) {
            c.mem.exchange(value);
        } else {
            c.setReg(i.dst, i.width, value);
        }
        c.setReg(i.src, i.width, old);
    }

    /** 90-97; 90 without REX.B is NOP, which must not clear the upper half of RAX. */
    static void xchgAccumulator(Core c, Insn i) {
        if (i.dst != 0) {
            long old = c.reg(Registers.RAX, i.width);
            c.setReg(Registers.RAX, i.width, c.reg(i.dst, i.width));
            c.setReg(i.dst, i.width, old);
        }
    }

    /** CBW, CWDE, CDQE. */
    static void convertWiden(Core c, Insn i) {
        int half = i.operandSize / 2;
        c.setReg(Registers.RAX, i.operandSize, Flags.signExtend(c.reg(Registers.RAX, half), half));
    }

    /** CWD, CDQ, CQO. */
    static void convertDouble(Core c, Insn i) {
        long sign = Flags.signExtend(c.reg(Registers.RAX, i.operandSize), i.operandSize) >> 63;
        c.setReg(Registers.RDX, i.operandSize, sign);
    }

    /** Loads the source even if the condition fails, and clears the upper half at 4 bytes in either case. */
    static void cmov(Core c, Insn i) {
        long value = c.second(i);
        c.setReg(i.dst, i.width, c.f.condition(i.cond) ? value : c.reg(i.dst, i.width));
    }

    static void setcc(Core c, Insn i) {
        c.setFirst(i, c.f.condition(i.cond) ? 1 : 0);
    }

    static void xlat(Core c, Insn i) {
        long offset = (c.r[Registers.RBX] + c.reg(Registers.RAX, 1)) & i.addressMask;
        long linear = i.long64 ? c.s.segmentBase[i.segment] + offset : c.segmented(i, i.segment, offset);
        c.setReg(Registers.RAX, 1, c.mem.load1(linear, i.stackSegment));
    }

    /** BSWAP; at 2 bytes the result is undefined and processors give zero. */
    static void bswap(Core c, Insn i) {
        long value = c.reg(i.dst, i.width);
        c.setReg(i.dst, i.width, i.width == 2 ? 0 : Long.reverseBytes(value) >>> (64 - 8 * i.width));
    }

    static void movbe(Core c, Insn i) {
        long value = c.second(i);
        c.setFirst(i, Long.reverseBytes(value) >>> (64 - 8 * i.width));
    }
}
