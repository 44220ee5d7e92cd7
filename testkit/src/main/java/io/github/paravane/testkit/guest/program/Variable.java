package io.github.paravane.testkit.guest.program;

import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;

/** 64 bits of the program's memory, zero at the start. */
public final class Variable extends Value {
    private final Label base;
    private final int offset;

    Variable(Label base, int offset) {
        this.base = base;
        this.offset = offset;
    }

    /** Its linear address. */
    public Value address() {
        return new Address(base, offset);
    }

    /** It as an operand of an instruction. */
    public Memory operand() {
        return qword(ptr(base, offset));
    }

    @Override
    void emit(Assembler asm) {
        load(asm, Gpr.RAX);
    }

    @Override
    boolean isDirect() {
        return true;
    }

    @Override
    void load(Assembler asm, Gpr register) {
        asm.mov(register, operand());
    }
}
