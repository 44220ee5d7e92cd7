package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterpreterTest {
    private TestMachine machine = new TestMachine();

    @BeforeEach
    void fresh() {
        machine = new TestMachine();
    }

    private Trap only() {
        assertEquals(1, machine.traps.size(), machine.traps.toString());
        return machine.traps.get(0);
    }

    private void expectFault(int vector, int errorCode, long rip) {
        Trap trap = only();
        assertEquals(Trap.Kind.FAULT, trap.kind());
        assertEquals(vector, trap.vector());
        assertEquals(errorCode, trap.errorCode());
        assertEquals(rip, machine.registers.rip());
        assertEquals(1 << 16, machine.registers.rflags() & 1 << 16, "a fault pushes RF");
    }

    @Test
    void aStoreIntoTheRunningBlockIsSeenAtOnce() {
        // mov byte [rip+4], 0x42 -> changes "mov eax, 0" into "mov eax, 0x42"; ud2
        machine.code("c6050100000042 b800000000 0f0b");
        machine.run(100);
        assertEquals(0x42, machine.registers.gpr(Registers.RAX));
    }

    @Test
    void codeWrittenBetweenRunsIsDecodedAgain() {
        machine.code("b801000000 0f0b").run(100);
        assertEquals(1, machine.registers.gpr(Registers.RAX));
        machine.traps.clear();
        machine.code("b802000000 0f0b");
        machine.registers.setRip(TestMachine.CODE);
        machine.run(100);
        assertEquals(2, machine.registers.gpr(Registers.RAX));
    }

    @Test
    void codeAndDataMayShareAFrame() {
        // L: inc dword [rip+0x3a] (data at 0x40); inc byte [rip+1] (the immediate below); mov eax, 0; dec ecx; jnz L;
        // ud2
        machine.registers.setGpr(Registers.RCX, 200);
        machine.code("ff053a000000 fe0501000000 b800000000 ffc9 75eb 0f0b").run(10_000);
        assertEquals(200, machine.memory.readU32(TestMachine.CODE + 0x40));
        assertEquals(200, machine.registers.gpr(Registers.RAX));
        assertEquals(TestMachine.CODE + 21, machine.registers.rip());
    }

    @Test
    void anInstructionMayLieOnTwoFrames() {
        // mov eax, 0x12345678 with two bytes on the first page; the second page lies elsewhere in memory.
        long start = TestMachine.CODE + 0xFFE;
        machine.mapping[(TestMachine.CODE >> 12) + 1] = 0x70;
        machine.memory.write(start, new byte[] {(byte) 0xB8, 0x78}, 0, 2);
        machine.memory.write(0x70000, new byte[] {0x56, 0x34, 0x12, 0x0F, 0x0B}, 0, 5);
        machine.registers.setRip(start);
        machine.run(100);
        assertEquals(0x12345678, machine.registers.gpr(Registers.RAX));
        assertEquals(TestMachine.CODE + 0x1003, machine.registers.rip());
    }

    @Test
    void aFetchFaultNamesThePageThatIsAbsent() {
        long start = TestMachine.CODE + 0xFFE;
        machine.absent[(TestMachine.CODE >> 12) + 1] = true;
        machine.memory.write(start, new byte[] {(byte) 0xB8, 0x78}, 0, 2);
        machine.registers.setRip(start);
        machine.run(100);
        expectFault(Trap.PF, 0x14, start);
        assertEquals(TestMachine.CODE + 0x1000, only().linear());
    }

    @Test
    void aFaultingInstructionChangesNothing() {
        machine.readOnly[0x21] = true;
        machine.memory.writeU64(0x21000, 5);
        machine.registers.setGpr(Registers.RDI, 0x21000);
        machine.registers.setRflags(0x8D7);
        machine.code("90 48ff07").run(100); // inc qword [rdi]
        expectFault(Trap.PF, 7, TestMachine.CODE + 1);
        assertEquals(5, machine.memory.readU64(0x21000));
        assertEquals(0x8D7, machine.registers.rflags() & 0xFFFF);
        assertEquals(1, machine.core.retired());
    }

    @Test
    void aStoreAcrossPagesIsAllOrNothing() {
        machine.absent[0x22] = true;
        machine.registers.setGpr(Registers.RDI, 0x21FFC);
        machine.registers.setGpr(Registers.RAX, -1);
        machine.code("488907").run(100);
        expectFault(Trap.PF, 6, TestMachine.CODE);
        assertEquals(0x22000, only().linear());
        assertEquals(0, machine.memory.readU32(0x21FFC));
    }

    @Test
    void pushFaultLeavesTheStackPointer() {
        machine.readOnly[0x3F] = true;
        machine.code("50").run(10);
        expectFault(Trap.PF, 7, TestMachine.CODE);
        assertEquals(TestMachine.STACK, machine.registers.gpr(Registers.RSP));
    }

    @Test
    void repKeepsWholeIterations() {
        machine.absent[0x22] = true;
        machine.registers.setGpr(Registers.RDI, 0x21FF0);
        machine.registers.setGpr(Registers.RCX, 10);
        machine.registers.setGpr(Registers.RAX, 7);
        machine.code("f348ab").run(100);
        expectFault(Trap.PF, 6, TestMachine.CODE);
        assertEquals(8, machine.registers.gpr(Registers.RCX));
        assertEquals(0x22000, machine.registers.gpr(Registers.RDI));
        assertEquals(7, machine.memory.readU64(0x21FF8));
    }

    @Test
    void nonCanonicalAddressesAreGpOrSs() {
        machine.registers.setGpr(Registers.RAX, 0x8000_0000_0000_0000L);
        machine.code("488b18").run(10);
        expectFault(Trap.GP, 0, TestMachine.CODE);
        fresh();
        machine.registers.setGpr(Registers.RBP, 0x8000_0000_0000_0000L);
        machine.code("488b5d00").run(10);
        expectFault(Trap.SS, 0, TestMachine.CODE);
        fresh();
        machine.registers.setGpr(Registers.RSP, 0x8000_0000_0000_0000L);
        machine.code("50").run(10);
        expectFault(Trap.SS, 0, TestMachine.CODE);
        fresh();
        machine.registers.setGpr(Registers.RAX, 0x8000_0000_0000_0000L);
        machine.code("ffe0").run(10);
        expectFault(Trap.GP, 0, TestMachine.CODE);
    }

    @Test
    void singleStepTrapsAfterEachInstruction() {
        machine.registers.setRflags(0x302);
        machine.code("90 90").run(10);
        Trap trap = only();
        assertEquals(Trap.Kind.TRAP, trap.kind());
        assertEquals(Trap.DB, trap.vector());
        assertEquals(TestMachine.CODE + 1, machine.registers.rip());
        assertEquals(1 << 14, machine.registers.debugRegister(6) & 1 << 14);
    }

    @Test
    void popfWithTfTrapsAfterTheNextInstruction() {
        machine.code("68 02030000 9d 90 90").run(10);
        assertEquals(Trap.DB, only().vector());
        assertEquals(TestMachine.CODE + 7, machine.registers.rip());
    }

    @Test
    void movSsHoldsTheTrapBack() {
        machine.registers.setRflags(0x302);
        machine.registers.setGpr(Registers.RAX, 0xE02B);
        machine.code("8ed0 90 90").run(10);
        assertEquals(TestMachine.CODE + 3, machine.registers.rip());
    }

    @Test
    void instructionAndDataBreakpoints() {
        machine.registers.setDebugRegister(0, TestMachine.CODE + 1);
        machine.registers.setDebugRegister(7, 0x401);
        machine.code("90 90").run(10);
        assertEquals(Trap.Kind.FAULT, only().kind());
        assertEquals(Trap.DB, only().vector());
        assertEquals(TestMachine.CODE + 1, machine.registers.rip());
        assertEquals(1, machine.registers.debugRegister(6) & 15);
        fresh();
        machine.registers.setDebugRegister(1, 0x21000);
        machine.registers.setDebugRegister(7, 0x404 | 0xDL << 20);
        machine.registers.setGpr(Registers.RDI, 0x21002);
        machine.code("8807 90").run(10); // mov [rdi], al
        assertEquals(Trap.Kind.TRAP, only().kind());
        assertEquals(TestMachine.CODE + 2, machine.registers.rip());
        assertEquals(2, machine.registers.debugRegister(6) & 15);
    }

    @Test
    void rfSkipsTheInstructionBreakpointOnce() {
        machine.registers.setDebugRegister(0, TestMachine.CODE);
        machine.registers.setDebugRegister(7, 0x401);
        machine.registers.setRflags(0x1_0202);
        machine.code("90 0f0b").run(10);
        assertEquals(Trap.UD, only().vector());
    }

    @Test
    void softwareInterruptsAskTheHandler() {
        machine.code("cd80").run(10);
        assertEquals(Trap.Kind.SOFTWARE_INTERRUPT, only().kind());
        assertEquals(0x80, only().vector());
        assertEquals(TestMachine.CODE + 2, machine.registers.rip());
        fresh();
        machine.code("cd20").run(10);
        expectFault(Trap.GP, 0x102, TestMachine.CODE);
        fresh();
        machine.code("cc").run(10);
        assertEquals(Trap.Kind.TRAP, only().kind());
        assertEquals(Trap.BP, only().vector());
        assertEquals(TestMachine.CODE + 1, machine.registers.rip());
    }

    @Test
    void syscallSavesRipAndFlags() {
        machine.registers.setRflags(0x246);
        machine.code("0f05").run(10);
        assertEquals(1, machine.syscalls);
        assertEquals(TestMachine.CODE + 2, machine.registers.gpr(Registers.RCX));
        assertEquals(0x246, machine.registers.gpr(Registers.R11));
    }

    @Test
    void privilegedInstructionsAreGp() {
        for (String hex : new String[] {
            "f4", "fa", "fb", "0f22d8", "0f20c0", "0f30", "0f32", "ec", "e680", "6c", "0f06", "0f08", "0f013b",
            "0f01f8", "0f0117", "0f00d0", "480f07", "0f21c0", "0f33"
        }) {
            fresh();
            machine.code(hex).run(10);
            expectFault(Trap.GP, 0, TestMachine.CODE);
        }
    }

    @Test
    void userModeMayReadSystemRegisters() {
        machine.registers.setGpr(Registers.RDI, 0x21001);
        machine.code("0f0107 0f00c8 0f01e3 0f0b").run(10); // sgdt [rdi]; str eax; smsw ebx
        assertEquals(Trap.UD, only().vector());
        assertEquals(0x1234, machine.memory.readU16(0x21001));
        assertEquals(0xFFFF_8000_1234_5000L, machine.memory.readU64(0x21003));
        assertEquals(0x1234, machine.registers.gpr(Registers.RAX));
        assertEquals(0x8005_003BL, machine.registers.gpr(Registers.RBX));
    }

    @Test
    void segmentLoads() {
        machine.descriptors.put(0x33, 0x00CF_F312_3456_FFFFL); // base 0x123456
        machine.code("b833000000 8ee0 648b0425 00000000 0f0b");
        machine.absent[0x00] = false;
        machine.run(3);
        assertEquals(0x33, machine.registers.selector(Registers.FS));
        assertEquals(0x12_3456, machine.registers.segmentBase(Registers.FS));
        fresh();
        machine.registers.setGpr(Registers.RAX, 0x48);
        machine.code("8ed8").run(10);
        expectFault(Trap.GP, 0x48, TestMachine.CODE);
        fresh();
        machine.descriptors.put(0x4B, 0x00CF_7300_0000_FFFFL); // not present
        machine.registers.setGpr(Registers.RAX, 0x4B);
        machine.code("8ed8").run(10);
        expectFault(Trap.NP, 0x48, TestMachine.CODE);
        fresh();
        machine.registers.setGpr(Registers.RAX, 0);
        machine.code("8ed0").run(10);
        expectFault(Trap.GP, 0, TestMachine.CODE);
    }

    @Test
    void farReturnEntersCompatibilityMode() {
        // push 0xE023; push target; retfq -> 32-bit code: inc eax (40); inc ecx (41); ud2
        machine.code("68 23e00000 68 20000100 48cb");
        machine.memory.write(TestMachine.CODE + 0x20, new byte[] {0x40, 0x41, 0x0F, 0x0B}, 0, 4);
        machine.registers.setGpr(Registers.RAX, 0xFFFF_FFFFL);
        machine.run(100);
        assertEquals(Trap.UD, only().vector());
        assertEquals(0, machine.registers.gpr(Registers.RAX));
        assertEquals(1, machine.registers.gpr(Registers.RCX));
        assertEquals(TestMachine.CODE + 0x22, machine.registers.rip());
        assertEquals(0xE023, machine.registers.selector(Registers.CS));
    }

    @Test
    void iretInRingThree() {
        // ss, rsp, flags (TF clear, IOPL 3, ZF), cs, rip
        machine.code("682be00000 6800000300 6842320000 6833e00000 6820000100 48cf");
        machine.memory.write(TestMachine.CODE + 0x20, new byte[] {0x0F, 0x0B}, 0, 2);
        machine.run(100);
        assertEquals(Trap.UD, only().vector());
        assertEquals(0x30000, machine.registers.gpr(Registers.RSP));
        assertEquals(0x242, machine.registers.rflags() & 0xFFFF, "IOPL cannot be raised, IF stays");
    }

    @Test
    void alignmentCheck() {
        machine.registers.setRflags(0x4_0202);
        machine.registers.setGpr(Registers.RDI, 0x21001);
        machine.code("8b07").run(10);
        expectFault(Trap.AC, 0, TestMachine.CODE);
    }

    @Test
    void budgetsAndInterruptions() {
        machine.code("ebfe");
        assertEquals(CpuExit.Kind.BUDGET_SPENT, machine.run(1000).kind());
        assertEquals(1000, machine.core.retired());
        machine.core.interrupt();
        assertEquals(CpuExit.Kind.INTERRUPTED, machine.run(1000).kind());
        assertEquals(1000, machine.core.retired());
    }

    @Test
    void longRepIsInterruptedByTheBudget() {
        machine.registers.setGpr(Registers.RCX, 1L << 40);
        machine.registers.setGpr(Registers.RSI, 0x21000);
        machine.code("f3ac");
        assertEquals(CpuExit.Kind.BUDGET_SPENT, machine.run(2).kind());
        assertEquals(TestMachine.CODE, machine.registers.rip());
        assertTrue(machine.registers.gpr(Registers.RCX) < 1L << 40);
    }

    @Test
    void runningIntoGarbageFaults() {
        machine.registers.setRip(0x1234_5678_9ABCL);
        machine.run(10);
        expectFault(Trap.PF, 0x14, 0x1234_5678_9ABCL);
        fresh();
        machine.registers.setRip(0x8000_0000_0000_0000L);
        machine.run(10);
        expectFault(Trap.GP, 0, 0x8000_0000_0000_0000L);
    }

    @Test
    void cpuidIsWhatTheEnvironmentSays() {
        machine.code("31c0 0fa2 0f0b").run(10);
        assertEquals(0x6874_7541, machine.registers.gpr(Registers.RBX));
        assertEquals(0x444D_4163, machine.registers.gpr(Registers.RCX));
        assertEquals(0x6974_6E65, machine.registers.gpr(Registers.RDX));
    }
}
