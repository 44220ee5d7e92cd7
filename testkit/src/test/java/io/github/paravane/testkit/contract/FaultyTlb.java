package io.github.paravane.testkit.contract;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.mmu.Mmu;
import java.util.List;

/** A TLB with one thing wrong. */
final class FaultyTlb implements Tlb {

    /** What is wrong. */
    enum Fault {
        HITS_ZERO_WHEN_EMPTY,
        ANSWERS_FRAME_WITHOUT_OFFSET,
        IGNORES_UPPER_BITS,
        READ_GRANTS_WRITE,
        USER_GRANTS_KERNEL,
        KEEPS_GLOBAL_ON_ALL,
        DROPS_GLOBAL_ON_NON_GLOBAL,
        FLUSH_OF_A_PAGE_DOES_NOTHING,
        FLUSH_OF_A_PAGE_DROPS_ALL,
        LARGE_PAGE_LOSES_ONE_PART_ONLY,
        SHOWS_NOTHING,
        COUNTS_NO_HITS
    }

    private final Tlb tlb = Mmu.directMappedTlb(256);
    private final Fault fault;

    FaultyTlb(Fault fault) {
        this.fault = fault;
    }

    private boolean is(Fault one) {
        return fault == one;
    }

    private long tag(long linear) {
        return is(Fault.IGNORES_UPPER_BITS) ? linear & 0x7FFF_FFFF_FFFFL : linear;
    }

    @Override
    public long lookup(long linear, int access) {
        int wanted = is(Fault.READ_GRANTS_WRITE) ? access & ~Access.WRITE : access;
        long maddr = tlb.lookup(tag(linear), is(Fault.USER_GRANTS_KERNEL) ? wanted | Access.USER : wanted);
        if (maddr == MISS) {
            return is(Fault.HITS_ZERO_WHEN_EMPTY) && linear == 0 ? 0 : MISS;
        }
        return is(Fault.ANSWERS_FRAME_WITHOUT_OFFSET) ? maddr & -4096 : maddr;
    }

    @Override
    public void insert(long linear, long maddr, int access, long leaf, int pageShift) {
        long entry = is(Fault.DROPS_GLOBAL_ON_NON_GLOBAL) ? leaf & ~Pte.GLOBAL : leaf;
        tlb.insert(tag(linear), maddr, access, entry, is(Fault.LARGE_PAGE_LOSES_ONE_PART_ONLY) ? 12 : pageShift);
    }

    @Override
    public void flush(FlushScope scope) {
        boolean weaker = is(Fault.KEEPS_GLOBAL_ON_ALL) && scope == FlushScope.ALL;
        tlb.flush(weaker ? FlushScope.NON_GLOBAL : scope);
    }

    @Override
    public void flushPage(long linear) {
        if (is(Fault.FLUSH_OF_A_PAGE_DROPS_ALL)) {
            tlb.flush(FlushScope.ALL);
        } else if (!is(Fault.FLUSH_OF_A_PAGE_DOES_NOTHING)) {
            tlb.flushPage(tag(linear));
        }
    }

    @Override
    public List<TlbEntry> entries() {
        return is(Fault.SHOWS_NOTHING) ? List.of() : tlb.entries();
    }

    @Override
    public TlbStatistics statistics() {
        TlbStatistics exact = tlb.statistics();
        return is(Fault.COUNTS_NO_HITS)
                ? new TlbStatistics(
                        0,
                        exact.misses(),
                        exact.fills(),
                        exact.flushesAll(),
                        exact.flushesNonGlobal(),
                        exact.flushesPage())
                : exact;
    }
}
