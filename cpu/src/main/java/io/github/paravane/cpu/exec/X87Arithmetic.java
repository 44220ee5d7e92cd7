package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Formats;
import io.github.paravane.cpu.softfloat.Operand;
import io.github.paravane.cpu.softfloat.Remainder;
import io.github.paravane.cpu.softfloat.SoftFloat;

/**
 * FADD, FSUB, FMUL, FDIV and their reverse, integer and popping forms; FSQRT, FPREM, FRNDINT, FSCALE, FXTRACT, FABS and
 * FCHS. The digit of ModRM names the operation: 0 add, 1 multiply, 4 subtract, 5 reverse, 6 divide, 7 reverse.
 */
final class X87Arithmetic {
    /** Beyond this FSCALE over- or underflows whatever it scales. */
    private static final int SCALE_LIMIT = 0x1_0000;

    private X87Arithmetic() {}

    private static int digit(Insn i) {
        return i.modrm >>> 3 & 7;
    }

    private static boolean reverse(Insn i) {
        return digit(i) == 5 || digit(i) == 7;
    }

    /** Where the operand that is not ST(0) goes. */
    private static Operand other(Core c, Insn i) {
        return reverse(i) ? c.soft.a : c.soft.b;
    }

    static void single(Core c, Insn i) {
        X87Stack.check(c);
        int bits = (int) c.loadOperand(i, 4);
        other(c, i).fromSingle(bits, false);
        withMemory(c, i);
    }

    static void ofDouble(Core c, Insn i) {
        X87Stack.check(c);
        long bits = c.loadOperand(i, 8);
        other(c, i).fromDouble(bits, false);
        withMemory(c, i);
    }

    static void int16(Core c, Insn i) {
        X87Stack.check(c);
        long value = (short) c.loadOperand(i, 2);
        other(c, i).fromInteger(value);
        withMemory(c, i);
    }

    static void int32(Core c, Insn i) {
        X87Stack.check(c);
        long value = (int) c.loadOperand(i, 4);
        other(c, i).fromInteger(value);
        withMemory(c, i);
    }

    private static void withMemory(Core c, Insn i) {
        X87Stack.note(c, i);
        if (X87Stack.empty(c, 0)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.setIndefinite(c, 0);
            }
            return;
        }
        compute(c, i, 0);
    }

    /** D8: ST(0) = ST(0) op ST(i). */
    static void toTop(Core c, Insn i) {
        registers(c, i, 0);
    }

    /** DC: ST(i) = ST(i) op ST(0). */
    static void toRegister(Core c, Insn i) {
        registers(c, i, i.modrm & 7);
    }

    /** DE: ST(i) = ST(i) op ST(0), then pop. */
    static void toRegisterPop(Core c, Insn i) {
        if (registers(c, i, i.modrm & 7)) {
            X87Stack.pop(c);
        }
    }

    private static boolean registers(Core c, Insn i, int destination) {
        X87Stack.begin(c, i);
        int register = i.modrm & 7;
        if (X87Stack.empty(c, 0) || X87Stack.empty(c, register)) {
            if (X87Stack.underflow(c)) {
                return false;
            }
            X87Stack.setIndefinite(c, destination);
            return true;
        }
        X87Stack.unpack(c, other(c, i), register);
        return compute(c, i, destination);
    }

    private static boolean compute(Core c, Insn i, int destination) {
        SoftFloat f = c.soft;
        X87Stack.unpack(c, reverse(i) ? f.b : f.a, 0);
        f.beginX87(c.fpu.controlWord, true);
        switch (digit(i)) {
            case 0:
                f.add(false);
                break;
            case 1:
                f.multiply();
                break;
            case 4, 5:
                f.add(true);
                break;
            default:
                f.divide();
                break;
        }
        return X87Stack.finish(c, destination, X87Stack.precision(c));
    }

    /** Begins an operation on ST(0) alone, which it unpacks; false on stack underflow. */
    private static boolean unary(Core c, Insn i) {
        X87Stack.begin(c, i);
        if (X87Stack.empty(c, 0)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.setIndefinite(c, 0);
            }
            return false;
        }
        X87Stack.unpack(c, c.soft.a, 0);
        c.soft.beginX87(c.fpu.controlWord, true);
        return true;
    }

    /** Begins an operation on ST(0) and ST(1); false on stack underflow. */
    private static boolean binary(Core c, Insn i) {
        X87Stack.begin(c, i);
        if (X87Stack.empty(c, 0) || X87Stack.empty(c, 1)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.setIndefinite(c, 0);
            }
            return false;
        }
        X87Stack.unpack(c, c.soft.a, 0);
        X87Stack.unpack(c, c.soft.b, 1);
        c.soft.beginX87(c.fpu.controlWord, true);
        return true;
    }

    static void fsqrt(Core c, Insn i) {
        if (unary(c, i)) {
            c.soft.squareRoot();
            X87Stack.finish(c, 0, X87Stack.precision(c));
        }
    }

    static void frndint(Core c, Insn i) {
        if (!unary(c, i)) {
            return;
        }
        SoftFloat f = c.soft;
        if (f.nanOfOne()) {
            X87Stack.finish(c, 0, 64);
            return;
        }
        if (f.a.denormal) {
            f.pre |= SoftFloat.DE;
        }
        f.roundToInteger();
        boolean up = f.roundedUp;
        if (X87Stack.finish(c, 0, 64)) {
            X87Stack.setC1(c, up);
        }
    }

    /** FPREM. */
    static void fprem(Core c, Insn i) {
        remainder(c, i, false);
    }

    /** FPREM1. */
    static void fprem1(Core c, Insn i) {
        remainder(c, i, true);
    }

    private static void remainder(Core c, Insn i, boolean nearest) {
        boolean ready = binary(c, i);
        c.fpu.statusWord &= ~X87Stack.C2;
        if (!ready) {
            return;
        }
        int quotient = Remainder.partial(c.soft, nearest);
        if (!X87Stack.finish(c, 0, 64)) {
            return;
        }
        int conditions = X87Stack.C2;
        if (c.soft.r.kind >= Operand.QUIET) {
            conditions = c.fpu.statusWord & (X87Stack.C0 | X87Stack.C3);
        } else if (quotient >= 0) {
            conditions = (quotient & 4) != 0 ? X87Stack.C0 : 0;
            conditions |= (quotient & 2) != 0 ? X87Stack.C3 : 0;
            conditions |= (quotient & 1) != 0 ? X87Stack.C1 : 0;
        }
        c.fpu.statusWord = c.fpu.statusWord & ~(X87Stack.CONDITION | X87Stack.C1) | conditions;
    }

    static void fscale(Core c, Insn i) {
        if (!binary(c, i)) {
            return;
        }
        SoftFloat f = c.soft;
        Operand value = f.a;
        Operand scale = f.b;
        if (!f.nan()) {
            if (scale.kind == Operand.INFINITE && value.kind == (scale.negative ? Operand.INFINITE : Operand.ZERO)) {
                f.invalid();
            } else {
                f.denormals();
                f.r.copy(value);
                if (scale.kind == Operand.INFINITE && value.kind == Operand.FINITE) {
                    f.r.kind = scale.negative ? Operand.ZERO : Operand.INFINITE;
                    f.r.significand = Operand.INTEGER_BIT;
                } else if (scale.kind == Operand.INFINITE && scale.negative) {
                    f.r.kind = Operand.ZERO;
                } else if (scale.kind == Operand.INFINITE) {
                    f.r.kind = Operand.INFINITE;
                } else {
                    f.r.exponent += truncate(scale);
                }
            }
        }
        X87Stack.finish(c, 0, 64);
    }

    /** The integer part of a finite operand, limited to what can matter. */
    private static int truncate(Operand operand) {
        if (operand.kind != Operand.FINITE || operand.exponent < 0) {
            return 0;
        }
        int magnitude = operand.exponent > 16 ? SCALE_LIMIT : (int) (operand.significand >>> (63 - operand.exponent));
        return operand.negative ? -magnitude : magnitude;
    }

    static void fxtract(Core c, Insn i) {
        X87Stack.begin(c, i);
        if (X87Stack.empty(c, 0) || !X87Stack.empty(c, 7)) {
            boolean unmasked = X87Stack.empty(c, 0) ? X87Stack.underflow(c) : X87Stack.overflow(c);
            if (!unmasked) {
                X87Stack.setIndefinite(c, 0);
                X87Stack.push(c, X87Stack.INDEFINITE_EXPONENT, X87Stack.INDEFINITE);
            }
            return;
        }
        SoftFloat f = c.soft;
        X87Stack.unpack(c, f.a, 0);
        f.beginX87(c.fpu.controlWord, true);
        int signExponent = f.a.negative ? 0xBFFF : 0x3FFF;
        long significand = f.a.significand;
        if (f.nanOfOne()) {
            signExponent = (f.r.negative ? 0x8000 : 0) | Formats.EXTENDED_TOP;
            significand = f.r.significand;
        } else if (f.a.kind == Operand.INFINITE) {
            signExponent |= Formats.EXTENDED_TOP;
            f.r.copy(f.a);
            f.r.negative = false;
        } else if (f.a.kind == Operand.ZERO) {
            f.pre |= SoftFloat.ZE;
            signExponent &= 0x8000;
            significand = 0;
            f.r.copy(f.a);
            f.r.kind = Operand.INFINITE;
            f.r.significand = Operand.INTEGER_BIT;
            f.r.negative = true;
        } else {
            f.pre |= f.a.denormal ? SoftFloat.DE : 0;
            f.r.fromInteger(f.a.exponent);
        }
        if (X87Stack.finish(c, 0, 64)) {
            X87Stack.push(c, signExponent, significand);
        }
    }

    static void fabs(Core c, Insn i) {
        sign(c, i, 0, 0x7FFF);
    }

    static void fchs(Core c, Insn i) {
        sign(c, i, 0x8000, 0xFFFF);
    }

    private static void sign(Core c, Insn i, int flip, int keep) {
        X87Stack.begin(c, i);
        if (X87Stack.empty(c, 0)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.setIndefinite(c, 0);
            }
            return;
        }
        int p = c.fpu.top;
        c.fpu.signExponent[p] = (c.fpu.signExponent[p] ^ flip) & keep;
        X87Stack.setC1(c, false);
    }
}
