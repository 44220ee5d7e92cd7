package io.github.paravane.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageWalkTest {

    private static final long LINEAR = 0xFFFF_8812_3456_7000L;
    private static final int FRAMES = 0x1000;
    private static final long LEAF = Pte.of(0x77, Tables.UPPER);
    private static final int USER_READ = Access.USER;
    private static final int USER_WRITE = Access.USER | Access.WRITE;
    private static final int USER_FETCH = Access.USER | Access.FETCH;

    private final LazyMemory memory = new LazyMemory(FRAMES);
    private final Tables tables = new Tables(memory, PagingMode.FOUR_LEVEL);
    private Mmu mmu = Mmu.of(memory, PagingMode.FOUR_LEVEL);

    @BeforeEach
    void loadRoot() {
        mmu.loadBase(1, FlushScope.ALL);
        tables.set(1, LINEAR, LEAF);
    }

    private void use(MmuFeatures features) {
        mmu = Mmu.builder(memory, PagingMode.FOUR_LEVEL).features(features).build();
        mmu.loadBase(1, FlushScope.ALL);
    }

    private PageFault faultOf(long linear, int access) {
        assertEquals(AddressTranslator.FAULT, mmu.translate(linear, access));
        return Objects.requireNonNull(mmu.fault());
    }

    private void assertFault(int access, Reason reason, int errorCode, int level, long rights) {
        PageFault expected = new PageFault(
                LINEAR, errorCode, reason, level, tables.get(level, LINEAR), tables.entryMaddr(level, LINEAR), rights);
        assertEquals(expected, faultOf(LINEAR, access));
    }

    @Test
    void translatesAndKeepsTheOffset() {
        assertNull(mmu.fault());
        assertEquals(0x77ABC, mmu.translate(LINEAR + 0xABC, USER_READ));
        assertEquals(0x77ABC, mmu.translate(LINEAR + 0xABC, USER_WRITE));
        assertEquals(0x77ABC, mmu.translate(LINEAR + 0xABC, Access.READ));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void anAbsentEntryEndsTheWalkAtItsLevel(int level) {
        tables.set(level, LINEAR, tables.get(level, LINEAR) & ~Pte.PRESENT);
        assertFault(USER_WRITE, Reason.NOT_PRESENT, 0x6, level, Pte.RW | Pte.USER);
        assertFault(USER_FETCH, Reason.NOT_PRESENT, 0x14, level, Pte.RW | Pte.USER);
        assertFault(Access.READ, Reason.NOT_PRESENT, 0, level, Pte.RW | Pte.USER);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyLevelMustGrantEveryRight(int level) {
        long granted = tables.get(level, LINEAR);
        tables.set(level, LINEAR, granted & ~Pte.RW);
        assertFault(USER_WRITE, Reason.NOT_WRITABLE, 0x7, level, Pte.USER);
        assertFault(Access.WRITE, Reason.NOT_WRITABLE, 0x3, level, Pte.USER);
        assertEquals(0x77000, mmu.translate(LINEAR, USER_READ));

        mmu.flush(FlushScope.ALL);
        tables.set(level, LINEAR, granted & ~Pte.USER);
        assertFault(USER_READ, Reason.NOT_USER, 0x5, level, Pte.RW);
        assertEquals(0x77000, mmu.translate(LINEAR, Access.WRITE));

        mmu.flush(FlushScope.ALL);
        tables.set(level, LINEAR, granted | Pte.NX);
        assertFault(USER_FETCH, Reason.NOT_EXECUTABLE, 0x15, level, Pte.RW | Pte.USER | Pte.NX);
        assertEquals(0x77000, mmu.translate(LINEAR, USER_WRITE));
    }

    @Test
    void theEntryNearestTheRootIsReportedAndUserFirst() {
        tables.set(3, LINEAR, tables.get(3, LINEAR) & ~(Pte.RW | Pte.USER));
        tables.set(1, LINEAR, LEAF & ~Pte.RW | Pte.NX);
        assertFault(USER_WRITE, Reason.NOT_USER, 0x7, 3, 0);
        tables.set(4, LINEAR, tables.get(4, LINEAR) & ~Pte.RW);
        assertFault(USER_WRITE, Reason.NOT_WRITABLE, 0x7, 4, Pte.USER);
        tables.set(1, LINEAR, 0);
        assertFault(USER_WRITE, Reason.NOT_PRESENT, 0x6, 1, 0);
    }

    @Test
    void withoutWriteProtectTheSupervisorWritesAnywhere() {
        use(MmuFeatures.DEFAULT.withWriteProtect(false));
        tables.set(1, LINEAR, LEAF & ~Pte.RW);
        assertEquals(0x77000, mmu.translate(LINEAR, Access.WRITE));
        assertEquals(0x77000, mmu.translate(LINEAR, Access.WRITE));
        assertFault(USER_WRITE, Reason.NOT_WRITABLE, 0x7, 1, Pte.USER);
    }

    @Test
    void withoutNxItsBitIsReserved() {
        use(MmuFeatures.DEFAULT.withNoExecute(false));
        assertEquals(0x77000, mmu.translate(LINEAR, USER_FETCH));
        mmu.flush(FlushScope.ALL);
        tables.set(2, LINEAR, tables.get(2, LINEAR) | Pte.NX);
        assertFault(USER_FETCH, Reason.RESERVED_BIT, 0xD, 2, Pte.RW | Pte.USER | Pte.NX);
        tables.set(2, LINEAR, 0);
        assertFault(USER_FETCH, Reason.NOT_PRESENT, 0x4, 2, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void bitsAboveThePhysicalWidthAreReserved(int level) {
        use(MmuFeatures.DEFAULT.withPhysicalWidth(40));
        long good = tables.get(level, LINEAR);
        for (int bit = 40; bit < 52; bit++) {
            tables.set(level, LINEAR, good | 1L << bit);
            assertFault(USER_WRITE, Reason.RESERVED_BIT, 0xF, level, Pte.RW | Pte.USER);
        }
        for (int bit = 52; bit < 63; bit++) {
            tables.set(level, LINEAR, good | 1L << bit);
            assertEquals(0x77000, mmu.translate(LINEAR, USER_READ));
            mmu.flush(FlushScope.ALL);
        }
    }

    @Test
    void theRootHasNoLargePages() {
        tables.set(4, LINEAR, tables.get(4, LINEAR) | Pte.PSE);
        assertFault(USER_READ, Reason.RESERVED_BIT, 0xD, 4, Pte.RW | Pte.USER);
    }

    @Test
    void largePagesMapTheirSizeAndReserveTheBitsBelowIt() {
        long large = Tables.UPPER | Pte.PSE;
        tables.set(2, LINEAR, 0x60_0000 | large | 1 << 12);
        assertEquals(0x60_0000 | LINEAR & 0x1F_FFFF | 5, mmu.translate(LINEAR + 5, USER_WRITE));
        assertEquals(0x60_0000 | large | 1 << 12 | Pte.ACCESSED | Pte.DIRTY, tables.get(2, LINEAR));
        mmu.flush(FlushScope.ALL);
        for (int bit = 13; bit < 21; bit++) {
            tables.set(2, LINEAR, 0x60_0000 | large | 1 << bit);
            assertFault(USER_READ, Reason.RESERVED_BIT, 0xD, 2, Pte.RW | Pte.USER);
        }
        LazyMemory big = new LazyMemory(1 << 20);
        Tables bigTables = new Tables(big, PagingMode.FOUR_LEVEL);
        Mmu bigMmu = Mmu.of(big, PagingMode.FOUR_LEVEL);
        bigMmu.loadBase(1, FlushScope.ALL);
        bigTables.set(3, LINEAR, 0x4000_0000 | large);
        assertEquals(0x4000_0000 | LINEAR & 0x3FFF_FFFF, bigMmu.translate(LINEAR, USER_READ));
        bigMmu.flushPage(LINEAR ^ 0x1_0000);
        assertEquals(List.of(), bigMmu.tlb().entries());
        bigTables.set(3, LINEAR, 0x4000_0000 | large | 1 << 29);
        assertEquals(AddressTranslator.FAULT, bigMmu.translate(LINEAR, USER_READ));
    }

    @Test
    void withoutGigabytePagesTheirBitIsReserved() {
        use(MmuFeatures.DEFAULT.withGigabytePages(false));
        tables.set(3, LINEAR, Tables.UPPER | Pte.PSE);
        assertFault(USER_READ, Reason.RESERVED_BIT, 0xD, 3, Pte.RW | Pte.USER);
    }

    @Test
    void framesBeyondMemoryAreFaultsOfTheirOwn() {
        tables.set(1, LINEAR, Pte.of(FRAMES, Tables.UPPER));
        assertFault(USER_READ, Reason.NO_SUCH_FRAME, 0xD, 1, Pte.RW | Pte.USER);
        tables.set(3, LINEAR, Pte.of(FRAMES, Tables.UPPER));
        PageFault fault = faultOf(LINEAR, USER_READ);
        assertEquals(Reason.NO_SUCH_FRAME, fault.reason());
        assertEquals(3, fault.level());
        assertEquals(tables.entryMaddr(3, LINEAR), fault.entryMaddr());
        mmu.loadBase(FRAMES, FlushScope.ALL);
        assertEquals(
                new PageFault(LINEAR, 0xD, Reason.NO_SUCH_FRAME, 0, 0, -1, Pte.RW | Pte.USER),
                faultOf(LINEAR, USER_READ));
        assertEquals(List.of(), mmu.walk(FRAMES, LINEAR).steps());
    }

    @Test
    void accessedAndDirtyAreSetByUseOnly() {
        tables.set(1, LINEAR, LEAF & ~Pte.RW);
        faultOf(LINEAR, USER_WRITE);
        for (int level = 1; level <= 4; level++) {
            assertEquals(0, tables.get(level, LINEAR) & (Pte.ACCESSED | Pte.DIRTY));
        }
        tables.set(1, LINEAR, LEAF);
        mmu.translate(LINEAR, USER_READ);
        for (int level = 1; level <= 4; level++) {
            assertEquals(Pte.ACCESSED, tables.get(level, LINEAR) & (Pte.ACCESSED | Pte.DIRTY));
        }
        mmu.translate(LINEAR, USER_WRITE);
        assertEquals(LEAF | Pte.ACCESSED | Pte.DIRTY, tables.get(1, LINEAR));
        assertEquals(0, tables.get(2, LINEAR) & Pte.DIRTY);
    }

    @Test
    void aTableThatMapsItselfIsWalkedLikeAnyOther() {
        memory.writeU64(0x1000 + 300 * 8, Pte.of(1, Tables.UPPER));
        long linear = 0xFFFFL << 48 | 300L << 39 | 300L << 30 | 300L << 21 | 300L << 12;
        assertEquals(0x1000 + 300 * 8, mmu.translate(linear | 300 * 8, USER_WRITE));
        assertEquals(Pte.of(1, Tables.UPPER) | Pte.ACCESSED | Pte.DIRTY, memory.readU64(0x1000 + 300 * 8));
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aListenerSeesEveryAccessOfAWalk(PagingMode mode) {
        LazyMemory ram = new LazyMemory(FRAMES);
        Tables own = new Tables(ram, mode);
        own.set(1, 0x40_3000, LEAF);
        List<String> seen = new ArrayList<>();
        Mmu watched = Mmu.builder(ram, mode)
                .walkListener((reason, maddr, value) -> {
                    seen.add(reason + " " + Long.toHexString(maddr));
                    assertEquals(value, ram.readU64(maddr));
                })
                .build();
        watched.loadBase(1, FlushScope.ALL);
        watched.translate(0x40_3000, USER_READ);
        boolean pae = mode == PagingMode.PAE;
        assertEquals(
                pae
                        ? List.of("WALK_L3 1000", "WALK_L2 2010", "WALK_L1 3018", "AD_UPDATE 2010", "AD_UPDATE 3018")
                        : List.of(
                                "WALK_L4 1000",
                                "WALK_L3 2000",
                                "WALK_L2 3010",
                                "WALK_L1 4018",
                                "AD_UPDATE 1000",
                                "AD_UPDATE 2000",
                                "AD_UPDATE 3010",
                                "AD_UPDATE 4018"),
                seen);
        seen.clear();
        watched.translate(0x40_3000, USER_READ);
        watched.walk(1, 0x40_3000);
        assertEquals(List.of(), seen);
        watched.flush(FlushScope.ALL);
        watched.translate(0x40_3000, USER_READ);
        assertTrue(seen.stream().noneMatch(line -> line.startsWith("AD_UPDATE")));
    }

    @Test
    void inspectionChangesNothing() {
        PageWalk walk = mmu.walk(1, LINEAR + 0x10);
        assertEquals(
                List.of(4, 3, 2, 1),
                walk.steps().stream().map(PageWalk.Step::level).toList());
        assertEquals(0x77010, walk.maddr());
        assertEquals(Pte.RW | Pte.USER, walk.rights());
        assertNull(walk.fault());
        assertEquals(LEAF, tables.get(1, LINEAR));
        assertEquals(List.of(), mmu.tlb().entries());
        tables.set(1, LINEAR, LEAF & ~Pte.USER);
        walk = mmu.walk(1, LINEAR);
        assertEquals(0x77000, walk.maddr());
        assertEquals(Reason.NOT_USER, Objects.requireNonNull(walk.fault()).reason());
        tables.set(2, LINEAR, 0);
        walk = mmu.walk(1, LINEAR);
        assertEquals(-1, walk.maddr());
        assertEquals(3, walk.steps().size());
        assertNull(mmu.fault());
    }
}
