package io.github.paravane.mmu.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LazyMemoryTest {

    private static final int FRAMES = 40;

    private final LazyMemory memory = new LazyMemory(FRAMES);
    private final List<Long> written = new ArrayList<>();

    @Test
    void readsOfUntouchedMemoryGiveZeroAndAllocateNothing() {
        LazyMemory large = new LazyMemory(1 << 20);
        assertEquals(0, large.readU64(0xFFFF_FFF8L));
        assertEquals(0, large.readU8(5));
        byte[] bytes = {1, 2, 3};
        large.read(0xFFFE, bytes, 0, 3);
        assertArrayEquals(new byte[3], bytes);
        large.zeroFrame(77);
        assertEquals(0, large.allocatedBytes());
        assertTrue(large.isUntouched(77));
        large.writeU8(77 << 12, 1);
        assertFalse(large.isUntouched(77));
        assertTrue(large.allocatedBytes() <= 0x10000);
    }

    @Test
    void isLittleEndianAtAnyAlignment() {
        memory.writeU64(0x2003, 0x8877_6655_4433_2211L);
        assertEquals(0x11, memory.readU8(0x2003));
        assertEquals(0x8877, memory.readU16(0x2009));
        assertEquals(0x5544_3322, memory.readU32(0x2004));
        memory.writeU16(0x2004, 0xFFFF_BEEF);
        memory.writeU32(0x2007, 0xCAFE_F00D);
        memory.writeU8(0x2003, 0x1FF);
        assertEquals(0xCAFE_F00D_44BE_EFFFL, memory.readU64(0x2003));
    }

    @Test
    void refusesWhatLeavesMemoryOrCrossesAFrame() {
        long end = (long) FRAMES << 12;
        for (long maddr : new long[] {end, end - 7, 0xFF9, 0x1FFE - 1 - 4, -8, Long.MIN_VALUE, 1L << 44}) {
            assertThrows(IndexOutOfBoundsException.class, () -> memory.readU64(maddr), Long.toHexString(maddr));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.writeU64(maddr, 1), Long.toHexString(maddr));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> memory.readU16(0xFFF));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.readU32(0xFFD));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.readU8(end));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.read(end - 1, new byte[2], 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.write(-1, new byte[2], 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.write(0, new byte[2], 1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.zeroFrame(FRAMES));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.watch(-1));
        assertThrows(IllegalArgumentException.class, () -> memory.compareAndSetU64(4, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new LazyMemory(0));
        assertThrows(IllegalArgumentException.class, () -> LazyMemory.ofBytes(4097));
        memory.read(end, new byte[0], 0, 0);
        assertEquals(0, memory.allocatedBytes());
    }

    @Test
    void comparesBeforeItSets() {
        memory.writeU64(8, 5);
        assertFalse(memory.compareAndSetU64(8, 4, 6));
        assertEquals(5, memory.readU64(8));
        assertTrue(memory.compareAndSetU64(8, 5, 6));
        assertEquals(6, memory.readU64(8));
    }

    @Test
    void aWatchEndsWithTheFirstStoreAndTellsEveryListener() {
        memory.addWriteListener(written::add);
        memory.addWriteListener(mfn -> written.add(-mfn));
        memory.writeU8(3 << 12, 1);
        memory.watch(3);
        memory.watch(3);
        memory.watch(5);
        memory.readU64(3 << 12);
        memory.writeU64(4 << 12, 1);
        assertFalse(memory.compareAndSetU64(3 << 12, 77, 78));
        assertEquals(List.of(), written);
        memory.writeU16(0x3FFE, 1);
        memory.writeU64(0x3000, 1);
        assertEquals(List.of(3L, -3L), written);
        assertTrue(memory.compareAndSetU64(5 << 12, 0, 1));
        memory.zeroFrame(5);
        assertEquals(List.of(3L, -3L, 5L, -5L), written);
    }

    @Test
    void everyKindOfStoreEndsAWatch() {
        memory.addWriteListener(written::add);
        List<Runnable> stores = List.of(
                () -> memory.writeU8(0x7000, 0),
                () -> memory.writeU16(0x7000, 0),
                () -> memory.writeU32(0x7000, 0),
                () -> memory.writeU64(0x7000, 0),
                () -> memory.compareAndSetU64(0x7000, 0, 0),
                () -> memory.write(0x6FFF, new byte[2], 0, 2),
                () -> memory.zeroFrame(7));
        for (Runnable store : stores) {
            written.clear();
            memory.watch(7);
            store.run();
            store.run();
            assertEquals(List.of(7L), written);
        }
    }

    @Test
    void aListenerMayWatchAgain() {
        memory.addWriteListener(mfn -> {
            written.add(mfn);
            memory.watch(mfn);
        });
        memory.watch(9);
        memory.writeU8(9 << 12, 1);
        memory.writeU8(9 << 12, 2);
        assertEquals(List.of(9L, 9L), written);
        assertEquals(2, memory.readU8(9 << 12));
    }

    @Test
    void aWatchedFrameThatWasNeverTouchedTellsOfZeroing() {
        memory.addWriteListener(written::add);
        memory.watch(20);
        memory.zeroFrame(20);
        assertEquals(List.of(20L), written);
    }

    @Property(tries = 200)
    void bulkAccessEqualsByteAccess(
            @ForAll @IntRange(max = FRAMES * 4096 - 1) int maddr,
            @ForAll @IntRange(max = 70_000) int wanted,
            @ForAll byte seed) {
        int length = Math.min(wanted, FRAMES * 4096 - maddr);
        byte[] data = new byte[length + 3];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (seed + i * 7);
        }
        LazyMemory fresh = new LazyMemory(FRAMES);
        fresh.write(maddr, data, 3, length);
        byte[] back = new byte[length + 1];
        fresh.read(maddr, back, 1, length);
        for (int i = 0; i < length; i += 97) {
            assertEquals(data[i + 3], back[i + 1]);
            assertEquals(data[i + 3] & 0xFF, fresh.readU8(maddr + i));
        }
        if (maddr > 0) {
            assertEquals(0, fresh.readU8(maddr - 1));
        }
        if (maddr + length < FRAMES * 4096) {
            assertEquals(0, fresh.readU8(maddr + length));
        }
    }
}
