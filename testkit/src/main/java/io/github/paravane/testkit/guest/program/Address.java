package io.github.paravane.testkit.guest.program;

import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;

/** The linear address of a place in the program. */
final class Address extends Value {
    private final Label base;
    private final int offset;

    Address(Label base, int offset) {
        this.base = base;
        this.offset = offset;
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
        asm.lea(register, ptr(base, offset));
    }
}
