package io.github.paravane.mmu.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DirectMappedTlbTest {

    private static final int USER_READ = Access.USER;
    private static final int USER_WRITE = Access.USER | Access.WRITE;
    private static final int USER_FETCH = Access.USER | Access.FETCH;
    private static final long KERNEL_PAGE = 0xFFFF_8800_1234_5000L;

    private final DirectMappedTlb tlb = new DirectMappedTlb(16);

    @Test
    void answersOnlyForTheKindsInserted() {
        tlb.insert(KERNEL_PAGE + 5, 0x7005, USER_WRITE, Pte.PRESENT, 12);
        assertEquals(0x7123, tlb.lookup(KERNEL_PAGE + 0x123, USER_READ));
        assertEquals(0x7FFF, tlb.lookup(KERNEL_PAGE + 0xFFF, USER_WRITE));
        assertEquals(Tlb.MISS, tlb.lookup(KERNEL_PAGE, USER_FETCH));
        assertEquals(Tlb.MISS, tlb.lookup(KERNEL_PAGE, Access.READ));
        assertEquals(Tlb.MISS, tlb.lookup(KERNEL_PAGE, Access.WRITE));
        tlb.insert(KERNEL_PAGE, 0x7000, Access.READ, Pte.PRESENT, 12);
        assertEquals(0x7000, tlb.lookup(KERNEL_PAGE, Access.READ));
        assertEquals(Tlb.MISS, tlb.lookup(KERNEL_PAGE, Access.WRITE));
        tlb.insert(0, 0x9000, USER_FETCH, Pte.PRESENT, 12);
        assertEquals(0x9001, tlb.lookup(1, USER_FETCH));
        assertEquals(Tlb.MISS, tlb.lookup(1, USER_READ));
    }

    @Test
    void anEmptyTlbHasNoPageZero() {
        assertEquals(Tlb.MISS, tlb.lookup(0, USER_READ));
        assertEquals(List.of(), tlb.entries());
    }

    @Test
    void pagesOfOneSlotReplaceEachOther() {
        tlb.insert(0x1000, 0x7000, USER_READ, 0, 12);
        tlb.insert(0x1_1000, 0x8000, USER_READ, 0, 12);
        assertEquals(Tlb.MISS, tlb.lookup(0x1000, USER_READ));
        assertEquals(0x8000, tlb.lookup(0x1_1000, USER_READ));
    }

    @Test
    void globalEntriesSurviveALoadOfTheBaseOnly() {
        tlb.insert(0x1000, 0x7000, USER_READ, Pte.GLOBAL, 12);
        tlb.insert(0x2000, 0x8000, USER_READ, 0, 12);
        tlb.flush(FlushScope.NONE);
        assertEquals(2, tlb.entries().size());
        tlb.flush(FlushScope.NON_GLOBAL);
        assertEquals(List.of(new TlbEntry(0x1000, 7, USER_READ, Pte.GLOBAL, 12)), tlb.entries());
        assertEquals(0x7000, tlb.lookup(0x1000, USER_READ));
        assertEquals(Tlb.MISS, tlb.lookup(0x2000, USER_READ));
        tlb.flush(FlushScope.ALL);
        assertEquals(List.of(), tlb.entries());
        assertEquals(Tlb.MISS, tlb.lookup(0x1000, USER_READ));
    }

    @Test
    void flushPageDropsEveryKindOfThatPageAndNoOther() {
        for (int access : new int[] {USER_WRITE, USER_FETCH, Access.READ}) {
            tlb.insert(KERNEL_PAGE, 0x7000, access, Pte.GLOBAL, 12);
        }
        tlb.insert(KERNEL_PAGE + 0x1000, 0x8000, USER_READ, 0, 12);
        tlb.flushPage(KERNEL_PAGE + 0x10_000);
        assertEquals(5, tlb.entries().size());
        tlb.flushPage(KERNEL_PAGE + 0xABC);
        assertEquals(List.of(new TlbEntry(KERNEL_PAGE + 0x1000, 8, USER_READ, 0, 12)), tlb.entries());
    }

    @Test
    void flushPageDropsAllPartsOfALargePage() {
        tlb.insert(0x20_1000, 0x40_1000, USER_READ, Pte.PSE, 21);
        tlb.insert(0x3F_F000, 0x5F_F000, USER_READ, Pte.PSE, 21);
        tlb.insert(0x40_2000, 0x9000, USER_READ, Pte.PAT, 12);
        tlb.flushPage(0x20_5000);
        assertEquals(List.of(new TlbEntry(0x40_2000, 9, USER_READ, Pte.PAT, 12)), tlb.entries());
    }

    @Test
    void countsExactly() {
        TlbStatistics before = tlb.statistics();
        tlb.lookup(0x1000, USER_READ);
        tlb.insert(0x1000, 0x7000, USER_WRITE, 0, 12);
        tlb.lookup(0x1000, USER_READ);
        tlb.lookup(0x1000, USER_WRITE);
        tlb.flushPage(0x1000);
        tlb.flush(FlushScope.NON_GLOBAL);
        tlb.flush(FlushScope.ALL);
        tlb.flush(FlushScope.ALL);
        tlb.flush(FlushScope.NONE);
        assertEquals(new TlbStatistics(2, 1, 1, 2, 1, 1), tlb.statistics().since(before));
    }

    @Test
    void sizesArePowersOfTwo() {
        for (int size : new int[] {0, -1, 3, 1 << 17, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new DirectMappedTlb(size));
        }
        DirectMappedTlb one = new DirectMappedTlb(1);
        one.insert(0x5000, 0x7000, USER_READ, 0, 12);
        assertEquals(0x7000, one.lookup(0x5000, USER_READ));
    }

    @Test
    void generationsMayRunOut() {
        DirectMappedTlb old = new DirectMappedTlb(16, (1 << 28) - 4);
        for (int i = 0; i < 20; i++) {
            old.flush(FlushScope.NON_GLOBAL);
            if (i == 0) {
                old.insert(0x1000, 0x7000, USER_READ, Pte.GLOBAL, 12);
            }
            assertEquals(0x7000, old.lookup(0x1000, USER_READ), "flush " + i);
            assertEquals(Tlb.MISS, old.lookup(0x2000, USER_READ), "flush " + i);
            old.insert(0x2000, 0x8000, USER_READ, 0, 12);
            assertEquals(0x8000, old.lookup(0x2000, USER_READ));
        }
        for (int start = 2; start < 8; start++) {
            DirectMappedTlb other = new DirectMappedTlb(16, (1 << 28) - start);
            for (int i = 0; i < 10; i++) {
                other.insert(0x1000, 0x7000, USER_READ, Pte.GLOBAL, 12);
                other.insert(0x2000, 0x8000, USER_READ, 0, 12);
                other.flush(FlushScope.ALL);
                assertEquals(List.of(), other.entries());
            }
        }
    }

    /** Against a map: a hit must be right; what a flush covers must not hit. */
    @Property(tries = 300)
    void neverAnswersWhatWasNotInsertedOrWasFlushed(
            @ForAll @Size(max = 200) List<@IntRange(max = 0xFFFFF) Integer> script) {
        Map<Long, Long> frames = new HashMap<>();
        Map<Long, Long> leaves = new HashMap<>();
        DirectMappedTlb subject = new DirectMappedTlb(4);
        for (int step : script) {
            long page = (step >>> 4 & 15) * 0x1000L;
            int action = step & 15;
            if (action < 8) {
                long leaf = (action & 1) != 0 ? Pte.GLOBAL : 0;
                long maddr = (step >>> 8) * 0x1000L;
                subject.insert(page, maddr, USER_READ, leaf, 12);
                frames.put(page, maddr);
                leaves.put(page, leaf);
            } else if (action < 10) {
                subject.flushPage(page);
                frames.remove(page);
            } else if (action == 10) {
                subject.flush(FlushScope.ALL);
                frames.clear();
            } else if (action == 11) {
                subject.flush(FlushScope.NON_GLOBAL);
                frames.keySet().removeIf(key -> leaves.get(key) == 0);
            } else {
                long answer = subject.lookup(page, USER_READ);
                assertTrue(answer == Tlb.MISS || Long.valueOf(answer).equals(frames.get(page)));
            }
        }
        for (TlbEntry entry : subject.entries()) {
            assertEquals(frames.get(entry.linear()), entry.mfn() << 12);
        }
    }
}
