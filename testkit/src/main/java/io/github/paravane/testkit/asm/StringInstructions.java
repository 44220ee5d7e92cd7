package io.github.paravane.testkit.asm;

/**
 * String instructions; each mnemonic takes its operand size in bits. Put {@link Assembler#rep} or {@link Assembler#repne}
 * before them to repeat (Intel SDM vol. 1, 5.1.8).
 *
 * <pre>{@code
 * asm.mov(ECX, 512).xor(EAX, EAX).rep().stos(64); // clears one page at RDI
 * }</pre>
 */
public sealed interface StringInstructions permits Assembler {
    /** Appends an instruction given by the fields of its encoding. */
    Assembler emit(Encoding encoding);

    default Assembler movs(int width) {
        return emit(Encoding.sized(width, 0xa4));
    }

    default Assembler cmps(int width) {
        return emit(Encoding.sized(width, 0xa6));
    }

    default Assembler stos(int width) {
        return emit(Encoding.sized(width, 0xaa));
    }

    default Assembler lods(int width) {
        return emit(Encoding.sized(width, 0xac));
    }

    default Assembler scas(int width) {
        return emit(Encoding.sized(width, 0xae));
    }

    /** Reads port DX into memory at RDI; 8, 16 or 32 bits. */
    default Assembler ins(int width) {
        return emit(Encoding.sized(width, 0x6c));
    }

    /** Writes memory at RSI to port DX; 8, 16 or 32 bits. */
    default Assembler outs(int width) {
        return emit(Encoding.sized(width, 0x6e));
    }

    /** Clears the direction flag: addresses go up. */
    default Assembler cld() {
        return emit(Encoding.opcode(0xfc));
    }

    /** Sets the direction flag: addresses go down. */
    default Assembler std() {
        return emit(Encoding.opcode(0xfd));
    }
}
