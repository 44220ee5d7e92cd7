package io.github.paravane.mmu.tlb;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import java.util.ArrayList;
import java.util.List;

/**
 * A direct-mapped TLB with one half for each of read, write and fetch at each privilege.
 *
 * <p>An entry is a tag and a frame. The tag is the page number (linear address bits 47:12) and, above it, the generation
 * in which the entry was made: one counter numbers the generations of both global and non-global entries, a flush takes a
 * new number and thereby drops every entry with an old one. When the 28 bits of the counter run out, the arrays are
 * cleared.
 */
public final class DirectMappedTlb implements Tlb {

    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;
    private static final int PAGE_NUMBER_BITS = 36;
    private static final long PAGE_NUMBER_MASK = (1L << PAGE_NUMBER_BITS) - 1;
    private static final long GENERATION_STEP = 1L << PAGE_NUMBER_BITS;

    /** Kinds of access: bit 0 write, bit 1 fetch, bit 2 user; write together with fetch is not used. */
    private static final int KINDS = 8;

    private final int indexBits;
    private final int indexMask;

    /** Tag and frame address alternate. */
    private final long[] entries;

    private final long[] leaves;
    private final byte[] pageShifts;

    private long globalGeneration;
    private long localGeneration;
    private long lastGeneration;
    private boolean largePages;

    private long hits;
    private long misses;
    private long fills;
    private long flushesAll;
    private long flushesNonGlobal;
    private long flushesPage;

    /**
     * An empty TLB.
     *
     * @param size entries per half: a power of two, 1 to 65536
     */
    public DirectMappedTlb(int size) {
        this(size, 1);
    }

    /** A TLB whose first generations are {@code generation} and the next: lets a test reach the end of the counter. */
    DirectMappedTlb(int size, int generation) {
        if (size < 1 || size > 1 << 16 || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(
                    "TLB size is no power of two in [1, 65536]: 0x" + Integer.toHexString(size));
        }
        indexBits = Integer.numberOfTrailingZeros(size);
        indexMask = size - 1;
        entries = new long[KINDS * size * 2];
        leaves = new long[KINDS * size];
        pageShifts = new byte[KINDS * size];
        globalGeneration = GENERATION_STEP * generation;
        localGeneration = globalGeneration + GENERATION_STEP;
        lastGeneration = localGeneration;
    }

    @Override
    public long lookup(long linear, int access) {
        int at = slot(kind(access), linear) << 1;
        long page = pageNumber(linear);
        long tag = entries[at];
        if (tag == (page | localGeneration) || tag == (page | globalGeneration)) {
            hits++;
            return entries[at + 1] | linear & PAGE_MASK;
        }
        misses++;
        return MISS;
    }

    @Override
    public void insert(long linear, long maddr, int access, long leaf, int pageShift) {
        fills++;
        largePages |= pageShift > PAGE_SHIFT;
        fill(kind(access & ~Access.WRITE), linear, maddr, leaf, pageShift);
        if ((access & (Access.WRITE | Access.FETCH)) == Access.WRITE) {
            fill(kind(access), linear, maddr, leaf, pageShift);
        }
    }

    private void fill(int kind, long linear, long maddr, long leaf, int pageShift) {
        int slot = slot(kind, linear);
        entries[slot << 1] = pageNumber(linear) | ((leaf & Pte.GLOBAL) != 0 ? globalGeneration : localGeneration);
        entries[(slot << 1) + 1] = maddr & ~PAGE_MASK;
        leaves[slot] = leaf;
        pageShifts[slot] = (byte) pageShift;
    }

    @Override
    public void flush(FlushScope scope) {
        switch (scope) {
            case NONE:
                return;
            case NON_GLOBAL:
                flushesNonGlobal++;
                localGeneration = nextGeneration();
                return;
            case ALL:
                flushesAll++;
                globalGeneration = nextGeneration();
                localGeneration = nextGeneration();
                largePages = false;
                return;
        }
    }

    /** A generation that no live entry has. */
    private long nextGeneration() {
        lastGeneration += GENERATION_STEP;
        if (lastGeneration == 0) {
            restartGenerations();
        }
        return lastGeneration;
    }

    private void restartGenerations() {
        for (int at = 0; at < entries.length; at += 2) {
            boolean global = (entries[at] & ~PAGE_NUMBER_MASK) == globalGeneration;
            entries[at] = global ? entries[at] & PAGE_NUMBER_MASK | GENERATION_STEP : 0;
        }
        globalGeneration = GENERATION_STEP;
        lastGeneration = GENERATION_STEP * 2;
    }

    @Override
    public void flushPage(long linear) {
        flushesPage++;
        long page = pageNumber(linear);
        for (int kind = 0; kind < KINDS; kind++) {
            int at = slot(kind, linear) << 1;
            if ((entries[at] & PAGE_NUMBER_MASK) == page) {
                entries[at] = 0;
            }
        }
        if (largePages) {
            flushLargePage(page);
        }
    }

    private void flushLargePage(long page) {
        for (int slot = 0; slot < leaves.length; slot++) {
            int shift = pageShifts[slot] - PAGE_SHIFT;
            if (shift > 0 && (entries[slot << 1] & PAGE_NUMBER_MASK) >>> shift == page >>> shift) {
                entries[slot << 1] = 0;
            }
        }
    }

    @Override
    public List<TlbEntry> entries() {
        List<TlbEntry> live = new ArrayList<>();
        for (int slot = 0; slot < leaves.length; slot++) {
            long tag = entries[slot << 1];
            long generation = tag & ~PAGE_NUMBER_MASK;
            if (tag != 0 && (generation == localGeneration || generation == globalGeneration)) {
                long linear = tag << Long.SIZE - PAGE_NUMBER_BITS >> Long.SIZE - PAGE_NUMBER_BITS - PAGE_SHIFT;
                long mfn = entries[(slot << 1) + 1] >>> PAGE_SHIFT;
                live.add(new TlbEntry(linear, mfn, access(slot >>> indexBits), leaves[slot], pageShifts[slot]));
            }
        }
        return live;
    }

    @Override
    public TlbStatistics statistics() {
        return new TlbStatistics(hits, misses, fills, flushesAll, flushesNonGlobal, flushesPage);
    }

    private int slot(int kind, long linear) {
        return kind << indexBits | (int) (linear >>> PAGE_SHIFT) & indexMask;
    }

    private static long pageNumber(long linear) {
        return linear >>> PAGE_SHIFT & PAGE_NUMBER_MASK;
    }

    private static int kind(int access) {
        return access >>> 1 & 1 | access >>> 3 & 2 | access & Access.USER;
    }

    private static int access(int kind) {
        return (kind & 1) << 1 | (kind & 2) << 3 | kind & Access.USER;
    }
}
