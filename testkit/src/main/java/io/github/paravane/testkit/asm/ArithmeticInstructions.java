package io.github.paravane.testkit.asm;

/** Integer arithmetic, logic, comparison, multiplication and division (Intel SDM vol. 1, 5.1.2 and 5.1.4). */
public sealed interface ArithmeticInstructions permits Assembler {
    /** Appends an instruction given by the fields of its encoding. */
    Assembler emit(Encoding encoding);

    default Assembler add(Operand destination, Operand source) {
        return alu(0, destination, source);
    }

    default Assembler add(Operand destination, long immediate) {
        return alu(0, destination, immediate);
    }

    default Assembler or(Operand destination, Operand source) {
        return alu(1, destination, source);
    }

    default Assembler or(Operand destination, long immediate) {
        return alu(1, destination, immediate);
    }

    default Assembler adc(Operand destination, Operand source) {
        return alu(2, destination, source);
    }

    default Assembler adc(Operand destination, long immediate) {
        return alu(2, destination, immediate);
    }

    default Assembler sbb(Operand destination, Operand source) {
        return alu(3, destination, source);
    }

    default Assembler sbb(Operand destination, long immediate) {
        return alu(3, destination, immediate);
    }

    default Assembler and(Operand destination, Operand source) {
        return alu(4, destination, source);
    }

    default Assembler and(Operand destination, long immediate) {
        return alu(4, destination, immediate);
    }

    default Assembler sub(Operand destination, Operand source) {
        return alu(5, destination, source);
    }

    default Assembler sub(Operand destination, long immediate) {
        return alu(5, destination, immediate);
    }

    default Assembler xor(Operand destination, Operand source) {
        return alu(6, destination, source);
    }

    default Assembler xor(Operand destination, long immediate) {
        return alu(6, destination, immediate);
    }

    default Assembler cmp(Operand first, Operand second) {
        return alu(7, first, second);
    }

    default Assembler cmp(Operand first, long immediate) {
        return alu(7, first, immediate);
    }

    private Assembler alu(int operation, Operand destination, Operand source) {
        int width = Widths.common(destination, source);
        if (source instanceof Gpr register) {
            return emit(Encoding.sized(width, operation << 3).reg(register).rm(destination));
        }
        return emit(
                Encoding.sized(width, operation << 3 | 2).reg((Gpr) destination).rm(source));
    }

    private Assembler alu(int operation, Operand destination, long immediate) {
        int width = Widths.of(destination);
        long value = Widths.immediate(immediate, width);
        if (width != 8 && Widths.isSignedByte(value)) {
            return emit(Encoding.opcode(0x83)
                    .width(width)
                    .reg(operation)
                    .rm(destination)
                    .immediate(value, 1));
        }
        if (destination instanceof Gpr register && register.isAccumulator()) {
            return emit(Encoding.sized(width, operation << 3 | 4).immediate(value, Widths.immediateBytes(width)));
        }
        return emit(Encoding.sized(width, 0x80)
                .reg(operation)
                .rm(destination)
                .immediate(value, Widths.immediateBytes(width)));
    }

    default Assembler test(Operand first, Gpr second) {
        return emit(
                Encoding.sized(Widths.common(first, second), 0x84).reg(second).rm(first));
    }

    default Assembler test(Operand first, long immediate) {
        int width = Widths.of(first);
        long value = Widths.immediate(immediate, width);
        Encoding encoding = first instanceof Gpr register && register.isAccumulator()
                ? Encoding.sized(width, 0xa8)
                : Encoding.sized(width, 0xf6).rm(first);
        return emit(encoding.immediate(value, Widths.immediateBytes(width)));
    }

    default Assembler inc(Operand operand) {
        return unary(0xfe, 0, operand);
    }

    default Assembler dec(Operand operand) {
        return unary(0xfe, 1, operand);
    }

    default Assembler not(Operand operand) {
        return unary(0xf6, 2, operand);
    }

    default Assembler neg(Operand operand) {
        return unary(0xf6, 3, operand);
    }

    /** Multiplies the accumulator, unsigned, into the double-width accumulator. */
    default Assembler mul(Operand factor) {
        return unary(0xf6, 4, factor);
    }

    /** Multiplies the accumulator, signed, into the double-width accumulator. */
    default Assembler imul(Operand factor) {
        return unary(0xf6, 5, factor);
    }

    /** Divides the double-width accumulator, unsigned. */
    default Assembler div(Operand divisor) {
        return unary(0xf6, 6, divisor);
    }

    /** Divides the double-width accumulator, signed. */
    default Assembler idiv(Operand divisor) {
        return unary(0xf6, 7, divisor);
    }

    private Assembler unary(int opcode, int extension, Operand operand) {
        return emit(Encoding.sized(Widths.of(operand), opcode).reg(extension).rm(operand));
    }

    default Assembler imul(Gpr destination, Operand factor) {
        int width = Widths.notByte(Widths.common(destination, factor));
        return emit(Encoding.opcode(0x0f, 0xaf).width(width).reg(destination).rm(factor));
    }

    default Assembler imul(Gpr destination, Operand factor, long immediate) {
        int width = Widths.notByte(Widths.common(destination, factor));
        long value = Widths.immediate(immediate, width);
        boolean isByte = Widths.isSignedByte(value);
        return emit(Encoding.opcode(isByte ? 0x6b : 0x69)
                .width(width)
                .reg(destination)
                .rm(factor)
                .immediate(value, isByte ? 1 : Widths.immediateBytes(width)));
    }

    default Assembler xadd(Operand destination, Gpr source) {
        return emit(Encoding.sized(Widths.common(destination, source), 0x0f, 0xc0)
                .reg(source)
                .rm(destination));
    }

    default Assembler cmpxchg(Operand destination, Gpr source) {
        return emit(Encoding.sized(Widths.common(destination, source), 0x0f, 0xb0)
                .reg(source)
                .rm(destination));
    }

    default Assembler cmpxchg8b(Memory destination) {
        return emit(Encoding.opcode(0x0f, 0xc7).reg(1).rm(destination));
    }

    default Assembler cmpxchg16b(Memory destination) {
        return emit(Encoding.opcode(0x0f, 0xc7).width(64).reg(1).rm(destination));
    }

    /** Sign-extends AL into AX. */
    default Assembler cbw() {
        return emit(Encoding.opcode(0x98).width(16));
    }

    /** Sign-extends AX into EAX. */
    default Assembler cwde() {
        return emit(Encoding.opcode(0x98));
    }

    /** Sign-extends EAX into RAX. */
    default Assembler cdqe() {
        return emit(Encoding.opcode(0x98).width(64));
    }

    /** Sign-extends AX into DX:AX. */
    default Assembler cwd() {
        return emit(Encoding.opcode(0x99).width(16));
    }

    /** Sign-extends EAX into EDX:EAX. */
    default Assembler cdq() {
        return emit(Encoding.opcode(0x99));
    }

    /** Sign-extends RAX into RDX:RAX. */
    default Assembler cqo() {
        return emit(Encoding.opcode(0x99).width(64));
    }
}
