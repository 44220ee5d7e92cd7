package io.github.paravane.api.paging;

/**
 * Exact counts of what a TLB did.
 *
 * @param hits look-ups answered
 * @param misses look-ups not answered
 * @param fills entries inserted
 * @param flushesAll flushes of {@link FlushScope#ALL}
 * @param flushesNonGlobal flushes of {@link FlushScope#NON_GLOBAL}
 * @param flushesPage flushes of one page
 */
public record TlbStatistics(
        long hits, long misses, long fills, long flushesAll, long flushesNonGlobal, long flushesPage) {

    /** What happened between an earlier reading and this one. */
    public TlbStatistics since(TlbStatistics earlier) {
        return new TlbStatistics(
                hits - earlier.hits,
                misses - earlier.misses,
                fills - earlier.fills,
                flushesAll - earlier.flushesAll,
                flushesNonGlobal - earlier.flushesNonGlobal,
                flushesPage - earlier.flushesPage);
    }
}
