package io.github.paravane.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaeWalkTest {

    private static final long LINEAR = 0xC034_5000L;
    private static final int USER_WRITE = Access.USER | Access.WRITE;

    private final LazyMemory memory = new LazyMemory(0x1000);
    private final Tables tables = new Tables(memory, PagingMode.PAE);
    private final Mmu mmu = Mmu.of(memory, PagingMode.PAE);

    @BeforeEach
    void loadRoot() {
        mmu.loadBase(1, FlushScope.ALL);
        tables.set(1, LINEAR, Pte.of(0x77, Tables.UPPER));
    }

    @Test
    void theRootGrantsEverythingAndKeepsNoAccessedBit() {
        assertEquals(0x77123, mmu.translate(LINEAR + 0x123, USER_WRITE));
        assertEquals(Pte.of(2, Pte.PRESENT), tables.get(3, LINEAR));
        assertEquals(Pte.ACCESSED, tables.get(2, LINEAR) & (Pte.ACCESSED | Pte.DIRTY));
    }

    @Test
    void theRootReservesItsRightsAndTheTablesTheirHighBits() {
        for (long bit : new long[] {Pte.RW, Pte.USER, Pte.ACCESSED, Pte.DIRTY, Pte.PSE, Pte.GLOBAL, 1L << 52, Pte.NX}) {
            tables.set(3, LINEAR, Pte.of(2, Pte.PRESENT) | bit);
            assertReserved(3);
        }
        tables.set(3, LINEAR, Pte.of(2, Pte.PRESENT | Pte.PWT | Pte.PCD | Pte.AVAIL));
        for (int bit = 52; bit < 63; bit++) {
            tables.set(1, LINEAR, Pte.of(0x77, Tables.UPPER | 1L << bit));
            assertReserved(1);
        }
        tables.set(1, LINEAR, Pte.of(0x77, Tables.UPPER));
        assertEquals(0x77000, mmu.translate(LINEAR, USER_WRITE));
    }

    private void assertReserved(int level) {
        assertEquals(AddressTranslator.FAULT, mmu.translate(LINEAR, Access.USER));
        PageFault fault = Objects.requireNonNull(mmu.fault());
        assertEquals(Reason.RESERVED_BIT, fault.reason());
        assertEquals(level, fault.level());
    }

    @Test
    void twoMegabytePages() {
        tables.set(2, LINEAR, 0x60_0000 | Tables.UPPER | Pte.PSE);
        assertEquals(0x60_0000 | LINEAR & 0x1F_FFFF, mmu.translate(LINEAR, USER_WRITE));
    }
}
