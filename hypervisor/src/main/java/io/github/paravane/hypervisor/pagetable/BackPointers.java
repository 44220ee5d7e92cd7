package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.hypervisor.frame.TypeInfo;

/**
 * Where page tables are hooked, in the version that binds each table to a linear address (Xen 3.0.2 {@code PGT_va_mask};
 * abi-reference 1.8): an L2 or L3 table has one place, an L1 table may have several and then has none that is known, and a
 * table that is only pinned takes the first place it gets.
 */
final class BackPointers {

    /** A place that the next hook decides. */
    static final int MUTABLE = -1;

    /** More than one place. */
    static final int UNKNOWN = -2;

    private static final int SLOT_BITS = 9;

    /** For an L1 table bits 47:21 of the address, for an L2 table bits 47:30, for an L3 table bits 47:39. */
    private final int[] places;

    BackPointers(int frames) {
        places = new int[frames];
    }

    /** The place of a table: the bits of the linear address that its level does not translate. */
    int place(long mfn) {
        return places[(int) mfn];
    }

    /** Whether a table is known to be hooked at one place only. */
    boolean isKnown(long mfn) {
        return places[(int) mfn] >= 0;
    }

    /** A table is about to be referenced by the entry of a table of {@code level} at {@code maddr}. */
    EntryRule hook(long info, long mfn, int level, long maddr) {
        int parent = level == 4 ? 0 : places[(int) (maddr >>> 12)];
        int place = parent << SLOT_BITS | (int) (maddr >>> 3) & 511;
        int known = places[(int) mfn];
        boolean inUse = TypeInfo.count(info) != 0;
        if (inUse && TypeInfo.type(info) != level - 1) {
            return EntryRule.ACCEPTED;
        }
        if (!inUse || known == MUTABLE) {
            places[(int) mfn] = place;
        } else if (known != place) {
            if (level > 2) {
                return EntryRule.BACK_POINTER;
            }
            places[(int) mfn] = UNKNOWN;
        }
        return EntryRule.ACCEPTED;
    }

    /** A table is about to be pinned, or is only pinned from now on. */
    void pinned(long mfn) {
        places[(int) mfn] = MUTABLE;
    }
}
