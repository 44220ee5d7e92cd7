package io.github.paravane.testkit.paging;

import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A TLB that counts for each page how often it had to be filled, and leaves the rest to another. */
public final class CountingTlb implements Tlb {

    private final Tlb tlb;
    private final Map<Long, Long> fills = new HashMap<>();

    public CountingTlb(Tlb tlb) {
        this.tlb = Objects.requireNonNull(tlb, "tlb");
    }

    /** How often the page of an address was filled, whatever for. */
    public long fills(long linear) {
        return fills.getOrDefault(linear >>> 12, 0L);
    }

    @Override
    public long lookup(long linear, int access) {
        return tlb.lookup(linear, access);
    }

    @Override
    public void insert(long linear, long maddr, int access, long leaf, int pageShift) {
        fills.merge(linear >>> 12, 1L, Long::sum);
        tlb.insert(linear, maddr, access, leaf, pageShift);
    }

    @Override
    public void flush(FlushScope scope) {
        tlb.flush(scope);
    }

    @Override
    public void flushPage(long linear) {
        tlb.flushPage(linear);
    }

    @Override
    public List<TlbEntry> entries() {
        return tlb.entries();
    }

    @Override
    public TlbStatistics statistics() {
        return tlb.statistics();
    }
}
