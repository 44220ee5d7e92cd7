package io.github.paravane.testkit.contract;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.mmu.memory.LazyMemory;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A core between fakes: machine memory mapped one to one with rights by page, flat segments, a CPUID of zeros, and a trap
 * handler that takes notes. A program ends with {@code int 0x80}; any other trap stops the run as well.
 */
final class CoreScene {
    static final int FRAMES = 96;
    static final long CODE = 0x1_0000;
    static final long DATA = 0x2_0000;
    static final long STACK_TOP = 0x3_0000;
    static final int END_VECTOR = 0x80;
    static final int KERNEL_CODE = 0xE033;
    static final int KERNEL_STACK = 0xE02B;
    private static final long CODE_64 = 0x00AF_FB00_0000_FFFFL;
    private static final long DATA_FLAT = 0x00CF_F300_0000_FFFFL;

    final MachineMemory memory = new LazyMemory(FRAMES);
    final Pages pages = new Pages();
    final Notes notes = new Notes();
    final CpuCore core;

    CoreScene(CpuCoreFactory factory) {
        core = factory.create(new CpuEnvironment(
                memory, pages, notes, new FlatDescriptors(), (leaf, subleaf) -> CpuidLeaf.ZERO, new Clock()::tick));
        Registers registers = core.registers();
        registers.loadSegment(Registers.CS, KERNEL_CODE, CODE_64);
        registers.loadSegment(Registers.SS, KERNEL_STACK, DATA_FLAT);
        registers.setRflags(0x202);
        registers.setGpr(Registers.RSP, STACK_TOP);
    }

    /** A time stamp that grows by one at each reading. */
    private static final class Clock {
        private long now;

        long tick() {
            return ++now;
        }
    }

    /** Puts code at {@link #CODE}, an end behind it, and RIP on it. */
    CoreScene code(Consumer<Assembler> program) {
        Assembler asm = new Assembler(CODE);
        program.accept(asm);
        asm.interrupt(END_VECTOR);
        byte[] bytes = asm.assemble().bytes();
        memory.write(CODE, bytes, 0, bytes.length);
        core.registers().setRip(CODE);
        return this;
    }

    /** Sets a 64-bit register. */
    CoreScene set(Gpr register, long value) {
        core.registers().setGpr(register.number(), value);
        return this;
    }

    /** A register's value at the width of its name. */
    long get(Gpr register) {
        long value = core.registers().gpr(register.number());
        int unused = 64 - register.width();
        return value << unused >>> unused;
    }

    CpuExit run() {
        return core.run(new Budget(1_000_000));
    }

    /** Runs to the end of the program; fails on any other trap. */
    CoreScene runToEnd() {
        CpuExit exit = run();
        Trap last = notes.last();
        if (exit.kind() != CpuExit.Kind.STOPPED || last == null || last.vector() != END_VECTOR) {
            throw new AssertionError("the program did not reach its end: " + exit + ", " + notes.traps);
        }
        return this;
    }

    /** Runs until a trap, which it returns. */
    Trap runToTrap() {
        CpuExit exit = run();
        Trap last = notes.last();
        if (exit.kind() != CpuExit.Kind.STOPPED || last == null) {
            throw new AssertionError("no trap: " + exit);
        }
        return last;
    }

    /** The general registers, RIP and flags. */
    List<Long> state() {
        List<Long> state = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            state.add(core.registers().gpr(i));
        }
        state.add(core.registers().rip());
        state.add(core.registers().rflags());
        return state;
    }

    /** Identity mapping with rights by page; all pages are readable, writable and executable at first. */
    static final class Pages implements AddressTranslator {
        private final boolean[] absent = new boolean[FRAMES];
        private final boolean[] readOnly = new boolean[FRAMES];
        private @Nullable PageFault fault;

        void setAbsent(long linear, boolean value) {
            absent[(int) (linear >>> 12)] = value;
        }

        void setReadOnly(long linear, boolean value) {
            readOnly[(int) (linear >>> 12)] = value;
        }

        @Override
        public long translate(long linear, int access) {
            long page = linear >>> 12;
            if (page >= FRAMES || absent[(int) page]) {
                fault = new PageFault(linear, access, Reason.NOT_PRESENT, 1, 0, 0, 0);
                return FAULT;
            }
            if (readOnly[(int) page] && (access & Access.WRITE) != 0) {
                fault = new PageFault(linear, access | PageFault.PRESENT, Reason.NOT_WRITABLE, 1, 1, 0, 0);
                return FAULT;
            }
            return linear;
        }

        @Override
        public @Nullable PageFault fault() {
            return fault;
        }
    }

    /** Remembers traps and stops at each, except where a test resumes. */
    static final class Notes implements TrapHandler {
        final List<Trap> traps = new ArrayList<>();
        int syscalls;

        @Nullable
        Consumer<Trap> resumeWith;

        @Nullable
        Trap last() {
            return traps.isEmpty() ? null : traps.get(traps.size() - 1);
        }

        @Override
        public Disposition trap(Trap trap) {
            traps.add(trap);
            if (resumeWith == null || trap.vector() == END_VECTOR) {
                return Disposition.STOP;
            }
            resumeWith.accept(trap);
            return Disposition.RESUME;
        }

        @Override
        public Disposition syscall() {
            syscalls++;
            return Disposition.STOP;
        }

        @Override
        public boolean mayInterrupt(int vector) {
            return vector == END_VECTOR;
        }
    }

    /** The two flat segments of a PV kernel, and nothing else. */
    private static final class FlatDescriptors implements DescriptorTables {
        @Override
        public long descriptor(int selector) {
            return switch (selector | 3) {
                case KERNEL_CODE -> CODE_64;
                case KERNEL_STACK -> DATA_FLAT;
                default -> 0;
            };
        }

        @Override
        public @Nullable PageFault fault() {
            return null;
        }

        @Override
        public long systemRegister(SystemRegister register) {
            return register == SystemRegister.CR0 ? 0x8005_0033L : 0;
        }
    }

    /** A checksum of memory, for comparison. */
    long memoryHash() {
        byte[] bytes = new byte[FRAMES << 12];
        memory.read(0, bytes, 0, bytes.length);
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return checksum.getValue();
    }
}
