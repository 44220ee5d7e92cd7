package io.github.paravane.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmulatorTest {
    private final TestMachine machine = new TestMachine();
    private final List<String> calls = new ArrayList<>();

    /** Memory that holds 0x10 everywhere, ports that answer 0x55, CR0 and CR4; records each access. */
    private final EmulationHooks hooks = new EmulationHooks() {
        @Override
        public Reply admit(InstructionClass instruction) {
            calls.add(instruction.toString());
            return Reply.DONE;
        }

        @Override
        public Reply read(long linear, int size, Cell result) {
            calls.add("read " + Long.toHexString(linear) + " " + size);
            result.value = 0x10;
            return Reply.DONE;
        }

        @Override
        public Reply write(long linear, int size, long value, boolean locked, Cell result) {
            calls.add("write " + Long.toHexString(linear) + " " + size + " " + Long.toHexString(value) + " " + locked);
            return Reply.DONE;
        }

        @Override
        public Reply compareExchange(long linear, int size, long expected, long value, boolean locked, Cell result) {
            calls.add("cas " + Long.toHexString(expected) + " " + Long.toHexString(value) + " " + locked);
            result.flag = expected == 0x10;
            result.value = 0x10;
            return Reply.DONE;
        }

        @Override
        public Reply readControl(int register, Cell result) {
            result.value = register == 0 ? 0x8005_003BL : 0;
            return Reply.DONE;
        }

        @Override
        public Reply writeControl(int register, long value, Cell result) {
            calls.add("cr" + register + " " + Long.toHexString(value));
            return Reply.DONE;
        }

        @Override
        public Reply readPort(int port, int size, Cell result) {
            calls.add("in " + port + " " + size);
            result.value = 0x55;
            return Reply.DONE;
        }

        @Override
        public Reply writeMsr(int index, long value, Cell result) {
            result.trap = Trap.fault(Trap.GP, 0);
            return Reply.TRAP;
        }
    };

    private EmulationResult.Kind emulate(String hex) {
        machine.code(hex);
        machine.registers.setRip(TestMachine.CODE);
        calls.clear();
        return machine.core.emulator().emulate(hooks).kind();
    }

    @Test
    void storesGoToTheHooks() {
        machine.registers.setGpr(Registers.RDI, 0x21000);
        machine.registers.setGpr(Registers.RAX, 0x1234);
        assertEquals(EmulationResult.Kind.DONE, emulate("488907"));
        assertEquals(List.of("MEMORY_WRITE", "write 21000 8 1234 false"), calls);
        assertEquals(TestMachine.CODE + 3, machine.registers.rip());
        assertEquals(0, machine.memory.readU64(0x21000));
    }

    @Test
    void lockedReadModifyWriteIsACompareExchange() {
        machine.registers.setGpr(Registers.RDI, 0x21000);
        assertEquals(EmulationResult.Kind.DONE, emulate("f048830f01")); // lock or qword [rdi], 1
        assertEquals(List.of("MEMORY_WRITE", "read 21000 8", "cas 10 11 true"), calls);
    }

    @Test
    void compareExchangeReportsWhatMemoryHeld() {
        machine.registers.setGpr(Registers.RDI, 0x21000);
        machine.registers.setGpr(Registers.RAX, 9);
        machine.registers.setGpr(Registers.RCX, 0x77);
        assertEquals(EmulationResult.Kind.DONE, emulate("f0480fb10f"));
        assertEquals(List.of("MEMORY_WRITE", "read 21000 8", "cas 9 77 true"), calls);
        assertEquals(0x10, machine.registers.gpr(Registers.RAX));
        assertEquals(0, machine.registers.rflags() & 0x40);
    }

    @Test
    void exchangeIsALockedWrite() {
        machine.registers.setGpr(Registers.RDI, 0x21000);
        machine.registers.setGpr(Registers.RAX, 9);
        assertEquals(EmulationResult.Kind.DONE, emulate("488707"));
        assertEquals(List.of("MEMORY_WRITE", "read 21000 8", "write 21000 8 9 true"), calls);
        assertEquals(0x10, machine.registers.gpr(Registers.RAX));
    }

    @Test
    void privilegedAccessesGoToTheHooks() {
        assertEquals(EmulationResult.Kind.DONE, emulate("0f06"));
        assertEquals(List.of("PRIVILEGED", "cr0 80050033"), calls);
        assertEquals(EmulationResult.Kind.DONE, emulate("e460"));
        assertEquals(List.of("PORT", "in 96 1"), calls);
        assertEquals(0x55, machine.registers.gpr(Registers.RAX));
    }

    @Test
    void aHooksTrapAndARefusalChangeNothing() {
        assertEquals(EmulationResult.Kind.TRAP, emulate("0f30"));
        assertEquals(TestMachine.CODE, machine.registers.rip());
        assertEquals(EmulationResult.Kind.UNHANDLEABLE, emulate("f4"));
        assertEquals(EmulationResult.Kind.UNHANDLEABLE, emulate("0f32"));
        assertEquals(EmulationResult.Kind.UNHANDLEABLE, emulate("0f05"));
        assertEquals(EmulationResult.Kind.TRAP, emulate("0f0b"), "UD2 is an instruction that raises #UD");
        assertEquals(EmulationResult.Kind.UNHANDLEABLE, emulate("d6"));
        assertEquals(TestMachine.CODE, machine.registers.rip());
    }

    @Test
    void repMakesOneIterationAtATime() {
        machine.registers.setGpr(Registers.RDI, 0x21000);
        machine.registers.setGpr(Registers.RCX, 3);
        machine.registers.setGpr(Registers.RAX, 7);
        assertEquals(EmulationResult.Kind.DONE, emulate("f348ab"));
        assertEquals(List.of("MEMORY_WRITE", "write 21000 8 7 false"), calls);
        assertEquals(2, machine.registers.gpr(Registers.RCX));
        assertEquals(TestMachine.CODE, machine.registers.rip());
    }

    @Test
    void fetchFaultsAreTraps() {
        machine.absent[TestMachine.CODE >> 12] = true;
        machine.registers.setRip(TestMachine.CODE);
        EmulationResult result = machine.core.emulator().emulate(hooks);
        assertEquals(EmulationResult.Kind.TRAP, result.kind());
        assertNotNull(result.trap());
        assertEquals(Trap.PF, result.trap().vector());
        assertEquals(0, result.trap().errorCode());
        assertEquals(TestMachine.CODE, result.trap().linear());
        assertEquals(0, machine.core.emulator().instructionLength());
    }

    @Test
    void theBytesAreReadAsData() {
        machine.noExecute[TestMachine.CODE >> 12] = true;
        assertEquals(EmulationResult.Kind.DONE, emulate("e480")); // in al, 80h
        assertEquals(List.of("PORT", "in 128 1"), calls);
    }

    @Test
    void instructionLength() {
        machine.code("488b0425 78563412");
        assertEquals(8, machine.core.emulator().instructionLength());
    }
}
