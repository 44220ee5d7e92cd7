package io.github.paravane.testkit.asm;

import java.nio.charset.StandardCharsets;

/** Data, alignment and position. */
public sealed interface DataDirectives permits Assembler {
    /** The virtual address of the next byte. */
    long position();

    /** Appends bytes as they are. */
    Assembler raw(byte[] data);

    /** Appends the 64-bit virtual address of a label plus {@code addend}. */
    Assembler addressOf(Label label, long addend);

    /** Appends the address of a label in 32 bits. */
    Assembler u32(Label label);

    /** Appends bytes given as ints; only the low eight bits of each count. */
    default Assembler bytes(int... values) {
        byte[] data = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            data[i] = (byte) values[i];
        }
        return raw(data);
    }

    /** Appends one byte. */
    default Assembler u8(int value) {
        return little(value, 1);
    }

    /** Appends 16 bits, little-endian. */
    default Assembler u16(int value) {
        return little(value, 2);
    }

    /** Appends 32 bits, little-endian. */
    default Assembler u32(long value) {
        return little(value, 4);
    }

    /** Appends 64 bits, little-endian. */
    default Assembler u64(long value) {
        return little(value, 8);
    }

    /** Appends the 64-bit virtual address of a label. */
    default Assembler u64(Label label) {
        return addressOf(label, 0);
    }

    private Assembler little(long value, int count) {
        byte[] data = new byte[count];
        for (int i = 0; i < count; i++) {
            data[i] = (byte) (value >>> 8 * i);
        }
        return raw(data);
    }

    /** Appends text in ISO 8859-1 without a terminator. */
    default Assembler ascii(String text) {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Appends text in ISO 8859-1 and a zero byte. */
    default Assembler asciz(String text) {
        return ascii(text).u8(0);
    }

    /** Appends zero bytes. */
    default Assembler zeros(int count) {
        return raw(new byte[count]);
    }

    /** Appends zeros up to a multiple of {@code alignment}, a power of two. */
    default Assembler align(int alignment) {
        if (Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("alignment 0x" + Integer.toHexString(alignment) + " is no power of two");
        }
        return zeros((int) (-position() & (alignment - 1)));
    }

    /** Appends zeros up to virtual address {@code linear}; throws {@code IllegalArgumentException} if that is behind us. */
    default Assembler org(long linear) {
        long gap = linear - position();
        if (gap < 0 || gap > 1 << 30) {
            throw new IllegalArgumentException(
                    "cannot go from 0x" + Long.toHexString(position()) + " to 0x" + Long.toHexString(linear));
        }
        return zeros((int) gap);
    }
}
