package io.github.paravane.mmu;

/**
 * What the emulated processor's paging can do and how its control registers are set.
 *
 * @param physicalWidth bits of a machine address, 32 to 52; entry bits from there to 51 are reserved (CPUID 80000008 EAX)
 * @param noExecute EFER.NXE: bit 63 of an entry is NX, else it is reserved
 * @param gigabytePages whether PS in an L3 entry maps 1 GiB, else it is reserved (CPUID 80000001 EDX bit 26)
 * @param writeProtect CR0.WP: R/W binds supervisor stores too
 */
public record MmuFeatures(int physicalWidth, boolean noExecute, boolean gigabytePages, boolean writeProtect) {

    /** A 46-bit processor with NX and 1 GiB pages, and CR0.WP set. */
    public static final MmuFeatures DEFAULT = new MmuFeatures(46, true, true, true);

    public MmuFeatures {
        if (physicalWidth < 32 || physicalWidth > 52) {
            throw new IllegalArgumentException(
                    "physical width out of range [32, 52]: 0x" + Integer.toHexString(physicalWidth));
        }
    }

    /** The same with another width of machine addresses. */
    public MmuFeatures withPhysicalWidth(int bits) {
        return new MmuFeatures(bits, noExecute, gigabytePages, writeProtect);
    }

    /** The same with or without NX. */
    public MmuFeatures withNoExecute(boolean value) {
        return new MmuFeatures(physicalWidth, value, gigabytePages, writeProtect);
    }

    /** The same with or without 1 GiB pages. */
    public MmuFeatures withGigabytePages(boolean value) {
        return new MmuFeatures(physicalWidth, noExecute, value, writeProtect);
    }

    /** The same with CR0.WP set or clear. */
    public MmuFeatures withWriteProtect(boolean value) {
        return new MmuFeatures(physicalWidth, noExecute, gigabytePages, value);
    }
}
