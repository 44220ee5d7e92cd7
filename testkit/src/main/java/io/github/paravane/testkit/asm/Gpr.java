package io.github.paravane.testkit.asm;

import java.util.Locale;

/** The general-purpose registers of 64-bit mode, one constant for each width (Intel SDM vol. 1, 3.4.1.1). */
public enum Gpr implements Operand {
    // 64 bits
    RAX(0, 64),
    RCX(1, 64),
    RDX(2, 64),
    RBX(3, 64),
    RSP(4, 64),
    RBP(5, 64),
    RSI(6, 64),
    RDI(7, 64),
    R8(8, 64),
    R9(9, 64),
    R10(10, 64),
    R11(11, 64),
    R12(12, 64),
    R13(13, 64),
    R14(14, 64),
    R15(15, 64),
    // 32 bits
    EAX(0, 32),
    ECX(1, 32),
    EDX(2, 32),
    EBX(3, 32),
    ESP(4, 32),
    EBP(5, 32),
    ESI(6, 32),
    EDI(7, 32),
    R8D(8, 32),
    R9D(9, 32),
    R10D(10, 32),
    R11D(11, 32),
    R12D(12, 32),
    R13D(13, 32),
    R14D(14, 32),
    R15D(15, 32),
    // 16 bits
    AX(0, 16),
    CX(1, 16),
    DX(2, 16),
    BX(3, 16),
    SP(4, 16),
    BP(5, 16),
    SI(6, 16),
    DI(7, 16),
    R8W(8, 16),
    R9W(9, 16),
    R10W(10, 16),
    R11W(11, 16),
    R12W(12, 16),
    R13W(13, 16),
    R14W(14, 16),
    R15W(15, 16),
    // 8 bits
    AL(0, 8),
    CL(1, 8),
    DL(2, 8),
    BL(3, 8),
    SPL(4, 8),
    BPL(5, 8),
    SIL(6, 8),
    DIL(7, 8),
    R8B(8, 8),
    R9B(9, 8),
    R10B(10, 8),
    R11B(11, 8),
    R12B(12, 8),
    R13B(13, 8),
    R14B(14, 8),
    R15B(15, 8),
    // second byte of the first four registers; cannot be used in an instruction that has a REX prefix
    AH(4, 8),
    CH(5, 8),
    DH(6, 8),
    BH(7, 8);

    private final int number;
    private final int width;

    Gpr(int number, int width) {
        this.number = number;
        this.width = width;
    }

    /** The register number of the encoding, 0-15; {@code AH} to {@code BH} share 4-7 with {@code SPL} to {@code DIL}. */
    public int number() {
        return number;
    }

    @Override
    public int width() {
        return width;
    }

    /** Whether this is the accumulator of its width, for which shorter encodings exist. */
    boolean isAccumulator() {
        return number == 0;
    }

    /** Whether this register can be named only with a REX prefix present ({@code SPL} to {@code DIL}). */
    boolean needsRex() {
        return width == 8 && number >= 4 && number < 8 && !isHighByte();
    }

    /** Whether this is {@code AH}, {@code CH}, {@code DH} or {@code BH}. */
    boolean isHighByte() {
        return this == AH || this == CH || this == DH || this == BH;
    }

    /** The same register at another width; throws {@code IllegalArgumentException} for a high byte register. */
    public Gpr atWidth(int bits) {
        if (isHighByte()) {
            throw new IllegalArgumentException(this + " has no other width");
        }
        for (Gpr candidate : values()) {
            if (candidate.number == number && candidate.width == bits && !candidate.isHighByte()) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no register width of " + bits + " bits");
    }

    /** The manual's name in lower case, such as {@code r8d}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
