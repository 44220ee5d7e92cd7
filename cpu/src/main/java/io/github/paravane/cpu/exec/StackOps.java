package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/** PUSH, POP, PUSHF, POPF, ENTER, LEAVE. */
final class StackOps {
    private StackOps() {}

    static void push(Core c, Insn i) {
        long value = i.form == Insn.I ? i.imm : c.first(i);
        c.push(value, i.operandSize);
    }

    static void pushR64(Core c, Insn i) {
        pushR64(c, i.dst);
    }

    static void pushR64(Core c, int src) {
        long stack = c.r[Registers.RSP] - 8;
        c.mem.store8(stack, c.r[src], true);
        c.r[Registers.RSP] = stack;
    }

    static void popR64(Core c, Insn i) {
        popR64(c, i.dst);
    }

    static void popR64(Core c, int dst) {
        long stack = c.r[Registers.RSP];
        long value = c.mem.load8(stack, true);
        c.r[Registers.RSP] = stack + 8;
        c.r[dst] = value;
    }

    static void pop(Core c, Insn i) {
        int width = i.operandSize;
        long value = c.stackLoad(0, width);
        if (i.memOperand == 1) {
            // An address that uses RSP sees it after the pop; RSP moves only if the store succeeds.
            long stack = c.r[Registers.RSP];
            long address;
            try {
                c.moveStack(width);
                address = c.address(i);
            } finally {
                c.r[Registers.RSP] = stack;
            }
            c.mem.store(address, value, width, i.stackSegment);
            c.moveStack(width);
        } else {
            c.moveStack(width);
            c.setReg(i.dst, width, value);
        }
    }

    static void pusha(Core c, Insn i) {
        int width = i.operandSize;
        for (int n = 0; n < 8; n++) {
            c.stackStore(-(n + 1L) * width, c.reg(n, width), width);
        }
        c.moveStack(-8L * width);
    }

    static void popa(Core c, Insn i) {
        int width = i.operandSize;
        long[] values = new long[8];
        for (int n = 0; n < 8; n++) {
            values[n] = c.stackLoad((long) n * width, width);
        }
        for (int n = 0; n < 8; n++) {
            if (n != 3) {
                c.setReg(7 - n, width, values[n]);
            }
        }
        c.moveStack(8L * width);
    }

    static void pushf(Core c, Insn i) {
        c.push(c.f.rflags() & ~(Flags.RF | Flags.VM), i.operandSize);
    }

    /** At CPL 3 with IOPL 0: IF, IOPL, VIF, VIP and VM stay; RF becomes 0. */
    static void popf(Core c, Insn i) {
        long value = c.stackLoad(0, i.operandSize);
        c.moveStack(i.operandSize);
        long changed = userFlags(c, i.operandSize);
        c.f.setRflags((c.f.rflags() & ~(changed | Flags.RF)) | (value & changed));
        c.s.attention = true;
    }

    /** The flags that POPF and IRET may change at CPL 3. */
    static long userFlags(Core c, int operandSize) {
        long changed = Flags.ARITHMETIC | Flags.TF | Flags.DF | Flags.NT;
        if ((c.f.system & Flags.IOPL) == Flags.IOPL) {
            changed |= Flags.IF;
        }
        return operandSize == 2 ? changed : changed | Flags.AC | Flags.ID;
    }

    static void enter(Core c, Insn i) {
        int width = i.operandSize;
        int level = (int) i.imm2 & 31;
        long size = i.imm & 0xFFFF;
        long mask = c.s.long64 ? -1L : 0xFFFF_FFFFL;
        long stack = c.r[Registers.RSP];
        long frame = (stack - width) & mask;
        c.stackStore(-width, c.r[Registers.RBP], width);
        long depth = width;
        for (int n = 1; n < level; n++) {
            long link =
                    (c.s.long64 ? 0 : c.s.segmentBase[Registers.SS]) + ((c.r[Registers.RBP] - (long) n * width) & mask);
            depth += width;
            c.stackStore(-depth, c.mem.load(link & mask, width, true), width);
        }
        if (level > 0) {
            depth += width;
            c.stackStore(-depth, frame, width);
        }
        long top = stack - depth - size;
        long linear = ((c.s.long64 ? 0 : c.s.segmentBase[Registers.SS]) + top) & mask;
        c.mem.checkAlignment(linear, width, true);
        c.mem.probeWrite(linear, width, true);
        c.setReg(Registers.RBP, width, frame);
        c.setStack(top);
    }

    static void leave(Core c, Insn i) {
        int width = i.operandSize;
        long frame = c.r[Registers.RBP];
        long linear = c.s.long64 ? frame : (c.s.segmentBase[Registers.SS] + (frame & 0xFFFF_FFFFL)) & 0xFFFF_FFFFL;
        long value = c.mem.load(linear, width, true);
        c.setStack(frame + width);
        c.setReg(Registers.RBP, width, value);
    }
}
