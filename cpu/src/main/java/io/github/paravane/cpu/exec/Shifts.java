package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.state.Flags;

/**
 * Shifts and rotates. Counts are taken modulo 32, or 64 at operand size 8. OF after counts other than 1 is undefined; we
 * leave what the formula for 1 gives, as processors do.
 */
final class Shifts {
    private Shifts() {}

    private static int count(Core c, Insn i) {
        long raw = i.form == Insn.RI || i.form == Insn.MI ? i.imm : c.reg(1, 1);
        return (int) raw & (i.width == 8 ? 63 : 31);
    }

    private static boolean bit(long value, int n) {
        return (value >>> n & 1) != 0;
    }

    static void shl(Core c, Insn i) {
        int count = count(c, i);
        long a = c.modify(i);
        int bits = 8 * i.width;
        long value = a << count;
        c.writeBack(i, value);
        if (count != 0) {
            boolean carry = count <= bits && bit(a, bits - count);
            c.f.set(Flags.signExtend(value, i.width), carry, carry ^ bit(value, bits - 1), false);
        }
    }

    static void shlRi64(Core c, Insn i) {
        shlRi64(c, i.dst, i.imm);
    }

    static void shlRi64(Core c, int dst, long imm) {
        int count = (int) imm & 63;
        long a = c.r[dst];
        long value = a << count;
        c.r[dst] = value;
        if (count != 0) {
            setShifted(c.f, value, a << (count - 1));
        }
    }

    /** SHL of a register by CL. */
    static void shlRc64(Core c, Insn i) {
        int count = (int) c.r[1] & 63;
        long a = c.r[i.dst];
        long value = a << count;
        c.r[i.dst] = value;
        if (count != 0) {
            setShifted(c.f, value, a << (count - 1));
        }
    }

    static void shlRi32(Core c, Insn i) {
        shlRi32(c, i.dst, i.imm);
    }

    static void shlRi32(Core c, int dst, long imm) {
        int count = (int) imm & 31;
        int a = (int) c.r[dst];
        int value = a << count;
        c.r[dst] = value & 0xFFFF_FFFFL;
        if (count != 0) {
            setShifted(c.f, value, a << (count - 1));
        }
    }

    /** CF is the sign of {@code before}, the value one step earlier; OF is CF xor the sign of the result. */
    private static void setShifted(Flags f, long value, long before) {
        f.result = value;
        f.aux = (before & Long.MIN_VALUE) | (value >>> 1 & 1L << 62);
    }

    static void shr(Core c, Insn i) {
        int count = count(c, i);
        long a = c.modify(i);
        long value = a >>> count;
        c.writeBack(i, value);
        if (count != 0) {
            int bits = 8 * i.width;
            boolean overflow = bit(value, bits - 1) ^ bit(value, bits - 2);
            c.f.set(Flags.signExtend(value, i.width), bit(a, count - 1), overflow, false);
        }
    }

    static void shrRi64(Core c, Insn i) {
        shrRi64(c, i.dst, i.imm);
    }

    static void shrRi64(Core c, int dst, long imm) {
        int count = (int) imm & 63;
        long a = c.r[dst];
        long value = a >>> count;
        c.r[dst] = value;
        if (count != 0) {
            setShiftedRight(c.f, value, a >>> (count - 1), value << 1 & Long.MIN_VALUE);
        }
    }

    /** SHR of a register by CL. */
    static void shrRc64(Core c, Insn i) {
        int count = (int) c.r[1] & 63;
        long a = c.r[i.dst];
        long value = a >>> count;
        c.r[i.dst] = value;
        if (count != 0) {
            setShiftedRight(c.f, value, a >>> (count - 1), value << 1 & Long.MIN_VALUE);
        }
    }

    static void shrRi32(Core c, Insn i) {
        shrRi32(c, i.dst, i.imm);
    }

    static void shrRi32(Core c, int dst, long imm) {
        int count = (int) imm & 31;
        int a = (int) c.r[dst];
        int value = a >>> count;
        c.r[dst] = value & 0xFFFF_FFFFL;
        if (count != 0) {
            setShiftedRight(c.f, value, a >>> (count - 1), (long) value << 33 & Long.MIN_VALUE);
        }
    }

    static void sarRi64(Core c, Insn i) {
        sarRi64(c, i.dst, i.imm);
    }

    static void sarRi64(Core c, int dst, long imm) {
        int count = (int) imm & 63;
        long a = c.r[dst];
        long value = a >> count;
        c.r[dst] = value;
        if (count != 0) {
            setShiftedRight(c.f, value, a >> (count - 1), 0);
        }
    }

    /** CF is bit 0 of {@code before}; {@code overflow} has OF in bit 63. */
    private static void setShiftedRight(Flags f, long value, long before, long overflow) {
        long carry = before << 63;
        f.result = value;
        f.aux = carry | (carry ^ overflow) >>> 1;
    }

    static void sar(Core c, Insn i) {
        int count = count(c, i);
        long a = Flags.signExtend(c.modify(i), i.width);
        long value = a >> count;
        c.writeBack(i, value);
        if (count != 0) {
            c.f.set(value, bit(a, count - 1), false, false);
        }
    }

    static void rol(Core c, Insn i) {
        int count = count(c, i);
        int bits = 8 * i.width;
        long a = c.modify(i);
        int by = count & (bits - 1);
        long value = by == 0 ? a : a << by | a >>> (bits - by);
        c.writeBack(i, value);
        if (count != 0) {
            c.f.setCfOf(bit(value, 0), bit(value, 0) ^ bit(value, bits - 1));
        }
    }

    static void ror(Core c, Insn i) {
        int count = count(c, i);
        int bits = 8 * i.width;
        long a = c.modify(i);
        int by = count & (bits - 1);
        long value = by == 0 ? a : a >>> by | a << (bits - by);
        c.writeBack(i, value);
        if (count != 0) {
            c.f.setCfOf(bit(value, bits - 1), bit(value, bits - 1) ^ bit(value, bits - 2));
        }
    }

    static void rcl(Core c, Insn i) {
        int bits = 8 * i.width;
        int count = count(c, i) % (bits + 1);
        long value = c.modify(i);
        boolean carry = c.f.cf();
        for (int n = 0; n < count; n++) {
            boolean out = bit(value, bits - 1);
            value = value << 1 | (carry ? 1 : 0);
            carry = out;
        }
        c.writeBack(i, value);
        if (count != 0) {
            c.f.setCfOf(carry, carry ^ bit(value, bits - 1));
        }
    }

    static void rcr(Core c, Insn i) {
        int bits = 8 * i.width;
        int count = count(c, i) % (bits + 1);
        long value = c.modify(i);
        boolean carry = c.f.cf();
        for (int n = 0; n < count; n++) {
            boolean out = bit(value, 0);
            value = value >>> 1 | (carry ? 1L << (bits - 1) : 0);
            carry = out;
        }
        c.writeBack(i, value);
        if (count != 0) {
            c.f.setCfOf(carry, bit(value, bits - 1) ^ bit(value, bits - 2));
        }
    }

    private static int doubleCount(Core c, Insn i) {
        // 0F A4/AC take the count from an immediate, 0F A5/AD from CL.
        long raw = (i.opcode & 1) == 0 ? i.imm : c.reg(1, 1);
        return (int) raw & (i.width == 8 ? 63 : 31);
    }

    static void shld(Core c, Insn i) {
        int count = doubleCount(c, i);
        int bits = 8 * i.width;
        long a = c.modify(i);
        long b = c.reg(i.src, i.width);
        long value = a;
        boolean carry = false;
        if (count != 0 && count <= bits) {
            value = count == bits ? b : a << count | b >>> (bits - count);
            carry = bit(a, bits - count);
        } else if (count > bits) {
            // 16-bit operands, counts 17-31: undefined; processors rotate the 48 bits dst:src:dst.
            value = b << (count - bits) | a >>> (2 * bits - count);
            carry = bit(b, 2 * bits - count);
        }
        c.writeBack(i, value);
        if (count != 0) {
            c.f.set(Flags.signExtend(value, i.width), carry, bit(a ^ value, bits - 1), false);
        }
    }

    static void shrd(Core c, Insn i) {
        int count = doubleCount(c, i);
        int bits = 8 * i.width;
        long a = c.modify(i);
        long b = c.reg(i.src, i.width);
        long value = a;
        boolean carry = false;
        if (count != 0 && count <= bits) {
            value = count == bits ? b : a >>> count | b << (bits - count);
            carry = bit(a, count - 1);
        } else if (count > bits) {
            value = b >>> (count - bits) | a << (2 * bits - count);
            carry = bit(b, count - bits - 1);
        }
        c.writeBack(i, value);
        if (count != 0) {
            c.f.set(Flags.signExtend(value, i.width), carry, bit(a ^ value, bits - 1), false);
        }
    }
}
