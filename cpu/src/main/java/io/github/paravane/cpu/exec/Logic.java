package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** AND, OR, XOR, TEST, NOT. */
final class Logic {
    private Logic() {}

    static void and(Core c, Insn i) {
        long b = c.second(i);
        long value = c.modify(i) & b;
        c.writeBack(i, value);
        c.f.logic(value, i.width);
    }

    static void andRr64(Core c, Insn i) {
        long value = c.r[i.dst] & c.r[i.src];
        c.r[i.dst] = value;
        c.f.logic(value);
    }

    static void andRi64(Core c, Insn i) {
        long value = c.r[i.dst] & i.imm;
        c.r[i.dst] = value;
        c.f.logic(value);
    }

    static void andRr32(Core c, Insn i) {
        int value = (int) c.r[i.dst] & (int) c.r[i.src];
        c.r[i.dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void andRi32(Core c, Insn i) {
        int value = (int) c.r[i.dst] & (int) i.imm;
        c.r[i.dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void or(Core c, Insn i) {
        long b = c.second(i);
        long value = c.modify(i) | b;
        c.writeBack(i, value);
        c.f.logic(value, i.width);
    }

    static void orRr64(Core c, Insn i) {
        long value = c.r[i.dst] | c.r[i.src];
        c.r[i.dst] = value;
        c.f.logic(value);
    }

    static void orRr32(Core c, Insn i) {
        int value = (int) c.r[i.dst] | (int) c.r[i.src];
        c.r[i.dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void xor(Core c, Insn i) {
        long b = c.second(i);
        long value = c.modify(i) ^ b;
        c.writeBack(i, value);
        c.f.logic(value, i.width);
    }

    static void xorRr64(Core c, Insn i) {
        long value = c.r[i.dst] ^ c.r[i.src];
        c.r[i.dst] = value;
        c.f.logic(value);
    }

    static void xorRr32(Core c, Insn i) {
        int value = (int) c.r[i.dst] ^ (int) c.r[i.src];
        c.r[i.dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void test(Core c, Insn i) {
        long b = c.second(i);
        c.f.logic(c.first(i) & b, i.width);
    }

    static void testRr64(Core c, Insn i) {
        c.f.logic(c.r[i.dst] & c.r[i.src]);
    }

    static void testRr32(Core c, Insn i) {
        c.f.logic((int) (c.r[i.dst] & c.r[i.src]));
    }

    static void testRr8(Core c, Insn i) {
        c.f.logic((byte) (c.reg(i.dst, 1) & c.reg(i.src, 1)));
    }

    static void testRi8(Core c, Insn i) {
        c.f.logic((byte) (c.reg(i.dst, 1) & i.imm));
    }

    static void testMi8(Core c, Insn i) {
        c.f.logic((byte) (c.mem.load1(c.address(i), i.stackSegment) & i.imm));
    }

    static void not(Core c, Insn i) {
        c.writeBack(i, ~c.modify(i));
    }
}
