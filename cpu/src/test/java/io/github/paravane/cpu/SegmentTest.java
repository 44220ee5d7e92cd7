package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptor loads write the accessed bit back; alignment checking needs CR0.AM. What single loads do is in the vectors. */
class SegmentTest {
    private static final long FRESH = ~DescriptorTables.ACCESSED;
    private static final int DATA = 0x103;
    private static final int CODE = 0x10B;
    private static final int ABSENT = 0x113;

    private final TestMachine machine = new TestMachine();

    @BeforeEach
    void descriptors() {
        machine.descriptors.put(DATA, TestMachine.DATA_SEGMENT & FRESH);
        machine.descriptors.put(CODE, TestMachine.CODE_64 & FRESH);
        machine.descriptors.put(ABSENT, TestMachine.DATA_SEGMENT & FRESH & ~(1L << 47));
        machine.registers.setGpr(Registers.RAX, DATA);
    }

    private boolean accessed(int selector) {
        return (machine.descriptors.getOrDefault(selector, 0L) & DescriptorTables.ACCESSED) != 0;
    }

    @ParameterizedTest
    @CsvSource({"8ed8, true", "8ed0, true", "8ee8, true", "0f02c8, false", "0f00e0, false", "0f03c8, false"})
    void loadsSetTheBitAndLooksDoNot(String code, boolean sets) {
        machine.code(code + "0f0b").run(10);
        assertEquals(sets, accessed(DATA));
    }

    @Test
    void aLoadThatFaultsLeavesTheTableAlone() {
        machine.registers.setGpr(Registers.RAX, ABSENT);
        machine.code("8ed8").run(1);
        assertEquals(Trap.NP, machine.traps.get(0).vector());
        assertEquals(false, accessed(ABSENT));
    }

    @Test
    void iretSetsTheBitOfCodeAndStack() {
        long[] frame = {TestMachine.CODE + 0x100, CODE, 0x202, TestMachine.STACK, DATA};
        for (int n = 0; n < frame.length; n++) {
            machine.memory.writeU64(TestMachine.STACK - 40 + 8L * n, frame[n]);
        }
        machine.registers.setGpr(Registers.RSP, TestMachine.STACK - 40);
        machine.code("48cf").run(1);
        assertEquals(TestMachine.CODE + 0x100, machine.registers.rip());
        assertEquals(true, accessed(CODE));
        assertEquals(true, accessed(DATA));
    }

    /** Whether the table faults or RPL is refused first (Intel SDM vol 2, MOV, RET, IRET). */
    @ParameterizedTest
    @CsvSource({"8ed0, 14", "48cb, 14", "48cf, 13"})
    void rplIsLookedAtWithTheDescriptorButForTheStackOfAReturn(String code, int vector) {
        int local = 0x10C;
        long[] frame = {TestMachine.CODE + 0x100, vector == Trap.GP ? CODE : local, 0x202, TestMachine.STACK, local};
        for (int n = 0; n < frame.length; n++) {
            machine.memory.writeU64(TestMachine.STACK - 40 + 8L * n, frame[n]);
        }
        machine.registers.setGpr(Registers.RSP, TestMachine.STACK - 40);
        machine.registers.setGpr(Registers.RAX, local);
        machine.ldtFaults = true;
        machine.code(code).run(1);
        Trap trap = machine.traps.get(0);
        assertEquals(vector, trap.vector());
        assertEquals(vector == Trap.GP ? local : TestMachine.LDT, vector == Trap.GP ? trap.errorCode() : trap.linear());
    }

    @ParameterizedTest
    @CsvSource({"0000ec00e0330000, 13", "00006c00e0330000, 11", "00000c00e0330000, 13", "00006500e0330000, 13"})
    void aCallGateThatIsNotPresentSaysSo(String gate, int vector) {
        machine.descriptors.put(ABSENT, Long.parseLong(gate, 16));
        machine.memory.writeU32(TestMachine.DATA + 4, ABSENT);
        machine.registers.setGpr(Registers.RDI, TestMachine.DATA);
        machine.code("ff2f").run(1); // JMP FAR [RDI]
        assertEquals(vector, machine.traps.get(0).vector());
        assertEquals(ABSENT & ~3, machine.traps.get(0).errorCode());
    }

    @ParameterizedTest
    @CsvSource({"80050033, 17", "80010033, 6"})
    void alignmentIsCheckedOnlyWithCr0Am(String cr0, int vector) {
        machine.cr0 = Long.parseLong(cr0, 16);
        machine.registers.setRflags(0x202 | 1 << 18);
        machine.registers.setGpr(Registers.RDI, TestMachine.DATA + 1);
        machine.code("8b070f0b").run(10);
        assertEquals(vector, machine.traps.get(0).vector());
    }

    @Test
    void aTableStoreThatIsNotAlignedStoresNothing() {
        machine.registers.setRflags(0x202 | 1 << 18);
        machine.registers.setGpr(Registers.RSI, TestMachine.DATA + 8);
        machine.memory.writeU64(TestMachine.DATA + 8, -1);
        machine.code("0f0106").run(1); // SGDT [RSI]: the base, at + 2, is not aligned
        assertEquals(Trap.AC, machine.traps.get(0).vector());
        assertEquals(-1, machine.memory.readU64(TestMachine.DATA + 8));
    }
}
