package io.github.paravane.api.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class AddressesTest {

    @Test
    void framesHaveFortyBits() {
        assertThrows(IllegalArgumentException.class, () -> new Mfn(-1));
        assertThrows(IllegalArgumentException.class, () -> new Mfn(1L << 40));
        assertThrows(IllegalArgumentException.class, () -> new Pfn(1L << 40));
        assertThrows(IllegalArgumentException.class, () -> new Mfn((1L << 40) - 1).plusExact(1));
    }

    @Property
    void aFrameAndItsAddressAreTwoViewsOfOneNumber(@ForAll @LongRange(min = 0, max = (1L << 40) - 1) long number) {
        Mfn mfn = new Mfn(number);
        assertEquals(mfn, mfn.address().frame());
        assertEquals(mfn, mfn.address().plusExact(4095).frame());
        assertEquals(4095, mfn.address().plusExact(4095).offset());
    }

    @Test
    void canonicalAddressesRepeatBit47() {
        assertTrue(LinearAddress.isCanonical(0x0000_7FFF_FFFF_FFFFL));
        assertFalse(LinearAddress.isCanonical(0x0000_8000_0000_0000L));
        assertFalse(LinearAddress.isCanonical(0xFFFF_7FFF_FFFF_FFFFL));
        assertTrue(LinearAddress.isCanonical(0xFFFF_8000_0000_0000L));
        assertThrows(IllegalArgumentException.class, () -> new LinearAddress(0x7FFF_FFFF_FFFFL).plusWrapping(1));
        assertEquals(new LinearAddress(0), new LinearAddress(-1).plusWrapping(1));
        assertTrue(new LinearAddress(-1).compareTo(new LinearAddress(1)) > 0);
    }

    @Test
    void rangesAreHalfOpen() {
        FrameRange range = new FrameRange(10, 5);
        assertTrue(range.contains(10));
        assertTrue(range.contains(14));
        assertFalse(range.contains(15));
        assertFalse(range.contains(9));
        assertFalse(range.overlaps(new FrameRange(15, 3)));
        assertTrue(range.overlaps(new FrameRange(14, 3)));
        assertFalse(range.overlaps(new FrameRange(12, 0)));
        assertThrows(IllegalArgumentException.class, () -> new FrameRange(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new FrameRange(Long.MAX_VALUE, 2));
    }
}
