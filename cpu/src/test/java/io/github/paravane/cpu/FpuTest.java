package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floating point beyond single instructions on registers: faults, state images, pending exceptions, approximations. */
class FpuTest {
    private final TestMachine machine = new TestMachine();

    /** Runs {@code hex} up to an INT3 after it, with RSI at the data page; returns the vector that ended it. */
    private int run(String hex) {
        machine.code(hex + "CC");
        machine.registers.setRip(TestMachine.CODE);
        machine.registers.setGpr(Registers.RSI, TestMachine.DATA);
        machine.traps.clear();
        machine.run(1000);
        return machine.traps.get(0).vector();
    }

    private byte[] image() {
        byte[] image = new byte[512];
        machine.registers.saveFpu(image);
        return image;
    }

    private static byte[] randomImage(long seed) {
        byte[] image = new byte[512];
        new Random(seed).nextBytes(image);
        ByteBuffer view = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        view.putShort(0, (short) 0x0B7F).putShort(2, (short) 0x6D00).put(5, (byte) 0);
        view.putShort(6, (short) 0x5A5).putInt(24, 0x5FA5).putInt(28, 0xFFFF);
        for (int n = 0; n < 8; n++) {
            view.putShort(42 + 16 * n, (short) 0).putInt(44 + 16 * n, 0);
        }
        Arrays.fill(image, 416, 512, (byte) 0);
        return image;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F28C1",
                "F20F58C1",
                "660FEFC1",
                "0FAE16",
                "0FAE06",
                "0FAE0E",
                "D9E8",
                "DBE3",
                "9B",
                "0F77",
                "0FFCC1",
                "D93E",
                "DD36",
                "DFE0"
            })
    void taskSwitchedRaisesNm(String hex) {
        machine.registers.setTaskSwitched(true);
        assertEquals(Trap.NM, run(hex));
        assertEquals(TestMachine.CODE, machine.registers.rip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F284608",
                "0F294608",
                "660F6F4608",
                "0F584608",
                "660FFE4608",
                "0FAE4608",
                "0FAE4E08",
                "0F2B4608"
            })
    void alignedFormsRaiseGpOnUnalignedOperands(String hex) {
        assertEquals(Trap.GP, run(hex));
        assertEquals(0, machine.traps.get(0).errorCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0F104608", "0F114608", "F30F6F4608", "F20F584601", "0FFC4603", "F30FE64605"})
    void otherFormsDoNot(String hex) {
        assertEquals(Trap.BP, run(hex));
    }

    @Test
    void reservedMxcsrBitsRaiseGp() {
        machine.memory.writeU32(TestMachine.DATA, 0x1_1F80);
        assertEquals(Trap.GP, run("0FAE16"));
        assertEquals(
                0x1F80, ByteBuffer.wrap(image()).order(ByteOrder.LITTLE_ENDIAN).getInt(24));
    }

    @Test
    void fxsaveAndFxrstorAreInverse() {
        byte[] image = randomImage(1);
        machine.registers.loadFpu(image);
        assertEquals(Trap.BP, run("480FAE06"));
        byte[] stored = new byte[512];
        machine.memory.read(TestMachine.DATA, stored, 0, 512);
        assertArrayEquals(Arrays.copyOf(image, 416), Arrays.copyOf(stored, 416));
        machine.registers.loadFpu(randomImage(2));
        assertEquals(Trap.BP, run("480FAE0E"));
        assertArrayEquals(image, image());
    }

    @Test
    void fxsaveThatFaultsStoresNothing() {
        machine.registers.loadFpu(randomImage(1));
        machine.readOnly[(TestMachine.DATA >>> 12) + 1] = true;
        assertEquals(Trap.PF, run("480FAE86F00F0000"));
        assertEquals(0, machine.memory.readU64(TestMachine.DATA + 0xFF0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "66"})
    void fnsaveAndFrstorKeepStackAndTags(String prefix) {
        byte[] image = randomImage(3);
        machine.registers.loadFpu(image);
        assertEquals(Trap.BP, run(prefix + "DD36" + "D9E8" + prefix + "DD26"));
        byte[] after = image();
        assertArrayEquals(Arrays.copyOf(image, 5), Arrays.copyOf(after, 5));
        assertArrayEquals(Arrays.copyOfRange(image, 32, 160), Arrays.copyOfRange(after, 32, 160));
    }

    @Test
    void fnstenvWritesTheFullTagWordAndMasks() {
        // 1, 1 / 0, 1 and 0 in registers 7 to 4; the others are empty.
        assertEquals(Trap.BP, run("D9E8D9EED8F9" + "D9E8D9EE" + "D936"));
        assertEquals(0xFFFF_037F, machine.memory.readU32(TestMachine.DATA));
        assertEquals(0xFFFF_2004, machine.memory.readU32(TestMachine.DATA + 4));
        assertEquals(0xFFFF_0000 | 0b00_10_00_01_11_11_11_11, machine.memory.readU32(TestMachine.DATA + 8));
    }

    @Test
    void unmaskedX87ExceptionsAreRaisedByTheNextWaitingInstruction() {
        machine.memory.writeU16(TestMachine.DATA, 0x37B);
        // FLDCW; FLDZ; FLD1; FDIV ST, ST(1); FNSTSW AX; FWAIT
        assertEquals(Trap.MF, run("D92E" + "D9EE" + "D9E8" + "D8F1" + "DFE0" + "9B"));
        assertEquals(TestMachine.CODE + 10, machine.registers.rip());
        assertEquals(0xB084, machine.registers.gpr(Registers.RAX) & 0xFFFF);
        assertEquals(Trap.MF, run("0F77"));
        assertEquals(Trap.BP, run("DBE2" + "9B" + "0F77"));
    }

    @Test
    void storesThatFaultLeaveTheStack() {
        machine.readOnly[TestMachine.DATA >>> 12] = true;
        assertEquals(Trap.BP, run("D9E8"));
        byte[] before = image();
        for (String hex : new String[] {"D91E", "DD1E", "DB3E", "DF1E", "DF36", "DF3E"}) {
            assertEquals(Trap.PF, run(hex));
            assertArrayEquals(before, image(), hex);
        }
    }

    @Test
    void approximationsAreWithinTheArchitecturesBound() {
        Random random = new Random(7);
        for (int n = 0; n < 2000; n++) {
            float x = Float.intBitsToFloat(0x0100_0000 + random.nextInt(0x7D00_0000));
            machine.memory.writeU32(TestMachine.DATA, Float.floatToRawIntBits(x));
            assertEquals(Trap.BP, run("F30F5306" + "F30F520E"));
            ByteBuffer image = ByteBuffer.wrap(image()).order(ByteOrder.LITTLE_ENDIAN);
            if (x < 0x1p126f) {
                assertTrue(Math.abs(image.getFloat(160) * (double) x - 1) <= 1.5 * 0x1p-12, "1 / " + x);
            }
            double root = Math.sqrt(x);
            assertTrue(Math.abs(image.getFloat(176) * root - 1) <= 1.5 * 0x1p-12, "1 / root of " + x);
        }
    }
}
