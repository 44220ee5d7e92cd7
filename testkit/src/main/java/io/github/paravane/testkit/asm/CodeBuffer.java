package io.github.paravane.testkit.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes under construction and the places in them that wait for the address of a label. */
final class CodeBuffer {
    /** A field of {@code bytes} bytes at offset {@code at}; relative fields count from offset {@code from}. */
    private record Fixup(Label label, long addend, int at, int bytes, int from) {
        boolean isAbsolute() {
            return from < 0;
        }
    }

    private final List<Fixup> fixups = new ArrayList<>();
    private byte[] bytes = new byte[256];
    private int size;

    int size() {
        return size;
    }

    void u8(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, size * 2);
        }
        bytes[size++] = (byte) value;
    }

    /** Appends the low {@code count} bytes of a value, least significant first; zeros above the eighth. */
    void little(long value, int count) {
        for (int i = 0; i < count; i++) {
            u8(i < 8 ? (int) (value >>> 8 * i) : 0);
        }
    }

    /** Registers the field at {@code at} to become label + addend - (the current end of the buffer). */
    void relative(Label label, long addend, int at, int count) {
        fixups.add(new Fixup(label, addend, at, count, size));
    }

    /** Registers the field of {@code count} bytes at {@code at} to become the address label + addend. */
    void absolute(Label label, long addend, int at, int count) {
        fixups.add(new Fixup(label, addend, at, count, -1));
    }

    /** The finished bytes for an origin; throws {@code IllegalStateException} for a label unbound or out of reach. */
    byte[] resolved(long origin) {
        byte[] result = Arrays.copyOf(bytes, size);
        for (Fixup fixup : fixups) {
            long target = fixup.label.offset() + fixup.addend;
            long value = fixup.isAbsolute() ? origin + target : target - fixup.from;
            int spare = 64 - 8 * fixup.bytes;
            if (value << spare >> spare != value && (!fixup.isAbsolute() || value << spare >>> spare != value)) {
                throw new IllegalStateException(
                        "label " + fixup.label + " is out of reach: 0x" + Long.toHexString(value));
            }
            for (int i = 0; i < fixup.bytes; i++) {
                result[fixup.at + i] = (byte) (value >>> 8 * i);
            }
        }
        return result;
    }
}
