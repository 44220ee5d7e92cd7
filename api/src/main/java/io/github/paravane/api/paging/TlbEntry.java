package io.github.paravane.api.paging;

/**
 * A live TLB entry, copied for inspection.
 *
 * @param linear first address of the page
 * @param mfn the frame it maps to
 * @param access the kind of access cached, bits of {@link Access}
 * @param leaf the leaf entry as it was when cached
 */
public record TlbEntry(long linear, long mfn, int access, long leaf) {

    /** Whether the entry survives {@link FlushScope#NON_GLOBAL}. */
    public boolean isGlobal() {
        return (leaf & Pte.GLOBAL) != 0;
    }
}
