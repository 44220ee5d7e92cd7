package io.github.paravane.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.EmulationException;
import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.testkit.property.CpuArbitraries;
import io.github.paravane.testkit.property.RegisterFile;
import java.util.Arrays;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for our core on random instructions with random registers. */
class CorePropertyTest {
    /** Lies in the middle of its page, so that the instruction fits. */
    private static final long RIP = CoreScene.CODE + 0x800;

    private static final int REPEATED = 1 << 16;
    /** OF SF ZF AF PF CF. */
    private static final long ARITHMETIC = 0x8D5;

    /** RFLAGS.AC: hooks decide about alignment themselves. */
    private static final long ALIGNMENT_CHECK = 1 << 18;

    @Provide
    Arbitrary<byte[]> instruction() {
        return CpuArbitraries.instruction().withoutEdgeCases();
    }

    /** As {@link #unalignedRegisters}, without RFLAGS.AC. */
    @Provide
    Arbitrary<RegisterFile> registers() {
        return unalignedRegisters()
                .map(file -> new RegisterFile(file.gprs(), file.rip(), file.rflags() & ~ALIGNMENT_CHECK));
    }

    /** Registers that point into memory as often as not. */
    @Provide
    Arbitrary<RegisterFile> unalignedRegisters() {
        Arbitrary<Long> pointer = Arbitraries.longs()
                .between(CoreScene.DATA, CoreScene.DATA + 0x4000)
                .map(value -> value & (value % 3 == 0 ? -1 : -8));
        return Combinators.combine(CpuArbitraries.registers(RIP), pointer.list().ofSize(16), Arbitraries.integers())
                .as((file, pointers, which) -> {
                    Long[] gprs = file.gprs().toArray(Long[]::new);
                    for (int i = 0; i < gprs.length; i++) {
                        gprs[i] = (which >>> i & 1) != 0 ? pointers.get(i) : gprs[i];
                    }
                    gprs[Registers.RCX] &= REPEATED - 1L;
                    return new RegisterFile(Arrays.asList(gprs), file.rip(), file.rflags());
                })
                .withoutEdgeCases();
    }

    private static CoreScene scene(byte[] instruction, RegisterFile registers) {
        CoreScene scene = new CoreScene(X86Core.factory());
        registers.storeTo(scene.core.registers());
        scene.memory.write(RIP, instruction, 0, instruction.length);
        for (int i = 0; i < 0x4000; i += 8) {
            scene.memory.writeU64(CoreScene.DATA + i, i * 0x0101_0000_0001_0101L);
        }
        scene.pages.setReadOnly(CoreScene.DATA + 0x2000, true);
        scene.pages.setAbsent(CoreScene.DATA + 0x3000, true);
        return scene;
    }

    private static boolean isRepeated(byte[] instruction) {
        for (int i = 0; i < Math.min(4, instruction.length); i++) {
            if ((instruction[i] & 0xFE) == 0xF2) {
                return true;
            }
        }
        return false;
    }

    /** ENTER pushes until one push faults; what lies below the stack pointer then is not defined. */
    private static boolean storesSeveralTimes(byte[] instruction) {
        for (byte value : instruction) {
            if ((value & 0xFF) == 0xC8) {
                return true;
            }
        }
        return false;
    }

    @Property(tries = 2_000)
    void aFaultLeavesEverythingAsItWas(
            @ForAll("instruction") byte[] instruction, @ForAll("unalignedRegisters") RegisterFile registers) {
        CoreScene scene = scene(instruction, registers);
        long memory = scene.memoryHash();
        CpuExit exit = scene.core.run(new Budget(1));
        Trap trap = scene.notes.traps.isEmpty() ? null : scene.notes.traps.get(0);
        boolean gap = exit instanceof CpuExit.Unsupported;
        if (gap) {
            EmulationException why = ((CpuExit.Unsupported) exit).gap();
            assertEquals(RIP, why.rip());
            assertTrue(why.bytes().length > 0);
        }
        boolean first = scene.core.retired() == 0;
        boolean fault = trap != null && trap.kind() == Trap.Kind.FAULT;
        RegisterFile after = RegisterFile.of(scene.core.registers());
        if (first && fault && isRepeated(instruction)) {
            assertWholeIterations(registers, after);
        } else if (first && (gap || fault)) {
            assertEquals(registers.gprs(), after.gprs());
            assertEquals(RIP, after.rip());
            assertEquals(registers.rflags(), after.rflags() & ~(1L << 16));
            assertTrue(memory == scene.memoryHash() || storesSeveralTimes(instruction));
        }
    }

    /** A repeated instruction that faults has done whole iterations: only counters, pointers, flags and RAX moved. */
    private static void assertWholeIterations(RegisterFile before, RegisterFile after) {
        assertEquals(RIP, after.rip());
        assertEquals(before.rflags() & ~ARITHMETIC, after.rflags() & ~(ARITHMETIC | 1L << 16));
        for (int i = 0; i < 16; i++) {
            if (i != Registers.RAX && i != Registers.RCX && i != Registers.RSI && i != Registers.RDI) {
                assertEquals(before.gprs().get(i), after.gprs().get(i));
            }
        }
        long done = before.gprs().get(Registers.RCX) - after.gprs().get(Registers.RCX);
        assertTrue(done >= 0 && done <= before.gprs().get(Registers.RCX));
        assertWhole(done, after.gprs().get(Registers.RSI) - before.gprs().get(Registers.RSI));
        assertWhole(done, after.gprs().get(Registers.RDI) - before.gprs().get(Registers.RDI));
    }

    private static void assertWhole(long iterations, long moved) {
        int distance = (int) Math.abs((int) moved); // a 32-bit address size clears the upper half
        assertTrue(distance == 0 || iterations != 0 && distance % iterations == 0 && distance / iterations <= 8);
    }

    @Property(tries = 2_000)
    void theEmulatorDoesWhatTheCoreDoes(
            @ForAll("instruction") byte[] instruction, @ForAll("registers") RegisterFile registers) {
        CoreScene trial = scene(instruction, registers);
        EmulationResult result = trial.core.emulator().emulate(new DirectHooks(trial));
        if (result.kind() == EmulationResult.Kind.UNHANDLEABLE) {
            assertEquals(registers, RegisterFile.of(trial.core.registers()));
        } else if (result.kind() == EmulationResult.Kind.TRAP && isComparable(instruction)) {
            CoreScene executed = scene(instruction, registers);
            assertSameTrap(Objects.requireNonNull(result.trap()), executed.runToTrap());
            assertEquals(registers, RegisterFile.of(trial.core.registers()));
        } else if (result.kind() == EmulationResult.Kind.DONE && isComparable(instruction)) {
            compareDone(instruction, registers, trial.core.registers().rip());
        }
    }

    /** A repeated instruction may stop early; others check pages or bytes beforehand, which the core alone can do. */
    private static boolean isComparable(byte[] instruction) {
        return !isRepeated(instruction) && !storesSeveralTimes(instruction) && !probes(instruction);
    }

    /** MASKMOVQ and MASKMOVDQU (all bytes, whatever the mask), FXSAVE (the last byte first), CALL (the push, then the target). */
    private static boolean probes(byte[] instruction) {
        for (int i = 0; i < instruction.length; i++) {
            int value = instruction[i] & 0xFF;
            int next = i + 1 < instruction.length ? instruction[i + 1] & 0xFF : 0;
            if (value == 0x0F && (next == 0xF7 || next == 0xAE) || value == 0xFF && (next >>> 3 & 7) == 2) {
                return true;
            }
        }
        return false;
    }

    /** Puts a breakpoint behind the instruction and compares what the emulator and the core do up to there. */
    private static void compareDone(byte[] instruction, RegisterFile registers, long next) {
        CoreScene emulated = scene(instruction, registers);
        if (next != RIP + emulated.core.emulator().instructionLength()) {
            return; // a branch, perhaps into itself
        }
        CoreScene executed = scene(instruction, registers);
        emulated.memory.writeU8(next, 0xCC);
        executed.memory.writeU8(next, 0xCC);
        EmulationResult result = emulated.core.emulator().emulate(new DirectHooks(emulated));
        boolean stopped = executed.runToTrap().vector() == Trap.BP;
        if (result.kind() != EmulationResult.Kind.DONE || executed.memory.readU8(next) != 0xCC) {
            return; // the breakpoint is its operand
        }
        assertTrue(stopped, () -> "the core trapped: " + executed.notes.traps);
        executed.core.registers().setRip(next);
        RegisterFile expected = RegisterFile.of(executed.core.registers());
        assertEquals(expected, RegisterFile.of(emulated.core.registers()));
        assertEquals(executed.memoryHash(), emulated.memoryHash());
    }

    /** Hooks cannot tell the read half of a read-modify-write from a read, so that W is not compared. */
    private static void assertSameTrap(Trap emulated, Trap executed) {
        assertEquals(executed.vector(), emulated.vector());
        assertEquals(executed.kind(), emulated.kind());
        assertEquals(executed.linear(), emulated.linear());
        int compared = executed.vector() == Trap.PF ? ~Access.WRITE : -1;
        assertEquals(executed.errorCode() & compared, emulated.errorCode() & compared);
    }

    /** Hooks that do to memory what the core would do. */
    private record DirectHooks(CoreScene scene) implements EmulationHooks {
        private Reply access(long linear, int size, int access, Cell cell, Runnable action) {
            long lastPage = linear + size - 1 & -4096L;
            for (long at = linear; ; at = lastPage) {
                if (scene.pages.translate(at, access | Access.USER) == AddressTranslator.FAULT) {
                    cell.trap = Trap.pageFault(Objects.requireNonNull(scene.pages.fault()));
                    return Reply.TRAP;
                }
                if (at >= lastPage) {
                    action.run();
                    return Reply.DONE;
                }
            }
        }

        private long load(long linear, int size) {
            byte[] bytes = new byte[8];
            scene.memory.read(linear, bytes, 0, size);
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value |= (bytes[i] & 0xFFL) << 8 * i;
            }
            return value;
        }

        private void store(long linear, int size, long value) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (value >>> 8 * i);
            }
            scene.memory.write(linear, bytes, 0, size);
        }

        /** A core at CPL 3 refuses the others before it looks at their operands. */
        @Override
        public Reply admit(InstructionClass instruction) {
            boolean plain = instruction == InstructionClass.MEMORY_WRITE || instruction == InstructionClass.OTHER;
            return plain ? Reply.DONE : Reply.UNHANDLEABLE;
        }

        @Override
        public Reply read(long linear, int size, Cell result) {
            return size > 8
                    ? Reply.UNHANDLEABLE
                    : access(linear, size, Access.READ, result, () -> result.value = load(linear, size));
        }

        @Override
        public Reply write(long linear, int size, long value, boolean locked, Cell result) {
            return size > 8
                    ? Reply.UNHANDLEABLE
                    : access(linear, size, Access.WRITE, result, () -> store(linear, size, value));
        }

        @Override
        public Reply compareExchange(long linear, int size, long expected, long value, boolean locked, Cell result) {
            return access(linear, size, Access.WRITE, result, () -> {
                long found = load(linear, size);
                result.flag = found == expected;
                result.value = found;
                if (result.flag) {
                    store(linear, size, value);
                }
            });
        }
    }
}
