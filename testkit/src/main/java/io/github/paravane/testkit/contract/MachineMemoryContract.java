package io.github.paravane.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.memory.MachineMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every {@link MachineMemory} guarantees. */
public abstract class MachineMemoryContract {
    private static final int FRAMES = 64;
    private static final long END = (long) FRAMES << MachineMemory.FRAME_SHIFT;
    private static final long PATTERN = 0x8877_6655_4433_2211L;

    /** New memory of {@code frames} frames, all zero. */
    protected abstract MachineMemory create(long frames);

    @Test
    void startsWithZeros() {
        MachineMemory memory = create(FRAMES);
        assertEquals(FRAMES, memory.frames());
        for (long maddr = 0; maddr < END; maddr += 0x7F8) {
            assertEquals(0, memory.readU64(maddr & -8));
        }
        byte[] bytes = {1, 2, 3, 4};
        memory.read(END - 4, bytes, 0, 4);
        assertArrayEquals(new byte[4], bytes);
    }

    @Test
    void isLittleEndianAtEveryWidthAndAlignment() {
        MachineMemory memory = create(FRAMES);
        for (long maddr = 0x1000; maddr < 0x1010; maddr++) {
            memory.writeU64(maddr, PATTERN);
            assertEquals(0x11, memory.readU8(maddr));
            assertEquals(0x88, memory.readU8(maddr + 7));
            assertEquals(0x2211, memory.readU16(maddr));
            assertEquals(0x8877, memory.readU16(maddr + 6));
            assertEquals(0x4433_2211, memory.readU32(maddr));
            assertEquals(0x8877_6655, memory.readU32(maddr + 4));
            assertEquals(PATTERN, memory.readU64(maddr));
        }
    }

    @Test
    void storesChangeTheirWidthOnly() {
        MachineMemory memory = create(FRAMES);
        memory.writeU64(0x2000, -1);
        memory.writeU8(0x2000, 0x1FF00);
        assertEquals(0xFFFF_FFFF_FFFF_FF00L, memory.readU64(0x2000));
        memory.writeU16(0x2002, 0x10001);
        assertEquals(0xFFFF_FFFF_0001_FF00L, memory.readU64(0x2000));
        memory.writeU32(0x2004, 7);
        assertEquals(0x0000_0007_0001_FF00L, memory.readU64(0x2000));
        assertEquals(0, memory.readU64(0x2008));
        assertEquals(0, memory.readU64(0x1FF8));
    }

    @Test
    void theLastBytesOfFramesAndOfMemoryCanBeUsed() {
        MachineMemory memory = create(FRAMES);
        for (long end = 0x1000; end <= END; end += 0x1000) {
            memory.writeU64(end - 8, end);
            assertEquals(end, memory.readU64(end - 8));
            memory.writeU8(end - 1, 0xAB);
            assertEquals(0xAB, memory.readU8(end - 1));
        }
    }

    @Test
    void refusesAccessesThatCrossAFrame() {
        MachineMemory memory = create(FRAMES);
        assertThrows(IndexOutOfBoundsException.class, () -> memory.readU16(0xFFF));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.readU32(0xFFD));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.readU64(0xFF9));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.writeU16(0xFFF, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.writeU32(0xFFD, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.writeU64(0xFF9, 0));
    }

    @Test
    void refusesAddressesBeyondItsEnd() {
        MachineMemory memory = create(FRAMES);
        for (long maddr : new long[] {END, END + 0x1000, 1L << 40, -8, Long.MIN_VALUE, Long.MAX_VALUE & -8}) {
            assertThrows(IndexOutOfBoundsException.class, () -> memory.readU8(maddr));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.readU64(maddr));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.writeU32(maddr, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.compareAndSetU64(maddr, 0, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.read(maddr, new byte[1], 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.write(maddr, new byte[1], 0, 1));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> memory.write(END - 2, new byte[3], 0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.zeroFrame(FRAMES));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.watch(-1));
    }

    @Test
    void comparesBeforeItSets() {
        MachineMemory memory = create(FRAMES);
        memory.writeU64(0x3008, 5);
        assertFalse(memory.compareAndSetU64(0x3008, 4, 9));
        assertEquals(5, memory.readU64(0x3008));
        assertTrue(memory.compareAndSetU64(0x3008, 5, PATTERN));
        assertEquals(PATTERN, memory.readU64(0x3008));
        assertTrue(memory.compareAndSetU64(0x4000, 0, 1));
    }

    @Test
    void bulkCopiesCrossFrames() {
        MachineMemory memory = create(FRAMES);
        byte[] source = new byte[0x12345];
        new Random(1).nextBytes(source);
        memory.write(0x1FFD, source, 5, source.length - 5);
        byte[] back = new byte[source.length];
        memory.read(0x1FFD, back, 5, source.length - 5);
        System.arraycopy(source, 0, back, 0, 5);
        assertArrayEquals(source, back);
        assertEquals(source[5] & 0xFF, memory.readU8(0x1FFD));
        assertEquals(0, memory.readU8(0x1FFC));
        memory.write(END, source, 0, 0);
    }

    @Test
    void zeroingAFrameLeavesItsNeighbours() {
        MachineMemory memory = create(FRAMES);
        for (long mfn = 4; mfn < 7; mfn++) {
            memory.writeU64(mfn << 12, -1);
            memory.writeU64((mfn << 12) + 0xFF8, -1);
        }
        memory.zeroFrame(5);
        assertEquals(0, memory.readU64(0x5000));
        assertEquals(0, memory.readU64(0x5FF8));
        assertEquals(-1, memory.readU64(0x4FF8));
        assertEquals(-1, memory.readU64(0x6000));
    }

    @Test
    void aWatchedFrameReportsItsNextWriteOfAnyKindOnce() {
        List<Consumer<MachineMemory>> writes = List.of(
                memory -> memory.writeU8(0x7000, 1),
                memory -> memory.writeU16(0x7FFE, 1),
                memory -> memory.writeU32(0x7010, 1),
                memory -> memory.writeU64(0x7020, 1),
                memory -> memory.compareAndSetU64(0x7030, 0, 1),
                memory -> memory.write(0x6FFF, new byte[] {1, 1}, 0, 2),
                memory -> memory.write(0x6000, new byte[0x3000], 0, 0x3000),
                memory -> memory.zeroFrame(7));
        for (int i = 0; i < writes.size(); i++) {
            MachineMemory memory = create(FRAMES);
            memory.writeU64(0x7800, 1);
            List<Long> told = new ArrayList<>();
            List<Long> alsoTold = new ArrayList<>();
            memory.addWriteListener(told::add);
            memory.addWriteListener(alsoTold::add);
            memory.watch(7);
            memory.watch(7);
            assertEquals(List.of(), told);
            writes.get(i).accept(memory);
            writes.get(i).accept(memory);
            assertEquals(List.of(7L), told, "write " + i);
            assertEquals(told, alsoTold, "write " + i);
            memory.watch(7);
            memory.writeU8(0x7000, 2);
            assertEquals(List.of(7L, 7L), told, "watched again, write " + i);
        }
    }

    @Test
    void onlyWatchedFramesReport() {
        MachineMemory memory = create(FRAMES);
        List<Long> told = new ArrayList<>();
        memory.addWriteListener(told::add);
        memory.watch(9);
        memory.writeU64(0x8FF8, 1);
        memory.writeU64(0xA000, 1);
        memory.readU64(0x9000);
        memory.read(0x9000, new byte[16], 0, 16);
        assertEquals(List.of(), told);
        memory.watch(8);
        memory.write(0x8000, new byte[0x2000], 0, 0x2000);
        told.sort(null);
        assertEquals(List.of(8L, 9L), told);
    }

    @Test
    void randomStoresReadBackLikeAnArray() {
        MachineMemory memory = create(FRAMES);
        byte[] model = new byte[FRAMES << MachineMemory.FRAME_SHIFT];
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            int at = random.nextInt(model.length) & -8;
            byte[] bytes = new byte[8];
            random.nextBytes(bytes);
            long value = 0;
            int width = 1 << random.nextInt(4);
            for (int k = 0; k < width; k++) {
                model[at + k] = bytes[k];
                value |= (bytes[k] & 0xFFL) << 8 * k;
            }
            switch (width) {
                case 1 -> memory.writeU8(at, (int) value);
                case 2 -> memory.writeU16(at, (int) value);
                case 4 -> memory.writeU32(at, (int) value);
                default -> memory.writeU64(at, value);
            }
        }
        byte[] all = new byte[model.length];
        memory.read(0, all, 0, all.length);
        assertArrayEquals(model, all);
    }
}
