package io.github.paravane.api.paging;

/**
 * A live TLB entry, copied for inspection.
 *
 * @param linear first address of the page
 * @param mfn the frame it maps to
 * @param access the kind of access cached, bits of {@link Access}
 * @param leaf the leaf entry as it was when cached
 * @param pageShift log2 of the size of the page that the leaf maps: 12, 21 or 30
 */
public record TlbEntry(long linear, long mfn, int access, long leaf, int pageShift) {

    /** Whether the entry survives {@link FlushScope#NON_GLOBAL}. */
    public boolean isGlobal() {
        return (leaf & Pte.GLOBAL) != 0;
    }
}
