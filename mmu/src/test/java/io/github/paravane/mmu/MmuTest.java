package io.github.paravane.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.mmu.memory.LazyMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MmuTest {

    private static final long LINEAR = 0x7000_1234_5000L;
    private static final int USER_READ = Access.USER;
    private static final int USER_WRITE = Access.USER | Access.WRITE;
    private static final int USER_FETCH = Access.USER | Access.FETCH;
    private static final long AD = Pte.ACCESSED | Pte.DIRTY;

    private final LazyMemory memory = new LazyMemory(0x1000);
    private final Tables tables = new Tables(memory, PagingMode.FOUR_LEVEL);
    private final Mmu mmu = Mmu.of(memory, PagingMode.FOUR_LEVEL);

    @BeforeEach
    void loadRoot() {
        mmu.loadBase(1, FlushScope.ALL);
        tables.set(1, LINEAR, Pte.of(0x77, Tables.UPPER));
    }

    @Test
    void aStaleEntryStaysUntilItIsFlushed() {
        assertEquals(0x77000, mmu.translate(LINEAR, USER_WRITE));
        tables.set(1, LINEAR, 0);
        assertEquals(0x77000, mmu.translate(LINEAR, USER_WRITE));
        mmu.flushPage(LINEAR + 0x1000);
        assertEquals(0x77000, mmu.translate(LINEAR, USER_WRITE));
        mmu.flushPage(LINEAR + 0xFFF);
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR, USER_WRITE));
    }

    @Test
    void aFaultIsNotCached() {
        tables.set(1, LINEAR, 0);
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR, USER_READ));
        tables.set(1, LINEAR, Pte.of(0x78, Tables.UPPER));
        assertEquals(0x78000, mmu.translate(LINEAR, USER_READ));
    }

    /** The leak of solaris-and-linux-guests 0.2: a kernel page cached as global answers for the user's tables. */
    @Test
    void aMissWalksTheCurrentBaseAndGlobalEntriesOutliveIt() {
        long userRoot = 0x900;
        tables.set(1, LINEAR, Pte.of(0x77, Tables.UPPER | Pte.GLOBAL));
        tables.set(1, LINEAR + 0x1000, Pte.of(0x78, Tables.UPPER));
        mmu.translate(LINEAR, USER_READ);
        mmu.translate(LINEAR + 0x1000, USER_READ);
        mmu.loadBase(userRoot, FlushScope.NON_GLOBAL);
        assertEquals(userRoot, mmu.base());
        assertEquals(0x77000, mmu.translate(LINEAR, USER_READ));
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR + 0x1000, USER_READ));
        mmu.loadBase(userRoot, FlushScope.ALL);
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR, USER_READ));
        mmu.loadBase(1, FlushScope.NONE);
        assertEquals(0x77000, mmu.translate(LINEAR, USER_READ));
    }

    @Test
    void aLoadWithoutFlushKeepsEverything() {
        mmu.translate(LINEAR, USER_READ);
        mmu.loadBase(0x900, FlushScope.NONE);
        assertEquals(0x77000, mmu.translate(LINEAR, USER_READ));
    }

    @Test
    void theFirstStoreToACleanPageWalksAndSetsDirty() {
        mmu.translate(LINEAR, USER_READ);
        TlbStatistics before = mmu.tlb().statistics();
        mmu.translate(LINEAR, USER_WRITE);
        assertEquals(AD, tables.get(1, LINEAR) & AD);
        mmu.translate(LINEAR, USER_WRITE);
        mmu.translate(LINEAR, USER_READ);
        assertEquals(new TlbStatistics(2, 1, 1, 0, 0, 0), mmu.tlb().statistics().since(before));
    }

    @Test
    void aReadOfADirtyPageServesStoresTooButNotOfAReadOnlyOne() {
        tables.set(1, LINEAR, Pte.of(0x77, Tables.UPPER | Pte.DIRTY));
        tables.set(1, LINEAR + 0x1000, Pte.of(0x78, Pte.PRESENT | Pte.USER | Pte.DIRTY));
        mmu.translate(LINEAR, USER_READ);
        mmu.translate(LINEAR + 0x1000, USER_READ);
        assertEquals(0x77000, mmu.tlb().lookup(LINEAR, USER_WRITE));
        assertEquals(Tlb.MISS, mmu.tlb().lookup(LINEAR + 0x1000, USER_WRITE));
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR + 0x1000, USER_WRITE));
    }

    @Test
    void dirtyClearedWithoutFlushStaysClear() {
        mmu.translate(LINEAR, USER_WRITE);
        tables.set(1, LINEAR, Pte.of(0x77, Tables.UPPER));
        mmu.translate(LINEAR, USER_WRITE);
        assertEquals(0, tables.get(1, LINEAR) & AD);
        mmu.flushPage(LINEAR);
        mmu.translate(LINEAR, USER_WRITE);
        assertEquals(AD, tables.get(1, LINEAR) & AD);
    }

    @Test
    void privilegesAndFetchesDoNotAnswerForEachOther() {
        tables.set(1, LINEAR, Pte.of(0x77, Pte.PRESENT | Pte.RW | Pte.NX));
        assertEquals(0x77000, mmu.translate(LINEAR, Access.WRITE));
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR, USER_READ));
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR, Access.FETCH));
        tables.set(1, LINEAR + 0x1000, Pte.of(0x78, Tables.UPPER));
        assertEquals(0x78000, mmu.translate(LINEAR + 0x1000, USER_FETCH));
        assertEquals(Tlb.MISS, mmu.tlb().lookup(LINEAR + 0x1000, USER_READ));
    }

    @Test
    void anyTlbCanBePassedIn() {
        Tlb own = Mmu.directMappedTlb(2);
        Mmu other = Mmu.builder(memory, PagingMode.FOUR_LEVEL).tlb(own).build();
        assertSame(own, other.tlb());
        other.loadBase(1, FlushScope.ALL);
        other.translate(LINEAR, USER_READ);
        assertEquals(1, own.entries().size());
    }

    @Test
    void misuseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> mmu.loadBase(-1, FlushScope.ALL));
        assertThrows(IllegalArgumentException.class, () -> mmu.loadBase(1L << 40, FlushScope.ALL));
        assertThrows(IllegalArgumentException.class, () -> MmuFeatures.DEFAULT.withPhysicalWidth(53));
        assertThrows(
                IllegalArgumentException.class,
                () -> Mmu.builder(memory, PagingMode.PAE).tlbSize(3).build());
        assertEquals(PagingMode.FOUR_LEVEL, mmu.mode());
    }
}
