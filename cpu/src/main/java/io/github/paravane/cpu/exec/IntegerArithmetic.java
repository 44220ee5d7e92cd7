package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.decode.Insn;

/** ADD to CMPXCHG16B: everything whose flags come from a carry chain. */
final class IntegerArithmetic {
    private IntegerArithmetic() {}

    static void add(Core c, Insn i) {
        long b = c.second(i);
        long a = c.modify(i);
        long sum = a + b;
        c.writeBack(i, sum);
        c.f.add(a, b, sum, i.width);
    }

    static void addRr64(Core c, Insn i) {
        addRr64(c, i.dst, i.src);
    }

    static void addRr64(Core c, int dst, int src) {
        long a = c.r[dst];
        long b = c.r[src];
        long sum = a + b;
        c.r[dst] = sum;
        c.f.add64(a, b, sum);
    }

    static void addRi64(Core c, Insn i) {
        addRi64(c, i.dst, i.imm);
    }

    static void addRi64(Core c, int dst, long imm) {
        long a = c.r[dst];
        long sum = a + imm;
        c.r[dst] = sum;
        c.f.add64(a, imm, sum);
    }

    static void addRr32(Core c, Insn i) {
        addRr32(c, i.dst, i.src);
    }

    static void addRr32(Core c, int dst, int src) {
        long a = c.r[dst];
        long b = c.r[src];
        long sum = a + b;
        c.r[dst] = sum & 0xFFFF_FFFFL;
        c.f.add(a, b, sum, 4);
    }

    static void addRi32(Core c, Insn i) {
        addRi32(c, i.dst, i.imm);
    }

    static void addRi32(Core c, int dst, long imm) {
        long a = c.r[dst];
        long sum = a + imm;
        c.r[dst] = sum & 0xFFFF_FFFFL;
        c.f.add(a, imm, sum, 4);
    }

    static void addRm64(Core c, Insn i) {
        addRm64(c, i.dst, c.address(i), i.stackSegment);
    }

    static void addRm64(Core c, int dst, long linear, boolean stack) {
        long b = c.mem.load8(linear, stack);
        long a = c.r[dst];
        long sum = a + b;
        c.r[dst] = sum;
        c.f.add64(a, b, sum);
    }

    static void addRm32(Core c, Insn i) {
        addRm32(c, i.dst, c.address(i), i.stackSegment);
    }

    static void addRm32(Core c, int dst, long linear, boolean stack) {
        long b = c.mem.load4(linear, stack);
        long a = c.r[dst];
        long sum = a + b;
        c.r[dst] = sum & 0xFFFF_FFFFL;
        c.f.add(a, b, sum, 4);
    }

    static void addMi64(Core c, Insn i) {
        long a = c.mem.modify(c.address(i), 8, i.stackSegment);
        long sum = a + i.imm;
        c.mem.commit(sum, i.lock);
        c.f.add64(a, i.imm, sum);
    }

    static void addMi32(Core c, Insn i) {
        long a = c.mem.modify(c.address(i), 4, i.stackSegment);
        long sum = a + i.imm;
        c.mem.commit(sum, i.lock);
        c.f.add(a, i.imm, sum, 4);
    }

    static void adc(Core c, Insn i) {
        long b = c.second(i);
        long a = c.modify(i);
        long sum = a + b + c.f.carry();
        c.writeBack(i, sum);
        c.f.add(a, b, sum, i.width);
    }

    static void sub(Core c, Insn i) {
        long b = c.second(i);
        long a = c.modify(i);
        long difference = a - b;
        c.writeBack(i, difference);
        c.f.sub(a, b, difference, i.width);
    }

    static void subRr64(Core c, Insn i) {
        subRr64(c, i.dst, i.src);
    }

    static void subRr64(Core c, int dst, int src) {
        long a = c.r[dst];
        long b = c.r[src];
        long difference = a - b;
        c.r[dst] = difference;
        c.f.sub64(a, b, difference);
    }

    static void subRi64(Core c, Insn i) {
        subRi64(c, i.dst, i.imm);
    }

    static void subRi64(Core c, int dst, long imm) {
        long a = c.r[dst];
        long difference = a - imm;
        c.r[dst] = difference;
        c.f.sub64(a, imm, difference);
    }

    static void subRm64(Core c, Insn i) {
        subRm64(c, i.dst, c.address(i), i.stackSegment);
    }

    static void subRm64(Core c, int dst, long linear, boolean stack) {
        long b = c.mem.load8(linear, stack);
        long a = c.r[dst];
        long difference = a - b;
        c.r[dst] = difference;
        c.f.sub64(a, b, difference);
    }

    static void subRr32(Core c, Insn i) {
        subRr32(c, i.dst, i.src);
    }

    static void subRr32(Core c, int dst, int src) {
        long a = c.r[dst];
        long b = c.r[src];
        long difference = a - b;
        c.r[dst] = difference & 0xFFFF_FFFFL;
        c.f.sub(a, b, difference, 4);
    }

    static void subRi32(Core c, Insn i) {
        subRi32(c, i.dst, i.imm);
    }

    static void subRi32(Core c, int dst, long imm) {
        long a = c.r[dst];
        long difference = a - imm;
        c.r[dst] = difference & 0xFFFF_FFFFL;
        c.f.sub(a, imm, difference, 4);
    }

    static void sbb(Core c, Insn i) {
        long b = c.second(i);
        long a = c.modify(i);
        long difference = a - b - c.f.carry();
        c.writeBack(i, difference);
        c.f.sub(a, b, difference, i.width);
    }

    static void cmp(Core c, Insn i) {
        long b = c.second(i);
        long a = c.first(i);
        c.f.sub(a, b, a - b, i.width);
    }

    static void cmpRr64(Core c, Insn i) {
        cmpRr64(c, i.dst, i.src);
    }

    static void cmpRr64(Core c, int dst, int src) {
        long a = c.r[dst];
        long b = c.r[src];
        c.f.sub64(a, b, a - b);
    }

    static void cmpRi64(Core c, Insn i) {
        cmpRi64(c, i.dst, i.imm);
    }

    static void cmpRi64(Core c, int dst, long imm) {
        long a = c.r[dst];
        c.f.sub64(a, imm, a - imm);
    }

    static void cmpRm64(Core c, Insn i) {
        cmpRm64(c, i.dst, c.address(i), i.stackSegment);
    }

    static void cmpRm64(Core c, int dst, long linear, boolean stack) {
        long b = c.mem.load8(linear, stack);
        long a = c.r[dst];
        c.f.sub64(a, b, a - b);
    }

    static void cmpRm32(Core c, Insn i) {
        cmpRm32(c, i.dst, c.address(i), i.stackSegment);
    }

    static void cmpRm32(Core c, int dst, long linear, boolean stack) {
        long b = c.mem.load4(linear, stack);
        long a = c.r[dst];
        c.f.sub(a, b, a - b, 4);
    }

    static void cmpMr64(Core c, Insn i) {
        cmpMr64(c, c.address(i), i.src, i.stackSegment);
    }

    static void cmpMr64(Core c, long linear, int src, boolean stack) {
        long a = c.mem.load8(linear, stack);
        long b = c.r[src];
        c.f.sub64(a, b, a - b);
    }

    static void cmpMr32(Core c, Insn i) {
        cmpMr32(c, c.address(i), i.src, i.stackSegment);
    }

    static void cmpMr32(Core c, long linear, int src, boolean stack) {
        long a = c.mem.load4(linear, stack);
        long b = c.r[src];
        c.f.sub(a, b, a - b, 4);
    }

    static void cmpMi64(Core c, Insn i) {
        cmpMi64(c, c.address(i), i.imm, i.stackSegment);
    }

    static void cmpMi64(Core c, long linear, long imm, boolean stack) {
        long a = c.mem.load8(linear, stack);
        c.f.sub64(a, imm, a - imm);
    }

    static void cmpRr32(Core c, Insn i) {
        cmpRr32(c, i.dst, i.src);
    }

    static void cmpRr32(Core c, int dst, int src) {
        long a = c.r[dst];
        long b = c.r[src];
        c.f.sub(a, b, a - b, 4);
    }

    static void cmpRi32(Core c, Insn i) {
        cmpRi32(c, i.dst, i.imm);
    }

    static void cmpRi32(Core c, int dst, long imm) {
        long a = c.r[dst];
        c.f.sub(a, imm, a - imm, 4);
    }

    static void cmpMi32(Core c, Insn i) {
        cmpMi32(c, c.address(i), i.imm, i.stackSegment);
    }

    static void cmpMi32(Core c, long linear, long imm, boolean stack) {
        long a = c.mem.load4(linear, stack);
        c.f.sub(a, imm, a - imm, 4);
    }

    static void cmpMi8(Core c, Insn i) {
        cmpMi8(c, c.address(i), i.imm, i.stackSegment);
    }

    static void cmpMi8(Core c, long linear, long imm, boolean stack) {
        long a = c.mem.load1(linear, stack);
        c.f.sub(a, imm, a - imm, 1);
    }

    /** INC keeps CF. */
    static void inc(Core c, Insn i) {
        long a = c.modify(i);
        c.writeBack(i, a + 1);
        boolean carry = c.f.cf();
        c.f.add(a, 1, a + 1, i.width);
        c.f.setCf(carry);
    }

    /** INC of a register. */
    static void inc(Core c, int dst, int width) {
        long a = c.reg(dst, width);
        c.setReg(dst, width, a + 1);
        boolean carry = c.f.cf();
        c.f.add(a, 1, a + 1, width);
        c.f.setCf(carry);
    }

    /** DEC of a register. */
    static void dec(Core c, int dst, int width) {
        long a = c.reg(dst, width);
        c.setReg(dst, width, a - 1);
        boolean carry = c.f.cf();
        c.f.sub(a, 1, a - 1, width);
        c.f.setCf(carry);
    }

    /** DEC keeps CF. */
    static void dec(Core c, Insn i) {
        long a = c.modify(i);
        c.writeBack(i, a - 1);
        boolean carry = c.f.cf();
        c.f.sub(a, 1, a - 1, i.width);
        c.f.setCf(carry);
    }

    static void neg(Core c, Insn i) {
        long a = c.modify(i);
        c.writeBack(i, -a);
        c.f.sub(0, a, -a, i.width);
    }

    static void xadd(Core c, Insn i) {
        long a = c.modify(i);
        long b = c.reg(i.src, i.width);
        long sum = a + b;
        if (i.memOperand == 1) {
            c.writeBack(i, sum);
            c.setReg(i.src, i.width, a);
        } else {
            c.setReg(i.src, i.width, a);
            c.setReg(i.dst, i.width, sum);
        }
        c.f.add(a, b, sum, i.width);
    }

    static void cmpxchg(Core c, Insn i) {
        long old = c.modify(i);
        long accumulator = c.reg(Registers.RAX, i.width);
        long value = c.reg(i.src, i.width);
        if (i.memOperand == 1) {
            old = c.mem.commitCompare(accumulator, value, i.lock);
        } else if (old == accumulator) {
            c.setReg(i.dst, i.width, value);
        }
        if (old != accumulator) {
            c.setReg(Registers.RAX, i.width, old);
        }
        c.f.sub(accumulator, old, accumulator - old, i.width);
    }

    /** CMPXCHG8B and, with REX.W, CMPXCHG16B. */
    static void cmpxchgWide(Core c, Insn i) {
        if (i.width == 8) {
            cmpxchg16(c, i);
            return;
        }
        long expected = c.reg(Registers.RDX, 4) << 32 | c.reg(Registers.RAX, 4);
        long value = c.reg(Registers.RCX, 4) << 32 | c.reg(Registers.RBX, 4);
        c.mem.modify(c.address(i), 8, i.stackSegment);
        long old = c.mem.commitCompare(expected, value, i.lock);
        if (old != expected) {
            c.setReg(Registers.RDX, 4, old >>> 32);
            c.setReg(Registers.RAX, 4, old);
        }
        c.f.setZf(old == expected);
    }

    private static void cmpxchg16(Core c, Insn i) {
        long address = c.address(i);
        if ((address & 15) != 0) {
            throw c.fault.generalProtection(0);
        }
        long[] values = {c.r[Registers.RAX], c.r[Registers.RDX], c.r[Registers.RBX], c.r[Registers.RCX]};
        boolean equal = c.mem.compareExchange16(address, values, i.stackSegment);
        if (!equal) {
            c.r[Registers.RAX] = c.mem.lo;
            c.r[Registers.RDX] = c.mem.hi;
        }
        c.f.setZf(equal);
    }

    static void daa(Core c, Insn i) {
        decimalAdjust(c, 1);
    }

    static void das(Core c, Insn i) {
        decimalAdjust(c, -1);
    }

    private static void decimalAdjust(Core c, int sign) {
        long al = c.reg(0, 1);
        boolean carry = c.f.cf();
        boolean adjust = (al & 15) > 9 || c.f.af();
        boolean high = al > 0x99 || carry;
        long value = al + (adjust ? 6L * sign : 0) + (high ? 0x60L * sign : 0);
        boolean borrow = sign < 0 && adjust && al < 6;
        c.setReg(0, 1, value);
        c.f.set((byte) value, high || borrow, false, adjust);
    }

    static void aaa(Core c, Insn i) {
        asciiAdjust(c, 1);
    }

    static void aas(Core c, Insn i) {
        asciiAdjust(c, -1);
    }

    private static void asciiAdjust(Core c, int sign) {
        boolean adjust = (c.reg(0, 1) & 15) > 9 || c.f.af();
        if (adjust) {
            c.setReg(0, 2, c.reg(0, 2) + 0x106L * sign);
        }
        long al = c.reg(0, 1) & 15;
        c.setReg(0, 1, al);
        c.f.set(al, adjust, false, adjust);
    }
}
