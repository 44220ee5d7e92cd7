package io.github.paravane.api.paging;

import org.jspecify.annotations.Nullable;

/**
 * A whole MMU of one virtual CPU, as its hypervisor drives it: base pointer, flushes, inspection.
 *
 * <p>The TLB behaves as the processor's (Intel SDM vol 3, 4.10): entries may go stale when tables change and stay until
 * flushed; global entries survive {@link #loadBase} with {@link FlushScope#NON_GLOBAL}.
 */
public interface PagingUnit extends AddressTranslator {

    /** The structure being walked. */
    PagingMode mode();

    /** mfn of the current root table. */
    long base();

    /**
     * Loads a root table and flushes what the load flushes: {@link FlushScope#NON_GLOBAL} is MOV to CR3 with CR4.PGE
     * set; {@link FlushScope#ALL} is the same with PGE toggled; {@link FlushScope#NONE} is a no-flush load with PCID.
     */
    void loadBase(long mfn, FlushScope scope);

    /** Drops TLB entries of a scope; {@link FlushScope#NONE} does nothing. */
    void flush(FlushScope scope);

    /** Drops every entry for the page of {@code linear}, global or not (INVLPG). */
    void flushPage(long linear);

    /** The TLB, for inspection and statistics. */
    Tlb tlb();

    /** Walks the tables at {@code base} for {@code linear} without touching TLB, A or D: what a debugger shows. */
    PageWalk walk(long base, long linear);

    @Override
    @Nullable
    PageFault fault();
}
