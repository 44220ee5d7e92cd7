package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** BMI1, BMI2 and ADX. VEX-coded operands: dst, src and src2 in the order of the table's row. */
final class Bmi {
    private Bmi() {}

    private static long third(Core c, Insn i) {
        return i.memOperand == 3 ? c.loadOperand(i, i.width) : c.reg(i.src2, i.width);
    }

    private static long sourceOrMemory(Core c, Insn i) {
        return i.memOperand == 2 ? c.loadOperand(i, i.width) : c.reg(i.src, i.width);
    }

    static void andn(Core c, Insn i) {
        long value = ~c.reg(i.src, i.width) & third(c, i);
        c.setReg(i.dst, i.width, value);
        c.f.logic(value, i.width);
    }

    static void blsr(Core c, Insn i) {
        long a = sourceOrMemory(c, i);
        long value = a & (a - 1);
        lowest(c, i, value, a == 0);
    }

    static void blsmsk(Core c, Insn i) {
        long a = sourceOrMemory(c, i);
        lowest(c, i, a ^ (a - 1), a == 0);
    }

    static void blsi(Core c, Insn i) {
        long a = sourceOrMemory(c, i);
        lowest(c, i, a & -a, a != 0);
    }

    private static void lowest(Core c, Insn i, long value, boolean carry) {
        c.setReg(i.dst, i.width, value);
        c.f.logic(value, i.width);
        c.f.setCfOf(carry, false);
    }

    static void bzhi(Core c, Insn i) {
        long a = sourceOrMemory(c, i);
        int bits = 8 * i.width;
        int index = (int) c.reg(i.src2, i.width) & 0xFF;
        long value = index < bits ? a & ((1L << index) - 1) : a;
        c.setReg(i.dst, i.width, value);
        c.f.logic(value, i.width);
        c.f.setCfOf(index >= bits, false);
    }

    static void bextr(Core c, Insn i) {
        long a = sourceOrMemory(c, i);
        long control = c.reg(i.src2, i.width);
        int start = (int) control & 0xFF;
        int length = (int) (control >>> 8) & 0xFF;
        long value = start < 64 ? a >>> start : 0;
        if (length < 64) {
            value &= (1L << length) - 1;
        }
        c.setReg(i.dst, i.width, value);
        c.f.logic(value, i.width);
    }

    static void pext(Core c, Insn i) {
        long mask = third(c, i);
        long a = c.reg(i.src, i.width);
        long value = 0;
        for (int n = 0; mask != 0; n++) {
            long bit = mask & -mask;
            if ((a & bit) != 0) {
                value |= 1L << n;
            }
            mask ^= bit;
        }
        c.setReg(i.dst, i.width, value);
    }

    static void pdep(Core c, Insn i) {
        long mask = third(c, i);
        long a = c.reg(i.src, i.width);
        long value = 0;
        for (int n = 0; mask != 0; n++) {
            long bit = mask & -mask;
            if ((a >>> n & 1) != 0) {
                value |= bit;
            }
            mask ^= bit;
        }
        c.setReg(i.dst, i.width, value);
    }

    static void mulx(Core c, Insn i) {
        long a = third(c, i);
        long b = c.reg(2, i.width);
        long low = a * b;
        long high = i.width == 8 ? MultiplyDivide.unsignedHigh(a, b) : low >>> 32;
        c.setReg(i.src, i.width, low);
        c.setReg(i.dst, i.width, high);
    }

    private static int shiftCount(Core c, Insn i) {
        return (int) c.reg(i.src2, i.width) & (8 * i.width - 1);
    }

    static void sarx(Core c, Insn i) {
        long a = sourceOrMemory(c, i);
        c.setReg(i.dst, i.width, (i.width == 8 ? a : (int) a) >> shiftCount(c, i));
    }

    static void shlx(Core c, Insn i) {
        c.setReg(i.dst, i.width, sourceOrMemory(c, i) << shiftCount(c, i));
    }

    static void shrx(Core c, Insn i) {
        c.setReg(i.dst, i.width, sourceOrMemory(c, i) >>> shiftCount(c, i));
    }

    static void rorx(Core c, Insn i) {
        long a = sourceOrMemory(c, i);
        int bits = 8 * i.width;
        int by = (int) i.imm & (bits - 1);
        c.setReg(i.dst, i.width, by == 0 ? a : a >>> by | a << (bits - by));
    }

    static void adcx(Core c, Insn i) {
        long b = c.second(i);
        long a = c.reg(i.dst, i.width);
        boolean carry = c.f.cf();
        long sum = a + b + (carry ? 1 : 0);
        c.setReg(i.dst, i.width, sum);
        c.f.setCfOf(carryOut(a, b, sum, i.width), c.f.of());
    }

    static void adox(Core c, Insn i) {
        long b = c.second(i);
        long a = c.reg(i.dst, i.width);
        long sum = a + b + (c.f.of() ? 1 : 0);
        c.setReg(i.dst, i.width, sum);
        c.f.setCfOf(c.f.cf(), carryOut(a, b, sum, i.width));
    }

    private static boolean carryOut(long a, long b, long sum, int width) {
        long carries = (a & b) | ((a | b) & ~sum);
        return (carries >>> (8 * width - 1) & 1) != 0;
    }
}
