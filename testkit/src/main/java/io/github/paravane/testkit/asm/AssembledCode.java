package io.github.paravane.testkit.asm;

import java.util.Map;

/**
 * The finished product of an {@link Assembler}: bytes for one contiguous range of addresses and the labels in it.
 *
 * @param origin virtual address of the first byte
 * @param bytes the code, owned by this record: neither side changes it afterwards
 * @param symbols the virtual address of every bound label
 */
public record AssembledCode(long origin, byte[] bytes, Map<String, Long> symbols) {
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
