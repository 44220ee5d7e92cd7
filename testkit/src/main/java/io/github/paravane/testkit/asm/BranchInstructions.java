package io.github.paravane.testkit.asm;

/** Jumps, calls, returns and software interrupts (Intel SDM vol. 1, 5.1.7). */
public sealed interface BranchInstructions permits Assembler {
    /** Appends an instruction given by the fields of its encoding. */
    Assembler emit(Encoding encoding);

    /** Jumps with a 32-bit displacement. */
    default Assembler jmp(Label target) {
        return emit(Encoding.opcode(0xe9).branchTo(target, 4));
    }

    /** Jumps with an 8-bit displacement; assembling fails if the label is farther away. */
    default Assembler jmpShort(Label target) {
        return emit(Encoding.opcode(0xeb).branchTo(target, 1));
    }

    /** Jumps to the 64-bit address in a register or in memory. */
    default Assembler jmp(Operand target) {
        return emit(Encoding.opcode(0xff).reg(4).rm(target));
    }

    /** Jumps far through a 16:32 pointer (16:16 if the operand is a word, 16:64 if a quadword). */
    default Assembler jmpFar(Memory pointer) {
        return emit(far(5, pointer));
    }

    /** Jumps with a 32-bit displacement if the condition holds. */
    default Assembler j(Condition condition, Label target) {
        return emit(Encoding.opcode(0x0f, 0x80 | condition.code()).branchTo(target, 4));
    }

    /** Jumps with an 8-bit displacement if the condition holds. */
    default Assembler jShort(Condition condition, Label target) {
        return emit(Encoding.opcode(0x70 | condition.code()).branchTo(target, 1));
    }

    /** Jumps if equal or zero. */
    default Assembler je(Label target) {
        return j(Condition.E, target);
    }

    /** Jumps if not equal or not zero. */
    default Assembler jne(Label target) {
        return j(Condition.NE, target);
    }

    /** Jumps if below, or on carry. */
    default Assembler jb(Label target) {
        return j(Condition.B, target);
    }

    /** Jumps if above or equal, or without carry. */
    default Assembler jae(Label target) {
        return j(Condition.AE, target);
    }

    /** Jumps if less, signed. */
    default Assembler jl(Label target) {
        return j(Condition.L, target);
    }

    /** Jumps if greater or equal, signed. */
    default Assembler jge(Label target) {
        return j(Condition.GE, target);
    }

    /** Jumps if RCX is zero; the label must be within 8 bits. */
    default Assembler jrcxz(Label target) {
        return emit(Encoding.opcode(0xe3).branchTo(target, 1));
    }

    /** Decrements RCX and jumps if it is not zero; the label must be within 8 bits. */
    default Assembler loop(Label target) {
        return emit(Encoding.opcode(0xe2).branchTo(target, 1));
    }

    /** Decrements RCX and jumps if it is not zero and ZF is set. */
    default Assembler loope(Label target) {
        return emit(Encoding.opcode(0xe1).branchTo(target, 1));
    }

    /** Decrements RCX and jumps if it is not zero and ZF is clear. */
    default Assembler loopne(Label target) {
        return emit(Encoding.opcode(0xe0).branchTo(target, 1));
    }

    default Assembler call(Label target) {
        return emit(Encoding.opcode(0xe8).branchTo(target, 4));
    }

    /** Calls the 64-bit address in a register or in memory. */
    default Assembler call(Operand target) {
        return emit(Encoding.opcode(0xff).reg(2).rm(target));
    }

    /** Calls far through a 16:32 pointer (16:16 if the operand is a word, 16:64 if a quadword). */
    default Assembler callFar(Memory pointer) {
        return emit(far(3, pointer));
    }

    private static Encoding far(int extension, Memory pointer) {
        int width = pointer.width() == 0 ? 32 : pointer.width();
        return Encoding.opcode(0xff).width(width).reg(extension).rm(pointer);
    }

    default Assembler ret() {
        return emit(Encoding.opcode(0xc3));
    }

    /** Returns and drops bytes from the stack. */
    default Assembler ret(int bytes) {
        return emit(Encoding.opcode(0xc2).immediate(bytes, 2));
    }

    /** Returns far with 64-bit operands. */
    default Assembler retfq() {
        return emit(Encoding.opcode(0xcb).width(64));
    }

    /** Returns far with 32-bit operands. */
    default Assembler retf() {
        return emit(Encoding.opcode(0xcb));
    }

    default Assembler iretq() {
        return emit(Encoding.opcode(0xcf).width(64));
    }

    /** Returns from an interrupt with 32-bit operands. */
    default Assembler iretd() {
        return emit(Encoding.opcode(0xcf));
    }

    /** Raises a software interrupt; the mnemonic INT is a Java keyword. */
    default Assembler interrupt(int vector) {
        return emit(Encoding.opcode(0xcd).immediate(vector, 1));
    }

    default Assembler int3() {
        return emit(Encoding.opcode(0xcc));
    }

    default Assembler ud2() {
        return emit(Encoding.opcode(0x0f, 0x0b));
    }

    default Assembler syscall() {
        return emit(Encoding.opcode(0x0f, 0x05));
    }

    /** Returns from a system call to 64-bit code. */
    default Assembler sysretq() {
        return emit(Encoding.opcode(0x0f, 0x07).width(64));
    }

    /** Returns from a system call to compatibility mode. */
    default Assembler sysretl() {
        return emit(Encoding.opcode(0x0f, 0x07));
    }

    default Assembler sysenter() {
        return emit(Encoding.opcode(0x0f, 0x34));
    }
}
