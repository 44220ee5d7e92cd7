package io.github.paravane.mmu;

/** Why a page walk touched machine memory. */
public enum WalkAccess {
    /** Read of an L4 entry (PML4E). */
    WALK_L4,
    /** Read of an L3 entry (PDPTE). */
    WALK_L3,
    /** Read of an L2 entry (PDE). */
    WALK_L2,
    /** Read of an L1 entry (PTE). */
    WALK_L1,
    /** Compare-and-set that sets Accessed or Dirty in an entry. */
    AD_UPDATE;

    private static final WalkAccess[] BY_LEVEL = {AD_UPDATE, WALK_L1, WALK_L2, WALK_L3, WALK_L4};

    /** The read of an entry of the {@link io.github.paravane.api.paging.TableLevel} numbered 1 to 4. */
    public static WalkAccess ofLevel(int number) {
        if (number < 1 || number > 4) {
            throw new IllegalArgumentException("no table level 0x" + Integer.toHexString(number));
        }
        return BY_LEVEL[number];
    }
}
