package io.github.paravane.hypervisor.domain;

/** A vCPU's virtual IDT: 256 entries of address and flags (abi-reference 3.6). */
public final class TrapTable {

    private final long[] address = new long[256];
    private final byte[] flags = new byte[256];
    private final char[] selector = new char[256];

    /** Sets an entry; {@code entryFlags} bits 1:0 DPL, bit 2 mask events. */
    public void set(int vector, long handler, int entryFlags) {
        address[vector] = handler;
        flags[vector] = (byte) entryFlags;
    }

    /** Forgets all entries. */
    public void clear() {
        java.util.Arrays.fill(address, 0);
        java.util.Arrays.fill(flags, (byte) 0);
        java.util.Arrays.fill(selector, (char) 0);
    }

    /** Sets the code segment of an entry, which counts for 32-bit guests only. */
    public void setSelector(int vector, int cs) {
        selector[vector] = (char) cs;
    }

    /** The code segment of an entry. */
    public int selector(int vector) {
        return selector[vector];
    }

    /** The handler, 0 if none. */
    public long address(int vector) {
        return address[vector];
    }

    /** Lowest privilege that may use the vector with INT n. */
    public int dpl(int vector) {
        return flags[vector] & 3;
    }

    /** Whether entry masks events. */
    public boolean masksEvents(int vector) {
        return (flags[vector] & 4) != 0;
    }
}
