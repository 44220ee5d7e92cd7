package io.github.paravane.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link Tlb} guarantees, whatever its size and organisation. */
public abstract class TlbContract {
    private static final long LINEAR = 0xFFFF_8000_1234_5678L;
    private static final long MADDR = 0x7_7678L;
    private static final long LEAF = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED | Pte.DIRTY;
    private static final List<FlushScope> SCOPES = List.of(FlushScope.values());
    private static final int[] KINDS = {
        Access.READ, Access.WRITE, Access.FETCH, Access.USER, Access.USER | Access.WRITE, Access.USER | Access.FETCH
    };

    /** A new, empty TLB. */
    protected abstract Tlb create();

    private static long leaf(boolean global) {
        return LEAF | (global ? Pte.GLOBAL : 0);
    }

    @Test
    void missesWhenEmpty() {
        Tlb tlb = create();
        for (int kind : KINDS) {
            assertEquals(Tlb.MISS, tlb.lookup(LINEAR, kind));
            assertEquals(Tlb.MISS, tlb.lookup(0, kind));
        }
        assertEquals(List.of(), tlb.entries());
    }

    @Test
    void answersTheWholePageAndNoOther() {
        Tlb tlb = create();
        tlb.insert(LINEAR, MADDR, Access.USER, LEAF, 12);
        assertEquals(MADDR, tlb.lookup(LINEAR, Access.USER));
        assertEquals(MADDR & -4096, tlb.lookup(LINEAR & -4096, Access.USER));
        assertEquals(MADDR | 4095, tlb.lookup(LINEAR | 4095, Access.USER));
        assertEquals(Tlb.MISS, tlb.lookup(LINEAR + 4096, Access.USER));
        assertEquals(Tlb.MISS, tlb.lookup(LINEAR - 4096, Access.USER));
        assertEquals(Tlb.MISS, tlb.lookup(LINEAR & 0x7FFF_FFFF_FFFFL, Access.USER));
    }

    @Test
    void grantsOnlyTheKindInserted() {
        for (int inserted : KINDS) {
            Tlb tlb = create();
            tlb.insert(LINEAR, MADDR, inserted, LEAF, 12);
            for (int wanted : KINDS) {
                boolean read = wanted == (inserted & ~Access.WRITE) && (inserted & Access.FETCH) == 0;
                long expected = wanted == inserted || read ? MADDR : Tlb.MISS;
                assertEquals(expected, tlb.lookup(LINEAR, wanted), "inserted " + inserted + ", wanted " + wanted);
            }
        }
    }

    @Test
    void flushesByScope() {
        for (FlushScope scope : FlushScope.values()) {
            for (boolean global : new boolean[] {false, true}) {
                Tlb tlb = create();
                tlb.insert(LINEAR, MADDR, Access.USER | Access.WRITE, leaf(global), 12);
                tlb.flush(scope);
                boolean stays = scope == FlushScope.NONE || scope == FlushScope.NON_GLOBAL && global;
                long expected = stays ? MADDR : Tlb.MISS;
                assertEquals(expected, tlb.lookup(LINEAR, Access.USER), scope + " global " + global);
                assertEquals(expected, tlb.lookup(LINEAR, Access.USER | Access.WRITE), scope + " global " + global);
                assertEquals(stays, !tlb.entries().isEmpty(), scope + " global " + global);
            }
        }
    }

    @Test
    void flushesAPageOfEveryKindGlobalOrNot() {
        for (int kind : KINDS) {
            for (boolean global : new boolean[] {false, true}) {
                Tlb tlb = create();
                tlb.insert(LINEAR, MADDR, kind, leaf(global), 12);
                tlb.flushPage(LINEAR + 4096);
                assertEquals(MADDR, tlb.lookup(LINEAR, kind), "the next page was flushed");
                tlb.flushPage(LINEAR & -4096);
                assertEquals(Tlb.MISS, tlb.lookup(LINEAR, kind));
            }
        }
    }

    @Test
    void flushesALargePageByAnyOfItsAddresses() {
        for (int shift : new int[] {21, 30}) {
            Tlb tlb = create();
            tlb.insert(LINEAR, MADDR, Access.READ, LEAF | Pte.PSE, shift);
            tlb.flushPage(LINEAR ^ 1L << shift);
            assertEquals(MADDR, tlb.lookup(LINEAR, Access.READ), "another page was flushed");
            tlb.flushPage(LINEAR ^ 1L << shift - 1);
            assertEquals(Tlb.MISS, tlb.lookup(LINEAR, Access.READ));
        }
    }

    @Test
    void aLaterInsertionReplacesAnEarlierOne() {
        Tlb tlb = create();
        tlb.insert(LINEAR, MADDR, Access.READ, leaf(true), 12);
        tlb.insert(LINEAR, MADDR + 4096, Access.READ, leaf(false), 12);
        assertEquals(MADDR + 4096, tlb.lookup(LINEAR, Access.READ));
        tlb.flush(FlushScope.NON_GLOBAL);
        assertEquals(Tlb.MISS, tlb.lookup(LINEAR, Access.READ));
    }

    @Test
    void showsWhatItHolds() {
        Tlb tlb = create();
        tlb.insert(LINEAR, MADDR, Access.USER, leaf(true), 12);
        List<TlbEntry> entries = tlb.entries();
        assertEquals(1, entries.size());
        TlbEntry entry = entries.get(0);
        assertEquals(new TlbEntry(LINEAR & -4096, MADDR >>> 12, Access.USER, leaf(true), 12), entry);
        assertTrue(entry.isGlobal());
    }

    @Test
    void countsExactly() {
        Tlb tlb = create();
        tlb.lookup(LINEAR, Access.READ);
        tlb.insert(LINEAR, MADDR, Access.READ, LEAF, 12);
        tlb.lookup(LINEAR, Access.READ);
        tlb.lookup(LINEAR, Access.READ);
        tlb.lookup(LINEAR, Access.WRITE);
        tlb.flush(FlushScope.NONE);
        tlb.flush(FlushScope.NON_GLOBAL);
        tlb.flush(FlushScope.ALL);
        tlb.flush(FlushScope.ALL);
        tlb.flushPage(LINEAR);
        assertEquals(new TlbStatistics(2, 2, 1, 2, 1, 1), tlb.statistics());
    }

    /** What was inserted, as a model without limits: a hit has to be in it. */
    private record Held(long page, long maddr, int access, boolean global, int shift) {
        boolean grants(long linear, int wanted) {
            boolean kind = wanted == access || wanted == (access & ~Access.WRITE) && (access & Access.FETCH) == 0;
            return kind && linear >>> 12 == page;
        }
    }

    @Test
    void neverAnswersWhatWasFlushedOrNeverInserted() {
        Random random = new Random(3);
        Tlb tlb = create();
        List<Held> model = new ArrayList<>();
        int hits = 0;
        for (int i = 0; i < 30_000; i++) {
            long linear = (random.nextInt(4) * (1L << 30) + random.nextInt(4) * (1L << 21) + random.nextInt(16) * 4096L)
                    | random.nextInt(4096);
            int kind = KINDS[random.nextInt(KINDS.length)];
            switch (random.nextInt(64)) {
                case 0 -> {
                    FlushScope scope = SCOPES.get(random.nextInt(SCOPES.size()));
                    tlb.flush(scope);
                    model.removeIf(held -> scope == FlushScope.ALL || scope == FlushScope.NON_GLOBAL && !held.global);
                }
                case 1, 2, 3, 4 -> {
                    tlb.flushPage(linear);
                    model.removeIf(held -> held.page << 12 >>> held.shift == linear >>> held.shift);
                }
                case 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 -> {
                    boolean global = random.nextBoolean();
                    int shift = random.nextInt(8) == 0 ? 21 : 12;
                    long maddr = (long) random.nextInt(1 << 20) << 12 | linear & 4095;
                    tlb.insert(linear, maddr, kind, leaf(global) | (shift == 21 ? Pte.PSE : 0), shift);
                    int data = kind & ~Access.WRITE;
                    boolean store = kind != data;
                    model.removeIf(held ->
                            held.page == linear >>> 12 && (held.access == kind || store && held.access == data));
                    model.add(new Held(linear >>> 12, maddr & -4096, kind, global, shift));
                }
                default -> {
                    long maddr = tlb.lookup(linear, kind);
                    if (maddr != Tlb.MISS) {
                        hits++;
                        assertTrue(
                                model.stream()
                                        .anyMatch(held ->
                                                held.grants(linear, kind) && (held.maddr | linear & 4095) == maddr),
                                "step " + i);
                    }
                }
            }
        }
        assertTrue(hits > 0, "no look-up ever hit");
    }
}
