package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.softfloat.Formats;
import io.github.paravane.cpu.softfloat.Operand;
import io.github.paravane.cpu.softfloat.SoftFloat;
import io.github.paravane.cpu.state.FpuState;

/**
 * The x87 register stack and its exceptions (Intel SDM vol 1, 8.1 and 8.5). {@code n} is relative to TOP, as in ST(n).
 *
 * <p>An unmasked exception sets the summary bit, and the next waiting instruction raises #MF (CR0.NE is set). One found
 * before the computation leaves the destination and the stack alone.
 */
final class X87Stack {
    static final int SF = 0x40;
    /** ES and B. */
    static final int SUMMARY = 0x8080;

    static final int C0 = 0x100;
    static final int C1 = 0x200;
    static final int C2 = 0x400;
    static final int C3 = 0x4000;
    static final int CONDITION = C0 | C2 | C3;

    private static final int EXCEPTIONS = 0x3F;
    /** Found before the computation: invalid, denormal, divide by zero. */
    private static final int BEFORE = 7;

    static final int INDEFINITE_EXPONENT = 0xFFFF;
    static final long INDEFINITE = 0xC000_0000_0000_0000L;

    private X87Stack() {}

    // ---- entry ----

    /** #MF if an unmasked exception is pending. */
    static void checkPending(Core c) {
        if ((c.fpu.statusWord & 0x80) != 0) {
            throw c.fault.vector(Trap.MF, 0);
        }
    }

    /** The checks of a waiting instruction, then the note of where it is. Memory operands are read between the two. */
    static void begin(Core c, Insn i) {
        check(c);
        note(c, i);
    }

    /** #NM, then #MF. */
    static void check(Core c) {
        c.requireFpu();
        checkPending(c);
    }

    /** Records the last instruction and data pointers and the opcode. */
    static void note(Core c, Insn i) {
        FpuState fpu = c.fpu;
        fpu.instructionPointer = c.thisRip(i);
        fpu.opcode = (i.opcode & 7) << 8 | i.modrm;
        if (i.modrm < 0xC0) {
            fpu.dataPointer = c.offset(i);
        }
    }

    // ---- control and status ----

    static void setControlWord(Core c, int value) {
        c.fpu.controlWord = value & 0x1F3F | 0x40;
        summarise(c);
    }

    /** Recomputes ES and B from flags and masks. */
    static void summarise(Core c) {
        FpuState fpu = c.fpu;
        if ((fpu.statusWord & ~fpu.controlWord & EXCEPTIONS) != 0) {
            fpu.statusWord |= SUMMARY;
        } else {
            fpu.statusWord &= ~SUMMARY;
        }
    }

    /** Sets exception flags; returns whether one of them is unmasked. */
    static boolean raise(Core c, int flags) {
        FpuState fpu = c.fpu;
        fpu.statusWord |= flags;
        if ((flags & ~fpu.controlWord & EXCEPTIONS) != 0) {
            fpu.statusWord |= SUMMARY;
            return true;
        }
        return false;
    }

    static void setC1(Core c, boolean value) {
        c.fpu.statusWord = c.fpu.statusWord & ~C1 | (value ? C1 : 0);
    }

    /** Stack underflow: returns true if it is unmasked. */
    static boolean underflow(Core c) {
        setC1(c, false);
        return raise(c, SoftFloat.IE | SF);
    }

    /** Stack overflow: returns true if it is unmasked. */
    static boolean overflow(Core c) {
        setC1(c, true);
        return raise(c, SoftFloat.IE | SF);
    }

    /** Precision control as a number of bits. */
    static int precision(Core c) {
        int control = c.fpu.controlWord >>> 8 & 3;
        return control == 0 ? 24 : control == 2 ? 53 : 64;
    }

    // ---- registers ----

    static int physical(Core c, int n) {
        return c.fpu.top + n & 7;
    }

    static boolean empty(Core c, int n) {
        return (c.fpu.tags >>> physical(c, n) & 1) == 0;
    }

    static void unpack(Core c, Operand to, int n) {
        int p = physical(c, n);
        to.fromExtended(c.fpu.signExponent[p], c.fpu.significand[p]);
    }

    static void set(Core c, int n, int signExponent, long significand) {
        int p = physical(c, n);
        c.fpu.signExponent[p] = signExponent;
        c.fpu.significand[p] = significand;
        c.fpu.tags |= 1 << p;
    }

    static void setIndefinite(Core c, int n) {
        set(c, n, INDEFINITE_EXPONENT, INDEFINITE);
    }

    static void free(Core c, int n) {
        c.fpu.tags &= ~(1 << physical(c, n));
    }

    static void pop(Core c) {
        free(c, 0);
        c.fpu.top = c.fpu.top + 1 & 7;
    }

    static void pop(Core c, int times) {
        for (int n = 0; n < times; n++) {
            pop(c);
        }
    }

    /** Pushes; the caller has checked for overflow. */
    static void push(Core c, int signExponent, long significand) {
        c.fpu.top = c.fpu.top - 1 & 7;
        set(c, 0, signExponent, significand);
    }

    /** If the register below TOP is in use: overflow, with the indefinite pushed if masked. Returns whether it was. */
    static boolean pushOverflows(Core c) {
        if (empty(c, 7)) {
            return false;
        }
        if (!overflow(c)) {
            push(c, INDEFINITE_EXPONENT, INDEFINITE);
        }
        return true;
    }

    // ---- results ----

    /** Raises what was found before the computation; true if it is unmasked, so that the instruction ends here. */
    static boolean stops(Core c) {
        int pre = c.soft.pre;
        if ((pre & ~c.fpu.controlWord & BEFORE) == 0) {
            return false;
        }
        setC1(c, false);
        raise(c, pre);
        return true;
    }

    /** Rounds the result of {@code c.soft} to {@code precision} bits into ST(n); false if an exception prevents it. */
    static boolean finish(Core c, int n, int precision) {
        if (stops(c)) {
            return false;
        }
        SoftFloat f = c.soft;
        int signExponent = Formats.toExtended(f, precision);
        set(c, n, signExponent, f.r.kind == Operand.ZERO ? 0 : f.r.significand);
        setC1(c, f.roundedUp);
        raise(c, f.pre | f.post);
        return true;
    }
}
