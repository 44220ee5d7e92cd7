package io.github.paravane.testkit.asm;

import java.util.Map;

/** The finished product of an {@link Assembler}: bytes for one contiguous range of addresses and the labels in it. */
public final class AssembledCode {
    private final long origin;
    private final boolean wide;
    private final byte[] bytes;
    private final Map<String, Long> symbols;

    AssembledCode(long origin, boolean wide, byte[] bytes, Map<String, Long> symbols) {
        this.origin = origin;
        this.wide = wide;
        this.bytes = bytes;
        this.symbols = Map.copyOf(symbols);
    }

    /** The virtual address of the first byte. */
    public long origin() {
        return origin;
    }

    /** Whether it is 64-bit code. */
    public boolean isWide() {
        return wide;
    }

    /** A copy of the code. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The virtual address of every bound label, by name. */
    public Map<String, Long> symbols() {
        return symbols;
    }

    /** The virtual address of a label; throws {@code IllegalArgumentException} if there is none of that name. */
    public long address(String label) {
        Long address = symbols.get(label);
        if (address == null) {
            throw new IllegalArgumentException("no label " + label);
        }
        return address;
    }

    /** The first virtual address behind the code. */
    public long end() {
        return origin + bytes.length;
    }
}
