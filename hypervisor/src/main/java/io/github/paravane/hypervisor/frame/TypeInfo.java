package io.github.paravane.hypervisor.frame;

/**
 * The packed type word of a frame: bits 47:0 type count, 50:48 type, 51 validated, 52 pinned, 53 shared, 54 released, 55 partial,
 * 56 with slots of the hypervisor
 * (Xen {@code struct page_info}, {@code u.inuse.type_info}; abi-reference 2.1).
 */
public final class TypeInfo {

    /** No type. */
    public static final int NONE = 0;

    /** Page tables: the type is the level. */
    public static final int L1 = 1, L2 = 2, L3 = 3, L4 = 4;

    /** Descriptors; of the GDT only, where GDT and LDT pages are different types. */
    public static final int SEGMENTS = 5;

    /** LDT descriptors, where they are a type of their own. */
    public static final int LDT_SEGMENTS = 6;

    /** Writable by the guest. */
    public static final int WRITABLE = 7;

    /** The type count. */
    public static final long COUNT_MASK = (1L << 48) - 1;

    /** The content conforms to the type. */
    public static final long VALIDATED = 1L << 51;

    /** MMUEXT_PIN_L?_TABLE holds a reference. */
    public static final long PINNED = 1L << 52;

    /** The hypervisor's own frame, shared with its owner (shared_info, grant frames): never stolen nor counted. */
    public static final long SHARED = 1L << 53;

    /** The owner has given the frame back; it lives as long as other references exist. */
    public static final long RELEASED = 1L << 54;

    /**
     * The validation was interrupted: the type count is 1, and one general reference belongs to this state. Whoever takes
     * the type next goes on with it.
     */
    public static final long PARTIAL = 1L << 55;

    /** An L2 table for the last slot of a 32-bit domain's L3: its upper slots are the hypervisor's (PGT_pae_xen_l2). */
    public static final long XEN_SLOTS = 1L << 56;

    /** Added to {@link #L2}, the type to take for such a table. */
    public static final int WITH_XEN_SLOTS = 1 << 3;

    private static final int XEN_SLOTS_SHIFT = 56 - 3;
    private static final int TYPE_SHIFT = 48;
    private static final long TYPE_MASK = 7L << TYPE_SHIFT;
    private static final String[] NAMES = {"none", "l1", "l2", "l3", "l4", "segments", "ldt", "writable"};

    private TypeInfo() {}

    /** The type in a word; without a type count it says only what the frame was last. */
    public static int type(long info) {
        return (int) (info >>> TYPE_SHIFT) & 7;
    }

    /** The type in a word as it is taken: with {@link #WITH_XEN_SLOTS}. */
    public static int takenType(long info) {
        return type(info) | (int) (info >>> XEN_SLOTS_SHIFT) & WITH_XEN_SLOTS;
    }

    /** The type count in a word. */
    public static long count(long info) {
        return info & COUNT_MASK;
    }

    /** The word with another type, not validated. */
    public static long withType(long info, int type) {
        return info & ~(TYPE_MASK | VALIDATED | XEN_SLOTS)
                | (long) (type & 7) << TYPE_SHIFT
                | (long) (type & WITH_XEN_SLOTS) << XEN_SLOTS_SHIFT;
    }

    /** Whether a word is that of a page table in use. */
    public static boolean isTable(long info) {
        int type = type(info);
        return type >= L1 && type <= L4 && (info & VALIDATED) != 0 && count(info) != 0;
    }

    /** A type in words. */
    public static String name(int type) {
        return NAMES[type];
    }
}
