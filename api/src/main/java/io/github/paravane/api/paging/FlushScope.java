package io.github.paravane.api.paging;

/** Which TLB entries a flush drops (Intel SDM vol 3, 4.10.4.1). */
public enum FlushScope {
    /** None. */
    NONE,
    /** Every entry whose leaf has G clear: MOV to CR3. */
    NON_GLOBAL,
    /** Every entry: a change of CR4.PGE. */
    ALL
}
