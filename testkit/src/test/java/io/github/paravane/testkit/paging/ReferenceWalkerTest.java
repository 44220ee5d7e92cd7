package io.github.paravane.testkit.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.api.memory.FrameRange;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.mmu.memory.LazyMemory;
import io.github.paravane.testkit.paging.WalkOutcome.Faulted;
import io.github.paravane.testkit.paging.WalkOutcome.Translated;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceWalkerTest {
    private static final long ALL = Pte.PRESENT | Pte.RW | Pte.USER;
    private static final long LINEAR = 0xffff_8000_0040_3123L;

    private final MachineMemory memory = new LazyMemory(0x1000);
    private final PageTableBuilder tables = new PageTableBuilder(memory, PagingMode.FOUR_LEVEL, new FrameRange(1, 16));
    private final ReferenceWalker walker = new ReferenceWalker(memory, PagingMode.FOUR_LEVEL, WalkSettings.DEFAULT);

    private Translated translated(long linear, int access) {
        return assertInstanceOf(Translated.class, walker.walk(tables.root(), linear, access));
    }

    private PageFault fault(long linear, int access) {
        return assertInstanceOf(Faulted.class, walker.walk(tables.root(), linear, access))
                .fault();
    }

    @Test
    void aMappedPageTranslatesAndSetsAccessedAndDirty() {
        tables.map(LINEAR, 0x77, ALL);
        Translated read = translated(LINEAR, Access.USER);
        assertEquals(0x77_123, read.maddr());
        assertEquals(12, read.pageShift());
        long leafMaddr = tables.entryMaddr(1, LINEAR);
        assertEquals(Map.of(leafMaddr, Pte.of(0x77, ALL | Pte.ACCESSED)), read.updates());
        Translated write = translated(LINEAR, Access.USER | Access.WRITE);
        assertEquals(Map.of(leafMaddr, Pte.of(0x77, ALL | Pte.ACCESSED | Pte.DIRTY)), write.updates());
        assertEquals(5, 1 + tables.framesUsed());
    }

    @Test
    void theEntryNearestTheRootIsBlamed() {
        tables.upperFlags(Pte.PRESENT | Pte.USER).map(LINEAR, 0x77, Pte.PRESENT | Pte.RW);
        PageFault userWrite = fault(LINEAR, Access.USER | Access.WRITE);
        assertEquals(Reason.NOT_WRITABLE, userWrite.reason());
        assertEquals(4, userWrite.level());
        assertEquals(7, userWrite.errorCode());
        PageFault userRead = fault(LINEAR, Access.USER);
        assertEquals(Reason.NOT_USER, userRead.reason());
        assertEquals(1, userRead.level());
        assertEquals(5, userRead.errorCode());
    }

    @Test
    void absentEntriesFaultWithoutP() {
        assertEquals(4, fault(LINEAR, Access.READ).level());
        tables.map(LINEAR, 0x77, ALL);
        PageFault fault = fault(LINEAR + 0x1000, Access.FETCH | Access.USER);
        assertEquals(Reason.NOT_PRESENT, fault.reason());
        assertEquals(0x14, fault.errorCode());
        assertEquals(tables.entryMaddr(1, LINEAR) + 8, fault.entryMaddr());
    }

    @Test
    void largePagesNeedAlignedFrames() {
        tables.mapLarge(2, LINEAR, 0x200, ALL);
        assertEquals(0x203_123, translated(LINEAR, Access.READ).maddr());
        assertEquals(21, translated(LINEAR, Access.READ).pageShift());
        tables.setEntry(2, LINEAR, Pte.of(0x202, ALL | Pte.PSE));
        PageFault fault = fault(LINEAR, Access.READ);
        assertEquals(Reason.RESERVED_BIT, fault.reason());
        assertEquals(9, fault.errorCode());
    }

    @Test
    void supervisorStoresMindTheReadOnlyBitOnlyWithWriteProtect() {
        tables.map(LINEAR, 0x77, Pte.PRESENT);
        assertEquals(Reason.NOT_WRITABLE, fault(LINEAR, Access.WRITE).reason());
        WalkSettings lenient = new WalkSettings(46, true, true, false);
        WalkOutcome outcome =
                new ReferenceWalker(memory, PagingMode.FOUR_LEVEL, lenient).walk(tables.root(), LINEAR, Access.WRITE);
        assertEquals(WalkOutcome.Kind.TRANSLATED, outcome.kind());
    }

    @Test
    void aPaeRootHasNoRights() {
        PageTableBuilder pae = new PageTableBuilder(memory, PagingMode.PAE, new FrameRange(0x100, 8));
        pae.map(0xC000_0000L, 0x55, ALL);
        ReferenceWalker paeWalker = new ReferenceWalker(memory, PagingMode.PAE, WalkSettings.DEFAULT);
        Translated write = assertInstanceOf(
                Translated.class, paeWalker.walk(pae.root(), 0xC000_0000L, Access.USER | Access.WRITE));
        assertEquals(0x55_000, write.maddr());
        pae.setEntry(3, 0xC000_0000L, pae.entry(3, 0xC000_0000L) | Pte.RW);
        Faulted reserved = assertInstanceOf(Faulted.class, paeWalker.walk(pae.root(), 0xC000_0000L, Access.READ));
        assertEquals(Reason.RESERVED_BIT, reserved.fault().reason());
    }

    @Test
    void theBuilderRefusesWhatItCannotBuild() {
        assertThrows(IllegalArgumentException.class, () -> tables.setEntry(5, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> tables.mapLarge(1, 0, 0, ALL));
        tables.mapLarge(2, LINEAR, 0x200, ALL);
        assertThrows(IllegalStateException.class, () -> tables.map(LINEAR, 1, ALL));
        PageTableBuilder small = new PageTableBuilder(memory, PagingMode.FOUR_LEVEL, new FrameRange(0x200, 2));
        assertThrows(IllegalStateException.class, () -> small.map(0, 1, ALL));
    }
}
