package io.github.paravane.testkit.asm;

/** Data movement, conversions, stack and conditional moves (Intel SDM vol. 1, 5.1.1). */
public sealed interface MoveInstructions permits Assembler {
    /** Appends an instruction given by the fields of its encoding. */
    Assembler emit(Encoding encoding);

    default Assembler mov(Operand destination, Operand source) {
        int width = Widths.common(destination, source);
        if (source instanceof Gpr register) {
            return emit(Encoding.sized(width, 0x88).reg(register).rm(destination));
        }
        return emit(Encoding.sized(width, 0x8a).reg((Gpr) destination).rm(source));
    }

    /** Moves an immediate; into a 64-bit register any value, in the shortest form that needs no zero extension. */
    default Assembler mov(Operand destination, long immediate) {
        int width = Widths.of(destination);
        if (destination instanceof Gpr register) {
            if (width == 64 && immediate != (int) immediate) {
                return movabs(register, immediate);
            }
            if (width != 64) {
                long value = Widths.immediate(immediate, width);
                return emit(Encoding.opcode(width == 8 ? 0xb0 : 0xb8)
                        .width(width)
                        .plus(register)
                        .immediate(value, width / 8));
            }
        }
        return emit(Encoding.sized(width, 0xc6)
                .rm(destination)
                .immediate(Widths.immediate(immediate, width), Widths.immediateBytes(width)));
    }

    /** Moves a 64-bit immediate in the ten-byte form. */
    default Assembler movabs(Gpr destination, long immediate) {
        requireWidth(destination, 64);
        return emit(Encoding.opcode(0xb8).width(64).plus(destination).immediate(immediate, 8));
    }

    /** Moves the absolute 64-bit address of a label. */
    default Assembler movabs(Gpr destination, Label label) {
        requireWidth(destination, 64);
        return emit(Encoding.opcode(0xb8).width(64).plus(destination).addressOf(label, 8));
    }

    /** Moves the absolute address of a label, which must lie below 4 GiB, into a 32-bit register. */
    default Assembler mov(Gpr destination, Label label) {
        requireWidth(destination, 32);
        return emit(Encoding.opcode(0xb8).plus(destination).addressOf(label, 4));
    }

    /** Stores a selector: 16 bits to memory, zero-extended to a 32- or 64-bit register. */
    default Assembler mov(Operand destination, SegmentRegister source) {
        int width = destination instanceof Gpr register ? Math.min(Widths.notByte(register.width()), 32) : 32;
        return emit(Encoding.opcode(0x8c).width(width).reg(source.number()).rm(destination));
    }

    /** Loads a selector from memory or from the low half of a 32-bit register. */
    default Assembler mov(SegmentRegister destination, Operand source) {
        return emit(Encoding.opcode(0x8e).reg(destination.number()).rm(source));
    }

    default Assembler mov(Gpr destination, ControlRegister source) {
        requireWidth(destination, 64);
        return emit(Encoding.opcode(0x0f, 0x20).reg(source.number()).rm(destination));
    }

    default Assembler mov(ControlRegister destination, Gpr source) {
        requireWidth(source, 64);
        return emit(Encoding.opcode(0x0f, 0x22).reg(destination.number()).rm(source));
    }

    default Assembler mov(Gpr destination, DebugRegister source) {
        requireWidth(destination, 64);
        return emit(Encoding.opcode(0x0f, 0x21).reg(source.number()).rm(destination));
    }

    default Assembler mov(DebugRegister destination, Gpr source) {
        requireWidth(source, 64);
        return emit(Encoding.opcode(0x0f, 0x23).reg(destination.number()).rm(source));
    }

    private static void requireWidth(Gpr register, int width) {
        if (register.width() != width) {
            throw new IllegalArgumentException(register + " is not " + width + " bits wide");
        }
    }

    default Assembler lea(Gpr destination, Memory source) {
        return emit(Encoding.opcode(0x8d)
                .width(Widths.notByte(destination.width()))
                .reg(destination)
                .rm(source));
    }

    default Assembler movzx(Gpr destination, Operand source) {
        return extend(0xb6, destination, source);
    }

    default Assembler movsx(Gpr destination, Operand source) {
        return extend(0xbe, destination, source);
    }

    private Assembler extend(int opcode, Gpr destination, Operand source) {
        int from = Widths.of(source);
        if (from > 16 || from >= destination.width()) {
            throw new IllegalArgumentException("no extension of " + source + " to " + destination);
        }
        return emit(Encoding.opcode(0x0f, from == 8 ? opcode : opcode | 1)
                .width(destination.width())
                .reg(destination)
                .rm(source));
    }

    /** Sign-extends 32 bits to 64. */
    default Assembler movsxd(Gpr destination, Operand source) {
        requireWidth(destination, 64);
        return emit(Encoding.opcode(0x63).width(64).reg(destination).rm(source));
    }

    default Assembler xchg(Operand destination, Gpr source) {
        int width = Widths.common(destination, source);
        if (destination instanceof Gpr register && width != 8) {
            // XCHG EAX,EAX has no short form in 64-bit mode, as 0x90 would not clear the upper half.
            boolean isBoth = register.isAccumulator() && source.isAccumulator() && width == 32;
            if (!isBoth && (register.isAccumulator() || source.isAccumulator())) {
                return emit(Encoding.opcode(0x90).width(width).plus(register.isAccumulator() ? source : register));
            }
        }
        return emit(Encoding.sized(width, 0x86).reg(source).rm(destination));
    }

    default Assembler push(Operand source) {
        int width = stackWidth(Widths.of(source));
        if (source instanceof Gpr register) {
            return emit(Encoding.opcode(0x50).width(width).defaultsTo64().plus(register));
        }
        return emit(Encoding.opcode(0xff).width(width).defaultsTo64().reg(6).rm(source));
    }

    /** Pushes a 32-bit immediate, sign-extended to 64 bits. */
    default Assembler push(long immediate) {
        long value = Widths.immediate(immediate, 64);
        boolean isByte = Widths.isSignedByte(value);
        return emit(Encoding.opcode(isByte ? 0x6a : 0x68).immediate(value, isByte ? 1 : 4));
    }

    default Assembler pop(Operand destination) {
        int width = stackWidth(Widths.of(destination));
        if (destination instanceof Gpr register) {
            return emit(Encoding.opcode(0x58).width(width).defaultsTo64().plus(register));
        }
        return emit(Encoding.opcode(0x8f).width(width).defaultsTo64().rm(destination));
    }

    private static int stackWidth(int width) {
        if (width == 8) {
            throw new IllegalArgumentException("the stack takes no operand of 8 bits");
        }
        return width;
    }

    /** Pushes FS or GS; the others have no form in 64-bit mode. */
    default Assembler push(SegmentRegister source) {
        return emit(Encoding.opcode(0x0f, fsOrGs(source, 0xa0)));
    }

    /** Pops FS or GS; the others have no form in 64-bit mode. */
    default Assembler pop(SegmentRegister destination) {
        return emit(Encoding.opcode(0x0f, fsOrGs(destination, 0xa1)));
    }

    private static int fsOrGs(SegmentRegister register, int opcode) {
        return switch (register) {
            case FS -> opcode;
            case GS -> opcode + 8;
            default -> throw new IllegalArgumentException(register + " has no push or pop in 64-bit mode");
        };
    }

    /** Pushes RFLAGS. */
    default Assembler pushf() {
        return emit(Encoding.opcode(0x9c));
    }

    /** Pops RFLAGS. */
    default Assembler popf() {
        return emit(Encoding.opcode(0x9d));
    }

    default Assembler leave() {
        return emit(Encoding.opcode(0xc9));
    }

    default Assembler enter(int bytes, int level) {
        return emit(Encoding.opcode(0xc8).immediate((long) level << 16 | bytes & 0xffff, 3));
    }

    default Assembler cmov(Condition condition, Gpr destination, Operand source) {
        int width = Widths.notByte(Widths.common(destination, source));
        return emit(Encoding.opcode(0x0f, 0x40 | condition.code())
                .width(width)
                .reg(destination)
                .rm(source));
    }

    default Assembler set(Condition condition, Operand destination) {
        if (destination.width() != 8 && destination.width() != 0) {
            throw new IllegalArgumentException(destination + " is not a byte");
        }
        return emit(Encoding.opcode(0x0f, 0x90 | condition.code()).rm(destination));
    }

    default Assembler lahf() {
        return emit(Encoding.opcode(0x9f));
    }

    default Assembler sahf() {
        return emit(Encoding.opcode(0x9e));
    }

    default Assembler xlat() {
        return emit(Encoding.opcode(0xd7));
    }
}
