package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Formats;
import io.github.paravane.cpu.softfloat.Operand;
import io.github.paravane.cpu.softfloat.SoftFloat;

/** Loads, stores, constants, exchanges and conditional moves of the x87. */
final class X87Data {
    /** FLD1 to FLDZ: sign and exponent. */
    private static final int[] CONSTANT_EXPONENTS = {0x3FFF, 0x4000, 0x3FFF, 0x4000, 0x3FFD, 0x3FFE, 0};
    /** Their significands, rounded down. */
    private static final long[] CONSTANTS = {
        0x8000_0000_0000_0000L,
        0xD49A_784B_CD1B_8AFEL,
        0xB8AA_3B29_5C17_F0BBL,
        0xC90F_DAA2_2168_C234L,
        0x9A20_9A84_FBCF_F798L,
        0xB172_17F7_D1CF_79ABL,
        0
    };

    private X87Data() {}

    // ---- loads ----

    static void fldSingle(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.a.fromSingle((int) c.loadOperand(i, 4), false);
        pushConverted(c, i);
    }

    static void fldDouble(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.a.fromDouble(c.loadOperand(i, 8), false);
        pushConverted(c, i);
    }

    static void fild16(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.a.fromInteger((short) c.loadOperand(i, 2));
        pushConverted(c, i);
    }

    static void fild32(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.a.fromInteger((int) c.loadOperand(i, 4));
        pushConverted(c, i);
    }

    static void fild64(Core c, Insn i) {
        X87Stack.check(c);
        c.soft.a.fromInteger(c.loadOperand(i, 8));
        pushConverted(c, i);
    }

    /** Pushes {@code soft.a}: every one of these formats fits the extended one exactly. */
    private static void pushConverted(Core c, Insn i) {
        X87Stack.note(c, i);
        if (X87Stack.pushOverflows(c)) {
            return;
        }
        SoftFloat f = c.soft;
        f.beginX87(c.fpu.controlWord, true);
        if (!f.nanOfOne()) {
            f.pre |= f.a.denormal ? SoftFloat.DE : 0;
            f.r.copy(f.a);
        }
        // A denormal is loaded even if its exception is unmasked; only a signaling NaN is not.
        if ((f.pre & SoftFloat.IE) != 0 && X87Stack.stops(c)) {
            return;
        }
        int signExponent = Formats.toExtended(f, 64);
        X87Stack.push(c, signExponent, f.r.kind == Operand.ZERO ? 0 : f.r.significand);
        X87Stack.setC1(c, false);
        X87Stack.raise(c, f.pre);
    }

    static void fldExtended(Core c, Insn i) {
        X87Stack.check(c);
        long address = c.address(i);
        long significand = c.mem.load8(address, i.stackSegment);
        int signExponent = (int) c.mem.load2(address + 8 & i.linearMask, i.stackSegment);
        X87Stack.note(c, i);
        if (!X87Stack.pushOverflows(c)) {
            X87Stack.push(c, signExponent, significand);
            X87Stack.setC1(c, false);
        }
    }

    /** FBLD: 18 packed decimal digits and a sign. */
    static void fbld(Core c, Insn i) {
        X87Stack.check(c);
        long address = c.address(i);
        long digits = c.mem.load8(address, i.stackSegment);
        int top = (int) c.mem.load2(address + 8 & i.linearMask, i.stackSegment);
        X87Stack.note(c, i);
        if (X87Stack.pushOverflows(c)) {
            return;
        }
        long value = (top >>> 4 & 15) * 10 + (top & 15);
        for (int n = 60; n >= 0; n -= 4) {
            value = value * 10 + (digits >>> n & 15);
        }
        SoftFloat f = c.soft;
        f.beginX87(c.fpu.controlWord, true);
        f.r.fromInteger(value);
        int sign = top & 0x8000;
        X87Stack.push(c, Formats.toExtended(f, 64) | sign, f.r.significand);
        X87Stack.setC1(c, false);
    }

    static void fldRegister(Core c, Insn i) {
        X87Stack.begin(c, i);
        int n = i.modrm & 7;
        if (X87Stack.pushOverflows(c)) {
            return;
        }
        if (X87Stack.empty(c, n)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.push(c, X87Stack.INDEFINITE_EXPONENT, X87Stack.INDEFINITE);
            }
            return;
        }
        int p = X87Stack.physical(c, n);
        X87Stack.push(c, c.fpu.signExponent[p], c.fpu.significand[p]);
        X87Stack.setC1(c, false);
    }

    /** FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2, FLDZ: rounded as rounding control says. */
    static void constant(Core c, Insn i) {
        X87Stack.begin(c, i);
        if (X87Stack.pushOverflows(c)) {
            return;
        }
        int n = i.modrm & 7;
        int rounding = c.fpu.controlWord >>> 10 & 3;
        // log2(10) lies just above its value rounded down, the other inexact ones nearer to the next.
        boolean up = n != 0 && n != 6 && (rounding == SoftFloat.UP || (rounding == SoftFloat.NEAREST && n != 1));
        X87Stack.push(c, CONSTANT_EXPONENTS[n], CONSTANTS[n] + (up ? 1 : 0));
        X87Stack.setC1(c, false);
    }

    // ---- stores ----

    static void fstSingle(Core c, Insn i) {
        storeConverted(c, i, 4);
    }

    static void fstDouble(Core c, Insn i) {
        storeConverted(c, i, 8);
    }

    /** The address of a destination that can be written, or a fault; before any exception flag is set. */
    private static long probe(Core c, Insn i, int length, int alignment) {
        long address = c.address(i);
        c.mem.probeAligned(address, alignment, i.stackSegment);
        if (length > alignment) {
            c.mem.probeWrite(address + alignment & i.linearMask, length - alignment, i.stackSegment);
        }
        return address;
    }

    /** FST (digit 2) and FSTP (digit 3) to memory. */
    private static void storeConverted(Core c, Insn i, int width) {
        X87Stack.check(c);
        long address = probe(c, i, width, width);
        X87Stack.note(c, i);
        SoftFloat f = c.soft;
        f.beginX87(c.fpu.controlWord, false);
        long bits = width == 4 ? 0xFFC0_0000L : 0xFFF8_0000_0000_0000L;
        if (X87Stack.empty(c, 0)) {
            if (X87Stack.underflow(c)) {
                return;
            }
        } else {
            X87Stack.unpack(c, f.a, 0);
            if (!f.nanOfOne()) {
                f.r.copy(f.a);
            }
            if (X87Stack.stops(c)) {
                return;
            }
            bits = width == 4 ? Formats.toSingle(f) : Formats.toDouble(f);
            if ((f.post & ~c.fpu.controlWord & (SoftFloat.OE | SoftFloat.UE)) != 0) {
                X87Stack.setC1(c, false);
                X87Stack.raise(c, f.pre | f.post & ~SoftFloat.PE);
                return;
            }
            X87Stack.setC1(c, f.roundedUp);
            X87Stack.raise(c, f.pre | f.post);
        }
        c.mem.store(address, bits, width, i.stackSegment);
        X87Stack.pop(c, i.modrm >>> 3 & 1);
    }

    static void fist16(Core c, Insn i) {
        storeInteger(c, i, 2, i.modrm >>> 3 & 1);
    }

    static void fist32(Core c, Insn i) {
        storeInteger(c, i, 4, i.modrm >>> 3 & 1);
    }

    static void fistp64(Core c, Insn i) {
        storeInteger(c, i, 8, 1);
    }

    // FISTTP: truncated, whatever the rounding control, and popped.

    static void fisttp16(Core c, Insn i) {
        storeInteger(c, i, 2, 1);
    }

    static void fisttp32(Core c, Insn i) {
        storeInteger(c, i, 4, 1);
    }

    static void fisttp64(Core c, Insn i) {
        storeInteger(c, i, 8, 1);
    }

    private static void storeInteger(Core c, Insn i, int width, int pops) {
        X87Stack.check(c);
        long address = probe(c, i, width, width);
        X87Stack.note(c, i);
        long value = -1L << (8 * width - 1);
        if (X87Stack.empty(c, 0)) {
            if (X87Stack.underflow(c)) {
                return;
            }
        } else {
            SoftFloat f = c.soft;
            f.beginX87(c.fpu.controlWord, false);
            X87Stack.unpack(c, f.a, 0);
            if ((i.modrm & 0x38) == 0x08) {
                f.rounding = SoftFloat.TRUNCATE;
            }
            value = f.toInteger(8 * width);
            if (X87Stack.stops(c)) {
                return;
            }
            X87Stack.setC1(c, f.roundedUp);
            X87Stack.raise(c, f.pre | f.post);
        }
        c.mem.store(address, value, width, i.stackSegment);
        X87Stack.pop(c, pops);
    }

    static void fstpExtended(Core c, Insn i) {
        X87Stack.check(c);
        long address = probe(c, i, 10, 8);
        X87Stack.note(c, i);
        if (X87Stack.empty(c, 0)) {
            if (X87Stack.underflow(c)) {
                return;
            }
            store10(c, i, address, X87Stack.INDEFINITE, X87Stack.INDEFINITE_EXPONENT);
        } else {
            X87Stack.setC1(c, false);
            store10(c, i, address, c.fpu.significand[c.fpu.top], c.fpu.signExponent[c.fpu.top]);
        }
        X87Stack.pop(c);
    }

    private static void store10(Core c, Insn i, long address, long low, int high) {
        c.mem.store8(address, low, i.stackSegment);
        c.mem.store2(address + 8 & i.linearMask, high, i.stackSegment);
    }

    /** FBSTP: the integer as 18 packed decimal digits, or the packed indefinite. */
    static void fbstp(Core c, Insn i) {
        X87Stack.check(c);
        long address = probe(c, i, 10, 8);
        X87Stack.note(c, i);
        long digits = 0xC000_0000_0000_0000L;
        int top = 0xFFFF;
        if (X87Stack.empty(c, 0)) {
            if (X87Stack.underflow(c)) {
                return;
            }
        } else {
            SoftFloat f = c.soft;
            f.beginX87(c.fpu.controlWord, false);
            X87Stack.unpack(c, f.a, 0);
            long magnitude = Math.abs(f.toInteger(64));
            if (magnitude < 0 || magnitude >= 1_000_000_000_000_000_000L) {
                f.pre |= SoftFloat.IE;
                f.post = 0;
                f.roundedUp = false;
            } else {
                digits = decimal(magnitude % 10_000_000_000_000_000L);
                top = (f.a.negative ? 0x8000 : 0) | (int) decimal(magnitude / 10_000_000_000_000_000L);
            }
            if (X87Stack.stops(c)) {
                return;
            }
            X87Stack.setC1(c, f.roundedUp);
            X87Stack.raise(c, f.pre | f.post);
        }
        store10(c, i, address, digits, top);
        X87Stack.pop(c);
    }

    private static long decimal(long value) {
        long out = 0;
        long rest = value;
        for (int n = 0; rest != 0; n += 4) {
            out |= rest % 10 << n;
            rest /= 10;
        }
        return out;
    }

    // ---- between registers ----

    static void fstRegister(Core c, Insn i) {
        copyTo(c, i, 0);
    }

    static void fstpRegister(Core c, Insn i) {
        copyTo(c, i, 1);
    }

    private static void copyTo(Core c, Insn i, int pops) {
        X87Stack.begin(c, i);
        int n = i.modrm & 7;
        if (X87Stack.empty(c, 0)) {
            if (X87Stack.underflow(c)) {
                return;
            }
            X87Stack.setIndefinite(c, n);
        } else {
            X87Stack.setC1(c, false);
            X87Stack.set(c, n, c.fpu.signExponent[c.fpu.top], c.fpu.significand[c.fpu.top]);
        }
        X87Stack.pop(c, pops);
    }

    /** FSTPNCE, not in the manuals: FSTP that does not mind an empty register. */
    static void fstpnce(Core c, Insn i) {
        if (!X87Stack.empty(c, 0)) {
            fstpRegister(c, i);
            return;
        }
        X87Stack.begin(c, i);
        X87Stack.setC1(c, false);
        X87Stack.free(c, i.modrm & 7);
        X87Stack.pop(c);
    }

    static void fxch(Core c, Insn i) {
        X87Stack.begin(c, i);
        int n = i.modrm & 7;
        if (X87Stack.empty(c, 0) || X87Stack.empty(c, n)) {
            if (X87Stack.underflow(c)) {
                return;
            }
            if (X87Stack.empty(c, 0)) {
                X87Stack.setIndefinite(c, 0);
            }
            if (X87Stack.empty(c, n)) {
                X87Stack.setIndefinite(c, n);
            }
        }
        int p = X87Stack.physical(c, n);
        int signExponent = c.fpu.signExponent[p];
        long significand = c.fpu.significand[p];
        X87Stack.set(c, n, c.fpu.signExponent[c.fpu.top], c.fpu.significand[c.fpu.top]);
        X87Stack.set(c, 0, signExponent, significand);
        X87Stack.setC1(c, false);
    }

    /** FCMOVcc: DA has B, E, BE, U, DB their negations. */
    static void fcmov(Core c, Insn i) {
        X87Stack.begin(c, i);
        int n = i.modrm & 7;
        if (X87Stack.empty(c, 0) || X87Stack.empty(c, n)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.setIndefinite(c, 0);
            }
            return;
        }
        boolean holds = switch (i.modrm >>> 3 & 3) {
            case 0 -> c.f.cf();
            case 1 -> c.f.zf();
            case 2 -> c.f.cf() || c.f.zf();
            default -> c.f.pf();
        };
        if (holds == (i.opcode == 0xDA)) {
            int p = X87Stack.physical(c, n);
            X87Stack.set(c, 0, c.fpu.signExponent[p], c.fpu.significand[p]);
        }
    }
}
