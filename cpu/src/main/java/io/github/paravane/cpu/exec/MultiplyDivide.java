package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.fault.FaultSignal;
import io.github.paravane.cpu.state.Flags;

/** MUL, IMUL, DIV, IDIV, AAM, AAD. */
final class MultiplyDivide {
    private MultiplyDivide() {}

    static long unsignedHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    private static void setProduct(Core c, int width, long low, long high, boolean overflow) {
        if (width == 1) {
            c.setReg(Registers.RAX, 2, low);
        } else {
            c.setReg(Registers.RAX, width, low);
            c.setReg(Registers.RDX, width, high);
        }
        c.f.set(Flags.signExtend(low, width), overflow, overflow, false);
    }

    static void mul(Core c, Insn i) {
        long b = c.first(i);
        long a = c.reg(Registers.RAX, i.width);
        long low = a * b;
        long high = i.width == 8 ? unsignedHigh(a, b) : low >>> (8 * i.width);
        setProduct(c, i.width, low, high, high != 0);
    }

    static void imul1(Core c, Insn i) {
        long b = Flags.signExtend(c.first(i), i.width);
        long a = Flags.signExtend(c.reg(Registers.RAX, i.width), i.width);
        long low = a * b;
        long high = i.width == 8 ? Math.multiplyHigh(a, b) : low >> (8 * i.width);
        setProduct(c, i.width, low, high, high != Flags.signExtend(low, i.width) >> 63);
    }

    static void imul2(Core c, Insn i) {
        long b = c.second(i);
        signedTruncated(c, i, c.reg(i.dst, i.width), b);
    }

    static void imul3(Core c, Insn i) {
        long b = i.memOperand == 2 ? c.loadOperand(i, i.width) : c.reg(i.src, i.width);
        signedTruncated(c, i, b, i.imm);
    }

    private static void signedTruncated(Core c, Insn i, long first, long second) {
        long a = Flags.signExtend(first, i.width);
        long b = Flags.signExtend(second, i.width);
        long low = a * b;
        long truncated = Flags.signExtend(low, i.width);
        boolean overflow = i.width == 8 ? Math.multiplyHigh(a, b) != low >> 63 : low != truncated;
        c.setReg(i.dst, i.width, low);
        c.f.set(truncated, overflow, overflow, false);
    }

    private static FaultSignal divideError(Core c) {
        return c.fault.vector(Trap.DE, 0);
    }

    static void div(Core c, Insn i) {
        long divisor = c.first(i);
        if (divisor == 0) {
            throw divideError(c);
        }
        int width = i.width;
        if (width == 8) {
            div128(c, divisor);
            return;
        }
        long dividend = dividend(c, width);
        long quotient = Long.divideUnsigned(dividend, divisor);
        if (quotient >>> (8 * width) != 0) {
            throw divideError(c);
        }
        store(c, width, quotient, Long.remainderUnsigned(dividend, divisor));
    }

    private static long dividend(Core c, int width) {
        if (width == 1) {
            return c.reg(Registers.RAX, 2);
        }
        return c.reg(Registers.RDX, width) << (8 * width) | c.reg(Registers.RAX, width);
    }

    private static void store(Core c, int width, long quotient, long remainder) {
        if (width == 1) {
            c.setReg(Registers.RAX, 2, (quotient & 0xFF) | (remainder & 0xFF) << 8);
        } else {
            c.setReg(Registers.RAX, width, quotient);
            c.setReg(Registers.RDX, width, remainder);
        }
    }

    private static void div128(Core c, long divisor) {
        long high = c.r[Registers.RDX];
        long low = c.r[Registers.RAX];
        if (Long.compareUnsigned(high, divisor) >= 0) {
            throw divideError(c);
        }
        long quotient = divide128(high, low, divisor);
        c.r[Registers.RAX] = quotient;
        c.r[Registers.RDX] = low - quotient * divisor;
    }

    /** Quotient of high:low by a divisor above {@code high}, all unsigned; one bit at a time. */
    private static long divide128(long high, long low, long divisor) {
        if (high == 0) {
            return Long.divideUnsigned(low, divisor);
        }
        long remainder = high;
        long rest = low;
        for (int n = 0; n < 64; n++) {
            boolean carry = remainder < 0;
            remainder = remainder << 1 | rest >>> 63;
            rest <<= 1;
            if (carry || Long.compareUnsigned(remainder, divisor) >= 0) {
                remainder -= divisor;
                rest |= 1;
            }
        }
        return rest;
    }

    static void idiv(Core c, Insn i) {
        int width = i.width;
        long divisor = Flags.signExtend(c.first(i), width);
        if (divisor == 0) {
            throw divideError(c);
        }
        if (width == 8) {
            idiv128(c, divisor);
            return;
        }
        long dividend = Flags.signExtend(dividend(c, width), Math.min(2 * width, 8));
        if (dividend == Long.MIN_VALUE && divisor == -1) {
            throw divideError(c);
        }
        long quotient = dividend / divisor;
        if (quotient != Flags.signExtend(quotient, width)) {
            throw divideError(c);
        }
        store(c, width, quotient, dividend % divisor);
    }

    private static void idiv128(Core c, long divisor) {
        long high = c.r[Registers.RDX];
        long low = c.r[Registers.RAX];
        boolean negative = high < 0;
        long absoluteLow = negative ? -low : low;
        long absoluteHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
        long absoluteDivisor = Math.abs(divisor);
        if (Long.compareUnsigned(absoluteHigh, absoluteDivisor) >= 0) {
            throw divideError(c);
        }
        long magnitude = divide128(absoluteHigh, absoluteLow, absoluteDivisor);
        boolean negativeQuotient = negative ^ divisor < 0;
        // The magnitude may be 2^63 only for a negative quotient.
        if (magnitude < 0 && !(negativeQuotient && magnitude == Long.MIN_VALUE)) {
            throw divideError(c);
        }
        long quotient = negativeQuotient ? -magnitude : magnitude;
        c.r[Registers.RAX] = quotient;
        c.r[Registers.RDX] = low - quotient * divisor;
    }

    static void aam(Core c, Insn i) {
        long base = i.imm & 0xFF;
        if (base == 0) {
            throw divideError(c);
        }
        long al = c.reg(Registers.RAX, 1);
        c.setReg(Registers.RAX, 2, al / base << 8 | al % base);
        c.f.logic(al % base, 1);
    }

    static void aad(Core c, Insn i) {
        long ax = c.reg(Registers.RAX, 2);
        long value = (ax & 0xFF) + (ax >>> 8) * (i.imm & 0xFF) & 0xFF;
        c.setReg(Registers.RAX, 2, value);
        c.f.logic(value, 1);
    }
}
