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
        andRr64(c, i.dst, i.src);
    }

    static void andRr64(Core c, int dst, int src) {
        long value = c.r[dst] & c.r[src];
        c.r[dst] = value;
        c.f.logic(value);
    }

    static void andRi64(Core c, Insn i) {
        andRi64(c, i.dst, i.imm);
    }

    static void andRi64(Core c, int dst, long imm) {
        long value = c.r[dst] & imm;
        c.r[dst] = value;
        c.f.logic(value);
    }

    static void andRr32(Core c, Insn i) {
        andRr32(c, i.dst, i.src);
    }

    static void andRr32(Core c, int dst, int src) {
        int value = (int) c.r[dst] & (int) c.r[src];
        c.r[dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void andRi32(Core c, Insn i) {
        andRi32(c, i.dst, i.imm);
    }

    static void andRi32(Core c, int dst, long imm) {
        int value = (int) c.r[dst] & (int) imm;
        c.r[dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void or(Core c, Insn i) {
        long b = c.second(i);
        long value = c.modify(i) | b;
        c.writeBack(i, value);
        c.f.logic(value, i.width);
    }

    static void orRr64(Core c, Insn i) {
        orRr64(c, i.dst, i.src);
    }

    static void orRr64(Core c, int dst, int src) {
        long value = c.r[dst] | c.r[src];
        c.r[dst] = value;
        c.f.logic(value);
    }

    static void orRr32(Core c, Insn i) {
        orRr32(c, i.dst, i.src);
    }

    static void orRr32(Core c, int dst, int src) {
        int value = (int) c.r[dst] | (int) c.r[src];
        c.r[dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void xor(Core c, Insn i) {
        long b = c.second(i);
        long value = c.modify(i) ^ b;
        c.writeBack(i, value);
        c.f.logic(value, i.width);
    }

    static void xorRr64(Core c, Insn i) {
        xorRr64(c, i.dst, i.src);
    }

    static void xorRr64(Core c, int dst, int src) {
        long value = c.r[dst] ^ c.r[src];
        c.r[dst] = value;
        c.f.logic(value);
    }

    static void xorRr32(Core c, Insn i) {
        xorRr32(c, i.dst, i.src);
    }

    static void xorRr32(Core c, int dst, int src) {
        int value = (int) c.r[dst] ^ (int) c.r[src];
        c.r[dst] = value & 0xFFFF_FFFFL;
        c.f.logic(value);
    }

    static void test(Core c, Insn i) {
        long b = c.second(i);
        c.f.logic(c.first(i) & b, i.width);
    }

    static void testRr64(Core c, Insn i) {
        testRr64(c, i.dst, i.src);
    }

    static void testRr64(Core c, int dst, int src) {
        c.f.logic(c.r[dst] & c.r[src]);
    }

    static void testRr32(Core c, Insn i) {
        testRr32(c, i.dst, i.src);
    }

    static void testRr32(Core c, int dst, int src) {
        c.f.logic((int) (c.r[dst] & c.r[src]));
    }

    static void testRr8(Core c, Insn i) {
        c.f.logic((byte) (c.reg(i.dst, 1) & c.reg(i.src, 1)));
    }

    static void testRi8(Core c, Insn i) {
        c.f.logic((byte) (c.reg(i.dst, 1) & i.imm));
    }

    static void testMi8(Core c, Insn i) {
        testMi8(c, c.address(i), i.imm, i.stackSegment);
    }

    static void testMi8(Core c, long linear, long imm, boolean stack) {
        c.f.logic((byte) (c.mem.load1(linear, stack) & imm));
    }

    static void not(Core c, Insn i) {
        c.writeBack(i, ~c.modify(i));
    }
}
