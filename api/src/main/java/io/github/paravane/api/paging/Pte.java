package io.github.paravane.api.paging;

/**
 * Bit algebra on 64-bit page-table entries held in a {@code long} (Intel SDM vol 3, table 4-15 ff.; Xen
 * {@code asm-x86/page.h}). No object is ever made of an entry.
 */
public final class Pte {

    /** P, bit 0. */
    public static final long PRESENT = 1;

    /** R/W, bit 1. */
    public static final long RW = 1 << 1;

    /** U/S, bit 2. */
    public static final long USER = 1 << 2;

    /** Bit 3. */
    public static final long PWT = 1 << 3;

    /** Bit 4. */
    public static final long PCD = 1 << 4;

    /** A, bit 5. */
    public static final long ACCESSED = 1 << 5;

    /** D, bit 6; meaningful in an entry that maps a page. */
    public static final long DIRTY = 1 << 6;

    /** PS, bit 7, in L2 and L3 entries. */
    public static final long PSE = 1 << 7;

    /** PAT, bit 7, in L1 entries. */
    public static final long PAT = 1 << 7;

    /** G, bit 8. */
    public static final long GLOBAL = 1 << 8;

    /** Bits 11:9, free for software. */
    public static final long AVAIL = 7 << 9;

    /** Bits 51:12. */
    public static final long FRAME_MASK = 0x000F_FFFF_FFFF_F000L;

    /** Bit 52: Xen's _PAGE_GUEST_KERNEL, set by Xen 3.0.3 and later on entries that the guest wrote without U/S. */
    public static final long GUEST_KERNEL = 1L << 52;

    /** Bits 62:52, free for software as far as the processor goes. */
    public static final long AVAIL_HIGH = 0x7FFL << 52;

    /** NX (XD), bit 63. */
    public static final long NX = 1L << 63;

    private Pte() {}

    /** Whether P is set. */
    public static boolean isPresent(long entry) {
        return (entry & PRESENT) != 0;
    }

    /** The mfn in bits 51:12. */
    public static long mfn(long entry) {
        return (entry & FRAME_MASK) >>> 12;
    }

    /** The entry for {@code mfn} with {@code flags}, bits outside 51:12. */
    public static long of(long mfn, long flags) {
        return mfn << 12 & FRAME_MASK | flags & ~FRAME_MASK;
    }

    /** The entry without its frame. */
    public static long flags(long entry) {
        return entry & ~FRAME_MASK;
    }

    /** Xen's 24-bit form of the flags: bits 11:0 stay, bits 63:52 become 23:12 (abi-reference 1.3). */
    public static int flags24(long entry) {
        return (int) (entry & 0xFFF | entry >>> 52 << 12);
    }

    /** The 64-bit flags for Xen's 24-bit form; inverse of {@link #flags24} on entries without a frame. */
    public static long fromFlags24(int flags) {
        return flags & 0xFFF | (long) (flags >>> 12 & 0xFFF) << 52;
    }
}
