package io.github.paravane.api.paging;

import java.util.List;

/**
 * A live TLB entry beside the walk that its page would have now: shows which entries are stale, and why.
 *
 * @param entry the entry
 * @param walk the walk of its page in the tables that are loaded now; for a global entry perhaps other ones than it came from
 */
public record TlbInspection(TlbEntry entry, PageWalk walk) {

    /** Every live entry of a paging unit with its walk; nothing is changed by looking. */
    public static List<TlbInspection> of(PagingUnit unit) {
        return unit.tlb().entries().stream()
                .map(each -> new TlbInspection(each, unit.walk(unit.base(), each.linear())))
                .toList();
    }

    /** Whether the tables grant the access cached no more, or map the page elsewhere: until a flush it works all the same. */
    public boolean isStale() {
        if (!walk.isMapped() || walk.maddr() >>> 12 != entry.mfn()) {
            return true;
        }
        boolean writes = (entry.access() & Access.WRITE) != 0 && (walk.rights() & Pte.RW) == 0;
        boolean user = (entry.access() & Access.USER) != 0 && (walk.rights() & Pte.USER) == 0;
        boolean fetches = (entry.access() & Access.FETCH) != 0 && (walk.rights() & Pte.NX) != 0;
        return writes || user || fetches;
    }
}
