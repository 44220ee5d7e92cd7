package io.github.paravane.testkit.asm;

/** The rules by which operands decide the operand size of an instruction. */
final class Widths {
    private Widths() {}

    /** The width that two operands agree on. */
    static int common(Operand first, Operand second) {
        if (first instanceof Memory && second instanceof Memory) {
            throw new IllegalArgumentException("two memory operands: " + first + ", " + second);
        }
        if (first.width() != 0 && second.width() != 0 && first.width() != second.width()) {
            throw new IllegalArgumentException("operands of different width: " + first + ", " + second);
        }
        return Math.max(first.width(), second.width());
    }

    /** The width of an operand that has to say it itself. */
    static int of(Operand operand) {
        if (operand.width() == 0) {
            throw new IllegalArgumentException(
                    "width of " + operand + " is unknown; use qword(), dword(), word() or bytePtr()");
        }
        return operand.width();
    }

    /** The width of an operand of an instruction that has no byte form. */
    static int notByte(int width) {
        if (width == 8) {
            throw new IllegalArgumentException("no form for 8 bits");
        }
        return width;
    }

    /** A value that fits an operand signed or unsigned, sign-extended from the operand's width, 32 bits at most. */
    static long immediate(long value, int width) {
        int bits = Math.min(width, 32);
        long extended = value << 64 - bits >> 64 - bits;
        boolean fitsUnsigned = width <= 32 && value >>> bits == 0;
        if (extended != value && !fitsUnsigned) {
            throw new IllegalArgumentException(
                    "0x" + Long.toHexString(value) + " does not fit an immediate of " + bits + " bits");
        }
        return extended;
    }

    /** Bytes of an immediate for an operand of this width. */
    static int immediateBytes(int width) {
        return Math.min(width, 32) / 8;
    }

    static boolean isSignedByte(long value) {
        return value == (byte) value;
    }
}
