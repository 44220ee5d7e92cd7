package io.github.paravane.api.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PteTest {

    @Property
    void anEntryIsItsFrameAndItsFlags(@ForAll long entry) {
        assertEquals(entry, Pte.of(Pte.mfn(entry), Pte.flags(entry)));
        assertEquals(Pte.flags(entry), Pte.fromFlags24(Pte.flags24(entry)));
    }

    @Test
    void theFormOfXensFlagsPutsNxAtBit23AndTheGuestKernelBitAtBit12() {
        assertEquals(0x80_0000, Pte.flags24(Pte.NX));
        assertEquals(0x00_1000, Pte.flags24(Pte.GUEST_KERNEL));
        assertEquals(0x7F_F000, Pte.flags24(Pte.AVAIL_HIGH));
    }

    @Test
    void theLevelsOfAModeTranslateEveryBitOnce() {
        for (PagingMode mode : PagingMode.values()) {
            int bits = 12;
            for (int n = mode.levels().size() - 1; n >= 0; n--) {
                TableLevel level = mode.levels().get(n);
                assertEquals(bits, level.shift());
                bits += level.indexBits();
            }
            assertEquals(mode.linearBits(), bits);
        }
        assertTrue(PagingMode.FOUR_LEVEL.levels().get(0).index(-1L) == 511);
        assertEquals(256, PagingMode.FOUR_LEVEL.levels().get(0).index(0xFFFF_8000_0000_0000L));
    }
}
