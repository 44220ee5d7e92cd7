package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Operand;
import io.github.paravane.cpu.softfloat.SoftFloat;
import io.github.paravane.cpu.softfloat.Transcendental;

/** FSIN, FCOS, FSINCOS, FPTAN, FPATAN, F2XM1, FYL2X and FYL2XP1: their special cases; the values elsewhere. */
final class X87Transcendental {
    /** Arguments of this exponent and above are out of range for the trigonometric instructions. */
    private static final int TRIGONOMETRIC_LIMIT = 63;

    private X87Transcendental() {}

    private static boolean unary(Core c, Insn i) {
        X87Stack.begin(c, i);
        if (X87Stack.empty(c, 0)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.setIndefinite(c, 0);
            }
            return false;
        }
        unpackTop(c);
        return true;
    }

    private static void unpackTop(Core c) {
        X87Stack.unpack(c, c.soft.a, 0);
        c.soft.beginX87(c.fpu.controlWord, true);
    }

    /** NaN, infinity and zero are settled here: true if so, with the result in r. */
    private static boolean special(SoftFloat f, boolean cosine) {
        if (f.nanOfOne()) {
            return true;
        }
        if (f.a.kind == Operand.INFINITE) {
            f.invalid();
            return true;
        }
        if (f.a.kind == Operand.ZERO) {
            f.r.copy(f.a);
            if (cosine) {
                f.r.fromInteger(1);
            }
            return true;
        }
        f.pre |= f.a.denormal ? SoftFloat.DE : 0;
        return false;
    }

    /** Sets C2 for an argument out of range. */
    private static boolean outOfRange(Core c) {
        Operand a = c.soft.a;
        if (a.kind != Operand.FINITE || a.exponent < TRIGONOMETRIC_LIMIT) {
            return false;
        }
        c.fpu.statusWord |= X87Stack.C2;
        X87Stack.setC1(c, false);
        return true;
    }

    static void fsin(Core c, Insn i) {
        if (clearC2(c, unary(c, i)) && !outOfRange(c)) {
            sine(c);
            X87Stack.finish(c, 0, 64);
        }
    }

    private static void sine(Core c) {
        if (!special(c.soft, false)) {
            Transcendental.sine(c.soft);
        }
    }

    private static boolean clearC2(Core c, boolean present) {
        c.fpu.statusWord &= ~X87Stack.C2;
        return present;
    }

    static void fcos(Core c, Insn i) {
        if (clearC2(c, unary(c, i)) && !outOfRange(c)) {
            cosine(c);
            X87Stack.finish(c, 0, 64);
        }
    }

    private static void cosine(Core c) {
        if (!special(c.soft, true)) {
            Transcendental.cosine(c.soft);
        }
    }

    /** Begins an instruction that replaces ST(0) and pushes; false if it ends here. */
    private static boolean unaryAndPush(Core c, Insn i) {
        X87Stack.begin(c, i);
        c.fpu.statusWord &= ~X87Stack.C2;
        boolean empty = X87Stack.empty(c, 0);
        if (empty || !X87Stack.empty(c, 7)) {
            boolean unmasked = empty ? X87Stack.underflow(c) : X87Stack.overflow(c);
            if (!unmasked) {
                X87Stack.setIndefinite(c, 0);
                X87Stack.push(c, X87Stack.INDEFINITE_EXPONENT, X87Stack.INDEFINITE);
            }
            return false;
        }
        unpackTop(c);
        return !outOfRange(c);
    }

    static void fptan(Core c, Insn i) {
        if (!unaryAndPush(c, i)) {
            return;
        }
        if (!special(c.soft, false)) {
            Transcendental.tangent(c.soft);
        }
        if (X87Stack.finish(c, 0, 64)) {
            boolean nan = c.soft.r.isNan();
            int p = c.fpu.top;
            X87Stack.setC1(c, false);
            X87Stack.push(c, nan ? c.fpu.signExponent[p] : 0x3FFF, nan ? c.fpu.significand[p] : Operand.INTEGER_BIT);
        }
    }

    static void fsincos(Core c, Insn i) {
        if (!unaryAndPush(c, i)) {
            return;
        }
        int p = c.fpu.top;
        int signExponent = c.fpu.signExponent[p];
        long significand = c.fpu.significand[p];
        sine(c);
        if (!X87Stack.finish(c, 0, 64)) {
            return;
        }
        boolean up = c.soft.roundedUp;
        X87Stack.push(c, signExponent, significand);
        unpackTop(c);
        cosine(c);
        X87Stack.finish(c, 0, 64);
        X87Stack.setC1(c, up);
    }

    static void f2xm1(Core c, Insn i) {
        if (!unary(c, i)) {
            return;
        }
        SoftFloat f = c.soft;
        if (f.a.kind == Operand.INFINITE) {
            f.r.copy(f.a);
            if (f.a.negative) {
                f.r.fromInteger(-1);
            }
        } else if (!special(f, false)) {
            if (f.a.exponent > 0 || (f.a.exponent == 0 && f.a.significand != Operand.INTEGER_BIT)) {
                // Undefined (Intel SDM vol 2, F2XM1): unchanged, as on AMD processors.
                f.r.copy(f.a);
                f.post |= SoftFloat.PE;
            } else {
                Transcendental.powerMinusOne(f);
            }
        }
        X87Stack.finish(c, 0, 64);
    }

    /** Begins an operation on ST(0) and ST(1) that pops; false on stack underflow. */
    private static boolean binary(Core c, Insn i) {
        X87Stack.begin(c, i);
        if (X87Stack.empty(c, 0) || X87Stack.empty(c, 1)) {
            if (!X87Stack.underflow(c)) {
                X87Stack.setIndefinite(c, 1);
                X87Stack.pop(c);
            }
            return false;
        }
        X87Stack.unpack(c, c.soft.b, 1);
        unpackTop(c);
        return true;
    }

    private static void finishAndPop(Core c) {
        if (X87Stack.finish(c, 1, 64)) {
            X87Stack.pop(c);
        }
    }

    static void fpatan(Core c, Insn i) {
        if (!binary(c, i)) {
            return;
        }
        SoftFloat f = c.soft;
        if (!f.nan()) {
            f.denormals();
            Operand x = f.a;
            Operand y = f.b;
            if (x.kind == Operand.INFINITE && y.kind == Operand.INFINITE) {
                Transcendental.multipleOfPi(f, x.negative ? 3 : 1, y.negative);
            } else if (y.kind == Operand.ZERO || x.kind == Operand.INFINITE) {
                f.r.copy(y);
                f.r.kind = Operand.ZERO;
                if (x.negative) {
                    Transcendental.multipleOfPi(f, 4, y.negative);
                }
            } else if (x.kind == Operand.ZERO || y.kind == Operand.INFINITE) {
                Transcendental.multipleOfPi(f, 2, y.negative);
            } else {
                Transcendental.angle(f);
            }
        }
        finishAndPop(c);
    }

    static void fyl2x(Core c, Insn i) {
        if (!binary(c, i)) {
            return;
        }
        SoftFloat f = c.soft;
        if (!f.nan()) {
            Operand x = f.a;
            boolean one = x.kind == Operand.FINITE && x.exponent == 0 && x.significand == Operand.INTEGER_BIT;
            if (x.negative && x.kind != Operand.ZERO) {
                f.invalid();
            } else if (x.kind == Operand.ZERO && f.b.kind == Operand.FINITE) {
                f.pre |= SoftFloat.ZE;
                setSpecial(f, Operand.INFINITE, !f.b.negative);
            } else {
                boolean below = x.kind == Operand.ZERO || (x.kind == Operand.FINITE && x.exponent < 0);
                product(f, one, below);
                if (f.r.kind == Operand.FINITE) {
                    Transcendental.logarithm(f);
                }
            }
        }
        finishAndPop(c);
    }

    static void fyl2xp1(Core c, Insn i) {
        if (!binary(c, i)) {
            return;
        }
        SoftFloat f = c.soft;
        if (!f.nan()) {
            Operand x = f.a;
            if (x.negative && x.kind == Operand.INFINITE) {
                f.invalid();
            } else {
                product(f, x.kind == Operand.ZERO, x.negative);
                if (f.r.kind == Operand.FINITE && x.exponent >= 0) {
                    // Undefined (Intel SDM vol 2, FYL2XP1): ST(1), as on AMD processors.
                    f.post |= SoftFloat.PE;
                } else if (f.r.kind == Operand.FINITE) {
                    Transcendental.logarithmPlusOne(f);
                }
            }
        }
        finishAndPop(c);
    }

    /**
     * The cases of ST(1) times a logarithm that need no logarithm; leaves the kind of r finite if it is needed.
     *
     * @param zero the logarithm is zero
     * @param negative the logarithm is negative, or a negative zero
     */
    private static void product(SoftFloat f, boolean zero, boolean negative) {
        Operand y = f.b;
        boolean infinite = f.a.kind == Operand.INFINITE || (f.a.kind == Operand.ZERO && !zero);
        if ((zero && y.kind == Operand.INFINITE) || (infinite && y.kind == Operand.ZERO)) {
            f.invalid();
            return;
        }
        f.denormals();
        if (infinite || y.kind == Operand.INFINITE) {
            setSpecial(f, Operand.INFINITE, y.negative ^ negative);
        } else if (zero || y.kind == Operand.ZERO) {
            setSpecial(f, Operand.ZERO, y.negative ^ negative);
        } else {
            f.r.copy(y);
        }
    }

    private static void setSpecial(SoftFloat f, int kind, boolean negative) {
        f.r.copy(f.b);
        f.r.kind = kind;
        f.r.negative = negative;
        f.r.significand = kind == Operand.INFINITE ? Operand.INTEGER_BIT : 0;
    }
}
