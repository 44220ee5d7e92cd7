package io.github.paravane.api.paging;

/**
 * What a memory access does, as bits of an {@code int} so that the hot path passes no object.
 *
 * <p>{@link #WRITE}, {@link #USER} and {@link #FETCH} have the positions of the x86 page-fault error code (Intel SDM
 * vol 3, 4.7), hence a fault's error code is the access with P and RSVD or-ed in.
 */
public final class Access {

    /** A data read at supervisor privilege: no bit set. */
    public static final int READ = 0;

    /** Set for a store, and for the read half of a read-modify-write. Bit 1. */
    public static final int WRITE = 1 << 1;

    /** Set for an access at CPL 3. Bit 2. A PV64 guest runs at CPL 3 in both modes. */
    public static final int USER = 1 << 2;

    /** Set for an instruction fetch. Bit 4. */
    public static final int FETCH = 1 << 4;

    private Access() {}
}
