package io.github.paravane.api.paging;

import java.util.List;

/**
 * A translation look-aside buffer.
 *
 * <p>It caches translations by page and access kind. What may be stale: an entry stays valid after its tables change
 * until a flush that covers it. No flush is needed after a change that only grants more rights to a page that is not
 * cached with fewer; after a change that takes rights away, moves the page, or clears P, D or A, {@link #flushPage} or a
 * wider flush is (Intel SDM vol 3, 4.10.4.2-3). Entries of large pages are cached by 4 KiB page.
 */
public interface Tlb {

    /** What {@link #lookup} returns on a miss. */
    long MISS = -1;

    /**
     * The machine address of {@code linear} if an entry grants {@code access}, else {@link #MISS}. A hit checks a tag and
     * nothing else: an entry is inserted per kind only if it grants that kind.
     *
     * @param access bits of {@link Access}
     */
    long lookup(long linear, int access);

    /**
     * Caches the translation of one 4 KiB page. With {@link Access#FETCH} it is cached for fetches only; else for reads,
     * and with {@link Access#WRITE} for stores too. {@link Access#USER} tells for which privilege; the other one keeps
     * missing.
     *
     * @param linear any address in the page
     * @param maddr the machine address of {@code linear}
     * @param access bits of {@link Access} that the tables grant and for which A (and D for a store) are set
     * @param leaf the leaf entry; {@link Pte#GLOBAL} in it makes the entry global
     * @param pageShift log2 of the size of the page that the leaf maps: 12, 21 or 30
     */
    void insert(long linear, long maddr, int access, long leaf, int pageShift);

    /** Drops entries of a scope in O(1). */
    void flush(FlushScope scope);

    /**
     * Drops every entry for the page of {@code linear}, global or not. If that page is large, all its 4 KiB parts go
     * (Intel SDM vol 3, 4.10.2.3).
     */
    void flushPage(long linear);

    /** The live entries, for inspection; a copy. */
    List<TlbEntry> entries();

    /** Exact counts since creation; a copy. */
    TlbStatistics statistics();
}
