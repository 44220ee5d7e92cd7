package io.github.paravane.testkit.guest.program;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.AX;
import static io.github.paravane.testkit.asm.Gpr.CL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.word;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Gpr;
import java.util.function.Consumer;

/**
 * A 64-bit value that the guest computes when the statement that uses it runs; every use computes it anew, operands from
 * left to right. Comparisons give 1 or 0 and are unsigned unless they say otherwise.
 */
public abstract class Value {

    Value() {}

    /** Emits code that leaves the value in RAX; it may change every register except RSP. */
    abstract void emit(Assembler asm);

    /** Whether {@link #load} works: nothing but the target register changes. */
    boolean isDirect() {
        return false;
    }

    /** Emits code that loads the value into a 64-bit register and changes no other. */
    void load(Assembler asm, Gpr register) {
        throw new IllegalStateException("not a direct value");
    }

    /** A constant. */
    public static Value of(long constant) {
        return new Constant(constant);
    }

    static Value computed(Consumer<Assembler> code) {
        return new Computed(code);
    }

    /** The sum, modulo 2^64. */
    public Value plus(Value right) {
        return binary(right, asm -> asm.add(RAX, RCX));
    }

    /** The sum with a constant. */
    public Value plus(long right) {
        return right == 0 ? this : plus(of(right));
    }

    /** The difference, modulo 2^64. */
    public Value minus(Value right) {
        return binary(right, asm -> asm.sub(RAX, RCX));
    }

    /** The product, modulo 2^64. */
    public Value times(long right) {
        return binary(of(right), asm -> asm.imul(RAX, RCX));
    }

    /** The remainder of an unsigned division; a divisor of zero is a divide error of the guest's. */
    public Value modulo(Value right) {
        return binary(right, asm -> asm.xor(EDX, EDX).div(RCX).mov(RAX, RDX));
    }

    /** The remainder of an unsigned division by a constant. */
    public Value modulo(long right) {
        return modulo(of(right));
    }

    /** The quotient of an unsigned division by a constant. */
    public Value dividedBy(long right) {
        return binary(of(right), asm -> asm.xor(EDX, EDX).div(RCX));
    }

    /** The bits set in both. */
    public Value and(Value right) {
        return binary(right, asm -> asm.and(RAX, RCX));
    }

    /** The bits set here and in a constant. */
    public Value and(long right) {
        return and(of(right));
    }

    /** The bits set in either. */
    public Value or(Value right) {
        return binary(right, asm -> asm.or(RAX, RCX));
    }

    /** The bits set here or in a constant. */
    public Value or(long right) {
        return or(of(right));
    }

    /** The bits that differ. */
    public Value xor(Value right) {
        return binary(right, asm -> asm.xor(RAX, RCX));
    }

    /** Shifted to the left by a constant number of bits. */
    public Value shl(int bits) {
        return unary(asm -> asm.shl(RAX, bits));
    }

    /** Shifted to the left by the low six bits of a value. */
    public Value shl(Value bits) {
        return binary(bits, asm -> asm.shl(RAX, CL));
    }

    /** Shifted to the right by a constant number of bits, zeros coming in. */
    public Value shr(int bits) {
        return unary(asm -> asm.shr(RAX, bits));
    }

    /** The two's complement. */
    public Value negated() {
        return unary(asm -> asm.neg(RAX));
    }

    /** 1 if both are equal. */
    public Value eq(Value right) {
        return compare(right, Condition.E);
    }

    /** 1 if equal to a constant. */
    public Value eq(long right) {
        return eq(of(right));
    }

    /** 1 if they differ. */
    public Value ne(Value right) {
        return compare(right, Condition.NE);
    }

    /** 1 if different from a constant. */
    public Value ne(long right) {
        return ne(of(right));
    }

    /** 1 if below, unsigned. */
    public Value below(Value right) {
        return compare(right, Condition.B);
    }

    /** 1 if below a constant, unsigned. */
    public Value below(long right) {
        return below(of(right));
    }

    /** 1 if negative as a signed number. */
    public Value isNegative() {
        return unary(asm -> asm.shr(RAX, 63));
    }

    /** 1 if zero: the logical not. */
    public Value isZero() {
        return eq(0);
    }

    /** The byte at this address, zero-extended. */
    public Value load8() {
        return unary(asm -> asm.movzx(EAX, bytePtr(ptr(RAX))));
    }

    /** The 16 bits at this address, zero-extended. */
    public Value load16() {
        return unary(asm -> asm.movzx(EAX, word(ptr(RAX))));
    }

    /** The 32 bits at this address, zero-extended. */
    public Value load32() {
        return unary(asm -> asm.mov(EAX, ptr(RAX)));
    }

    /** The 64 bits at this address. */
    public Value load64() {
        return unary(asm -> asm.mov(RAX, ptr(RAX)));
    }

    /** The low 16 bits as a signed number. */
    public Value signed16() {
        return unary(asm -> asm.movsx(RAX, AX));
    }

    /** The low 32 bits as a signed number. */
    public Value signed32() {
        return unary(asm -> asm.movsxd(RAX, EAX));
    }

    private Value compare(Value right, Condition condition) {
        return binary(right, asm -> asm.cmp(RAX, RCX).set(condition, AL).movzx(EAX, AL));
    }

    private Value unary(Consumer<Assembler> operation) {
        return new Computed(asm -> {
            emit(asm);
            operation.accept(asm);
        });
    }

    /** The operation finds its operands in RAX and RCX and leaves its result in RAX. */
    private Value binary(Value right, Consumer<Assembler> operation) {
        return new Computed(asm -> {
            emit(asm);
            if (right.isDirect()) {
                right.load(asm, RCX);
            } else {
                asm.push(RAX);
                right.emit(asm);
                asm.mov(RCX, RAX).pop(RAX);
            }
            operation.accept(asm);
        });
    }

    private static final class Computed extends Value {
        private final Consumer<Assembler> code;

        Computed(Consumer<Assembler> code) {
            this.code = code;
        }

        @Override
        void emit(Assembler asm) {
            code.accept(asm);
        }
    }

    private static final class Constant extends Value {
        private final long constant;

        Constant(long constant) {
            this.constant = constant;
        }

        @Override
        void emit(Assembler asm) {
            load(asm, RAX);
        }

        @Override
        boolean isDirect() {
            return true;
        }

        @Override
        void load(Assembler asm, Gpr register) {
            asm.mov(register, constant);
        }
    }
}
