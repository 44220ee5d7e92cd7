package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compatibility mode at CPL 1, where the kernel of a 32-bit guest runs: privilege checks and returns to CPL 3. */
class RingOneTest {
    private static final int KERNEL_CODE = 0xE019;
    private static final int KERNEL_DATA = 0xE021;
    private static final int USER_CODE = 0xE02B;
    private static final int USER_DATA = 0xE033;
    private static final int CONFORMING = 0x123;
    private static final long RING_1 = ~(2L << 45);
    private static final int TARGET = TestMachine.CODE + 0x100;
    private static final int USER_STACK = TestMachine.DATA + 0x800;

    private final TestMachine machine = new TestMachine();

    @BeforeEach
    void ringOne() {
        machine.descriptors.clear();
        descriptor(KERNEL_CODE, TestMachine.CODE_32 & RING_1);
        descriptor(KERNEL_DATA, TestMachine.DATA_SEGMENT & RING_1);
        descriptor(USER_CODE, TestMachine.CODE_32);
        descriptor(USER_DATA, TestMachine.DATA_SEGMENT);
        descriptor(CONFORMING, TestMachine.CODE_32 & ~(3L << 45) | 1L << 42);
        machine.registers.loadSegment(Registers.CS, KERNEL_CODE, TestMachine.CODE_32 & RING_1);
        machine.registers.loadSegment(Registers.SS, KERNEL_DATA, TestMachine.DATA_SEGMENT & RING_1);
        machine.registers.loadSegment(Registers.DS, KERNEL_DATA, TestMachine.DATA_SEGMENT & RING_1);
        machine.registers.loadSegment(Registers.ES, USER_DATA, TestMachine.DATA_SEGMENT);
        machine.registers.loadSegment(Registers.FS, CONFORMING, machine.descriptors.get(CONFORMING));
    }

    private void descriptor(int selector, long value) {
        machine.descriptors.put(selector | 3, value);
    }

    /** Writes 4-byte words below the stack and points ESP at the first. */
    private void pushed(long... words) {
        int esp = TestMachine.STACK - 4 * words.length;
        for (int n = 0; n < words.length; n++) {
            machine.memory.writeU32(esp + 4L * n, (int) words[n]);
        }
        machine.registers.setGpr(Registers.RSP, esp);
    }

    private int selector(int segment) {
        return machine.registers.selector(segment);
    }

    private void expect(int vector, int errorCode) {
        assertEquals(1, machine.traps.size(), machine.traps.toString());
        assertEquals(vector, machine.traps.get(0).vector());
        assertEquals(errorCode, machine.traps.get(0).errorCode());
        assertEquals(KERNEL_CODE, selector(Registers.CS));
    }

    private void expectUser() {
        assertEquals(0, machine.traps.size(), machine.traps.toString());
        assertEquals(USER_CODE, selector(Registers.CS));
        assertEquals(USER_DATA, selector(Registers.SS));
        assertEquals(TARGET, machine.registers.rip());
        assertEquals(0, selector(Registers.DS), "a data segment of the kernel is lost");
        assertEquals(USER_DATA, selector(Registers.ES));
        assertEquals(CONFORMING, selector(Registers.FS));
    }

    @Test
    void iretGoesToRing3AndTakesTheStack() {
        pushed(TARGET, USER_CODE, 0x202, USER_STACK, USER_DATA);
        machine.code("cf").run(1);
        expectUser();
        assertEquals(USER_STACK, machine.registers.gpr(Registers.RSP));
    }

    @Test
    void iretStaysInRing1WithThreeWords() {
        pushed(TARGET, KERNEL_CODE, 0x202);
        machine.code("cf").run(1);
        assertEquals(TARGET, machine.registers.rip());
        assertEquals(TestMachine.STACK, machine.registers.gpr(Registers.RSP));
        assertEquals(KERNEL_DATA, selector(Registers.DS));
    }

    @Test
    void aFarReturnReleasesParametersOfBothStacks() {
        pushed(TARGET, USER_CODE, 0x1111, 0x2222, USER_STACK, USER_DATA);
        machine.code("ca0800").run(1);
        expectUser();
        assertEquals(USER_STACK + 8, machine.registers.gpr(Registers.RSP));
    }

    @ParameterizedTest
    @CsvSource({"e02b, e021, e020", "e029, e033, e028", "e018, e033, e018", "e019, 0, -1"})
    void returnsToOtherLevelsAreRefused(String code, String stack, String error) {
        int selector = Integer.parseInt(code, 16);
        pushed(TARGET, selector, 0x202, USER_STACK, Integer.parseInt(stack, 16));
        machine.code("cf").run(1);
        if (error.equals("-1")) {
            assertEquals(TARGET, machine.registers.rip());
        } else {
            expect(Trap.GP, Integer.parseInt(error, 16));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8ed8, e021, true", // MOV DS
        "8ed8, e022, false", // RPL 2 of a segment of DPL 1
        "8ed8, e033, true",
        "8ed0, e021, true", // MOV SS
        "8ed0, e020, false",
        "8ed0, e033, false",
    })
    void segmentsAreLoadedByTheirPrivilege(String code, String selector, boolean loads) {
        machine.registers.setGpr(Registers.RAX, Integer.parseInt(selector, 16));
        machine.code(code).run(1);
        if (loads) {
            assertEquals(0, machine.traps.size(), machine.traps.toString());
        } else {
            expect(Trap.GP, Integer.parseInt(selector, 16) & ~3);
        }
    }

    @Test
    void alignmentIsNotChecked() {
        machine.registers.setRflags(0x202 | 1 << 18);
        machine.registers.setGpr(Registers.RDI, TestMachine.DATA + 1);
        machine.cr0 = 0x8005_0033L;
        machine.code("8b07").run(1);
        assertEquals(0, machine.traps.size(), machine.traps.toString());
        machine.registers.loadSegment(Registers.CS, USER_CODE, TestMachine.CODE_32);
        machine.registers.setRip(TestMachine.CODE);
        machine.run(1);
        assertEquals(Trap.AC, machine.traps.get(0).vector());
    }

    @Test
    void cliFaultsAsIoplIsAlways0() {
        machine.code("fa").run(1);
        expect(Trap.GP, 0);
    }
}
