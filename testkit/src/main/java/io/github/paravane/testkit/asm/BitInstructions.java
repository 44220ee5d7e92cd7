package io.github.paravane.testkit.asm;

/** Shifts, rotates, bit tests, bit scans and byte swaps (Intel SDM vol. 1, 5.1.5 and 5.1.6). */
public sealed interface BitInstructions permits Assembler {
    /** Appends an instruction given by the fields of its encoding. */
    Assembler emit(Encoding encoding);

    default Assembler rol(Operand operand, int count) {
        return shift(0, operand, count);
    }

    default Assembler rol(Operand operand, Gpr cl) {
        return shift(0, operand, cl);
    }

    default Assembler ror(Operand operand, int count) {
        return shift(1, operand, count);
    }

    default Assembler ror(Operand operand, Gpr cl) {
        return shift(1, operand, cl);
    }

    default Assembler rcl(Operand operand, int count) {
        return shift(2, operand, count);
    }

    default Assembler rcl(Operand operand, Gpr cl) {
        return shift(2, operand, cl);
    }

    default Assembler rcr(Operand operand, int count) {
        return shift(3, operand, count);
    }

    default Assembler rcr(Operand operand, Gpr cl) {
        return shift(3, operand, cl);
    }

    default Assembler shl(Operand operand, int count) {
        return shift(4, operand, count);
    }

    default Assembler shl(Operand operand, Gpr cl) {
        return shift(4, operand, cl);
    }

    default Assembler shr(Operand operand, int count) {
        return shift(5, operand, count);
    }

    default Assembler shr(Operand operand, Gpr cl) {
        return shift(5, operand, cl);
    }

    default Assembler sar(Operand operand, int count) {
        return shift(7, operand, count);
    }

    default Assembler sar(Operand operand, Gpr cl) {
        return shift(7, operand, cl);
    }

    private Assembler shift(int operation, Operand operand, int count) {
        int width = Widths.of(operand);
        if (count == 1) {
            return emit(Encoding.sized(width, 0xd0).reg(operation).rm(operand));
        }
        return emit(Encoding.sized(width, 0xc0).reg(operation).rm(operand).immediate(count, 1));
    }

    private Assembler shift(int operation, Operand operand, Gpr cl) {
        requireCl(cl);
        return emit(Encoding.sized(Widths.of(operand), 0xd2).reg(operation).rm(operand));
    }

    private static void requireCl(Gpr cl) {
        if (cl != Gpr.CL) {
            throw new IllegalArgumentException("a shift count comes from cl, not " + cl);
        }
    }

    default Assembler shld(Operand destination, Gpr source, int count) {
        return wide(0xa4, destination, source, count);
    }

    default Assembler shld(Operand destination, Gpr source, Gpr cl) {
        requireCl(cl);
        return bitOperation(0xa5, destination, source);
    }

    default Assembler shrd(Operand destination, Gpr source, int count) {
        return wide(0xac, destination, source, count);
    }

    default Assembler shrd(Operand destination, Gpr source, Gpr cl) {
        requireCl(cl);
        return bitOperation(0xad, destination, source);
    }

    private Assembler wide(int opcode, Operand destination, Gpr source, int count) {
        int width = Widths.notByte(Widths.common(destination, source));
        return emit(Encoding.opcode(0x0f, opcode)
                .width(width)
                .reg(source)
                .rm(destination)
                .immediate(count, 1));
    }

    default Assembler bt(Operand base, Gpr bit) {
        return bitOperation(0xa3, base, bit);
    }

    default Assembler bt(Operand base, int bit) {
        return bitOperation(4, base, bit);
    }

    default Assembler bts(Operand base, Gpr bit) {
        return bitOperation(0xab, base, bit);
    }

    default Assembler bts(Operand base, int bit) {
        return bitOperation(5, base, bit);
    }

    default Assembler btr(Operand base, Gpr bit) {
        return bitOperation(0xb3, base, bit);
    }

    default Assembler btr(Operand base, int bit) {
        return bitOperation(6, base, bit);
    }

    default Assembler btc(Operand base, Gpr bit) {
        return bitOperation(0xbb, base, bit);
    }

    default Assembler btc(Operand base, int bit) {
        return bitOperation(7, base, bit);
    }

    private Assembler bitOperation(int opcode, Operand rm, Gpr reg) {
        int width = Widths.notByte(Widths.common(rm, reg));
        return emit(Encoding.opcode(0x0f, opcode).width(width).reg(reg).rm(rm));
    }

    private Assembler bitOperation(int extension, Operand base, int bit) {
        int width = Widths.notByte(Widths.of(base));
        return emit(
                Encoding.opcode(0x0f, 0xba).width(width).reg(extension).rm(base).immediate(bit, 1));
    }

    default Assembler bsf(Gpr destination, Operand source) {
        return bitOperation(0xbc, source, destination);
    }

    default Assembler bsr(Gpr destination, Operand source) {
        return bitOperation(0xbd, source, destination);
    }

    default Assembler popcnt(Gpr destination, Operand source) {
        return counted(0xb8, destination, source);
    }

    default Assembler tzcnt(Gpr destination, Operand source) {
        return counted(0xbc, destination, source);
    }

    default Assembler lzcnt(Gpr destination, Operand source) {
        return counted(0xbd, destination, source);
    }

    private Assembler counted(int opcode, Gpr destination, Operand source) {
        int width = Widths.notByte(Widths.common(destination, source));
        return emit(Encoding.opcode(0x0f, opcode)
                .mandatory(0xf3)
                .width(width)
                .reg(destination)
                .rm(source));
    }

    /** Reverses the bytes of a 32- or 64-bit register. */
    default Assembler bswap(Gpr register) {
        if (register.width() < 32) {
            throw new IllegalArgumentException("bswap " + register + " is undefined");
        }
        return emit(Encoding.opcode(0x0f, 0xc8).width(register.width()).plus(register));
    }
}
