package io.github.paravane.testkit.paging;

/**
 * What a processor's paging can do and how its control registers are set, for {@link ReferenceWalker}.
 *
 * @param physicalWidth MAXPHYADDR in bits, 32 to 52: entry bits from there to 51 are reserved
 * @param noExecute EFER.NXE: bit 63 of an entry forbids fetches; else it is reserved
 * @param gigabytePages whether PS in an L3 entry maps 1 GiB; else it is reserved
 * @param writeProtect CR0.WP: R/W binds supervisor stores
 */
public record WalkSettings(int physicalWidth, boolean noExecute, boolean gigabytePages, boolean writeProtect) {
    /** 46 bits, NX, 1 GiB pages, write protection. */
    public static final WalkSettings DEFAULT = new WalkSettings(46, true, true, true);

    public WalkSettings {
        if (physicalWidth < 32 || physicalWidth > 52) {
            throw new IllegalArgumentException(
                    "physical width out of range [32, 52]: 0x" + Integer.toHexString(physicalWidth));
        }
    }
}
