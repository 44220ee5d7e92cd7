package io.github.paravane.testkit.asm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** One ELF note: an owner's name, a type that the owner defines, and a descriptor (System V ABI, chapter 5). */
public final class ElfNote {
    private final String name;
    private final int type;
    private final byte[] descriptor;

    /** A note with any descriptor. */
    public ElfNote(String name, int type, byte[] descriptor) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = type;
        this.descriptor = descriptor.clone();
    }

    /** A note whose descriptor is zero-terminated text. */
    public static ElfNote ofString(String name, int type, String text) {
        return new ElfNote(name, type, (text + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A note whose descriptor is 32 bits. */
    public static ElfNote ofU32(String name, int type, int value) {
        return new ElfNote(name, type, little(4).putInt(value).array());
    }

    /** A note whose descriptor is 64 bits. */
    public static ElfNote ofU64(String name, int type, long value) {
        return new ElfNote(name, type, little(8).putLong(value).array());
    }

    /** The owner. */
    public String name() {
        return name;
    }

    /** The owner's number for the meaning of the note. */
    public int type() {
        return type;
    }

    /** Header, name and descriptor, the latter two padded to 4 bytes. */
    byte[] encoded() {
        byte[] owner = (name + "\0").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = little(12 + padded(owner.length) + padded(descriptor.length));
        bytes.putInt(owner.length).putInt(descriptor.length).putInt(type).put(owner);
        bytes.position(12 + padded(owner.length));
        bytes.put(descriptor);
        return bytes.array();
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
