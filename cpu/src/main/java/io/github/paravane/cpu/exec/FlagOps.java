package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** Single flags, LAHF and SAHF, and the instructions without effect here: NOP, PAUSE, fences, CLFLUSH. */
final class FlagOps {
    private FlagOps() {}

    static void nop(Core c, Insn i) {}

    /** PAUSE; with REX.B it is the XCHG that the opcode says. */
    static void pause(Core c, Insn i) {
        if ((i.rex & 1) != 0) {
            long old = c.reg(0, i.operandSize);
            c.setReg(0, i.operandSize, c.reg(8, i.operandSize));
            c.setReg(8, i.operandSize, old);
        }
    }

    /** One thread runs the machine and it sees its own stores in order. */
    static void fence(Core c, Insn i) {}

    /** No cache to flush; the address is checked as a load is. */
    static void clflush(Core c, Insn i) {
        c.mem.load1(c.address(i), i.stackSegment);
    }

    static void clc(Core c, Insn i) {
        c.f.setCf(false);
    }

    static void stc(Core c, Insn i) {
        c.f.setCf(true);
    }

    static void cmc(Core c, Insn i) {
        c.f.setCf(!c.f.cf());
    }

    static void cld(Core c, Insn i) {
        c.f.system &= ~(long) Flags.DF;
    }

    static void std(Core c, Insn i) {
        c.f.system |= Flags.DF;
    }

    static void lahf(Core c, Insn i) {
        c.setReg(20, 1, c.f.arithmetic() & 0xFF | 2);
    }

    static void sahf(Core c, Insn i) {
        c.f.setArithmetic(c.f.arithmetic() & Flags.OF | c.reg(20, 1));
    }
}
