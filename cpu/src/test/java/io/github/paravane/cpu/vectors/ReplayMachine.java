package io.github.paravane.cpu.vectors;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.cpu.FlatMemory;
import io.github.paravane.cpu.X86Core;
import io.github.paravane.cpu.X86Cpuid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A core in the address space of the harness, with the segments of a Linux process and an LDT. */
final class ReplayMachine implements AddressTranslator, TrapHandler, DescriptorTables {
    static final long CODE = 0x1_0000;
    static final int CODE_SIZE = 0x3000;
    static final long DATA = 0x2_0000;
    static final long READ_ONLY = 0x2_3000;
    static final long ABSENT = 0x2_2000;
    static final long STACK = 0x3_E000;
    static final int SIZE = 0x2000;
    static final long DATA_WINDOW = 0x2_0F00;
    static final long STACK_WINDOW = 0x3_EF00;
    static final long EDGE_WINDOW = 0x2_1F80;

    static final int USER_32 = 0x23;
    static final int USER_DATA = 0x2B;
    static final int USER_64 = 0x33;

    private static final long EXECUTABLE = 1;
    private static final long WRITABLE = 2;
    private static final long PRESENT = 4;
    /** What each case begins with. */
    private static final int INT3 = 0xCC;

    private static final int UD2 = 0x0B0F;

    private final FlatMemory memory = new FlatMemory(0x40);
    private final byte[] pages = new byte[0x40];
    private final byte[] patternData = new byte[SIZE];
    private final byte[] patternStack = new byte[SIZE];
    private final List<Trap> traps = new ArrayList<>();
    private final CpuCore core;
    private final Registers registers;
    private final byte[] fx = new byte[512];
    private final byte[] filler = new byte[32];
    private @Nullable PageFault fault;

    ReplayMachine(X86Core.Translation translation) {
        Arrays.fill(pages, 0x10, 0x13, (byte) (PRESENT | EXECUTABLE));
        Arrays.fill(pages, 0x20, 0x22, (byte) (PRESENT | WRITABLE));
        pages[0x23] = (byte) PRESENT;
        Arrays.fill(pages, 0x3E, 0x40, (byte) (PRESENT | WRITABLE));
        byte[] code = new byte[CODE_SIZE];
        Arrays.fill(code, (byte) INT3);
        memory.write(CODE, code, 0, CODE_SIZE);
        Arrays.fill(filler, (byte) INT3);
        pattern(patternData, DATA);
        pattern(patternStack, STACK);
        byte[] readOnly = new byte[0x1000];
        pattern(readOnly, READ_ONLY);
        memory.write(READ_ONLY, readOnly, 0, readOnly.length);
        core = X86Core.factory(X86Core.ModifyFault.WRITE, translation)
                .create(new CpuEnvironment(memory, this, this, this, new X86Cpuid(), () -> 0x1234_5678_9ABCL));
        registers = core.registers();
    }

    static byte pattern(long linear) {
        return (byte) (linear * 31 + (linear >> 8) * 17);
    }

    private static void pattern(byte[] to, long linear) {
        for (int n = 0; n < to.length; n++) {
            to[n] = pattern(linear + n);
        }
    }

    /** Runs a case; {@code after} receives the outcome. */
    void run(Case before, Case after) {
        memory.write(DATA, patternData, 0, SIZE);
        memory.write(STACK, patternStack, 0, SIZE);
        memory.write(DATA_WINDOW, before.bytes, 8 * Case.DATA, 512);
        memory.write(STACK_WINDOW, before.bytes, 8 * Case.STACK, 512);
        memory.write(before.start, before.code, 0, before.length);
        // What follows ends the block: the core counts whole blocks, and INT3 would be executed.
        int room = (int) (CODE + CODE_SIZE - before.start - before.length);
        byte[] end = {(byte) UD2, (byte) (UD2 >>> 8)};
        memory.write(before.start + before.length, end, 0, Math.min(2, room));
        load(before);
        traps.clear();
        CpuExit exit = core.run(new Budget(1));
        while (traps.isEmpty() && exit instanceof CpuExit.BudgetSpent && registers.rip() == before.start) {
            exit = core.run(new Budget(1)); // REP is left and resumed
        }
        if (exit instanceof CpuExit.Unsupported unsupported) {
            throw unsupported.gap();
        }
        save(before, after);
        memory.write(before.start, filler, 0, Math.min(before.length + 2, (int) (CODE + CODE_SIZE - before.start)));
    }

    private void load(Case before) {
        Registers to = registers;
        for (int n = 0; n < 16; n++) {
            to.setGpr(n, before.gpr(n));
        }
        segment(Registers.CS, before.selector(Case.CS));
        segment(Registers.SS, before.selector(Case.SS));
        segment(Registers.DS, before.selector(Case.DS));
        segment(Registers.ES, before.selector(Case.ES));
        segment(Registers.FS, before.selector(Case.FS));
        segment(Registers.GS, before.selector(Case.GS));
        to.setSegmentBase(Registers.FS, before.word(Case.FS_BASE));
        to.setSegmentBase(Registers.GS, before.word(Case.GS_BASE));
        to.setRflags(before.word(Case.RFLAGS));
        to.setRip(before.start);
        System.arraycopy(before.bytes, 8 * Case.FX, fx, 0, 512);
        to.loadFpu(fx);
    }

    private void segment(int register, int selector) {
        registers.loadSegment(register, selector, descriptor(selector));
    }

    private void save(Case before, Case after) {
        after.start = before.start;
        after.length = before.length;
        after.compatibility = before.compatibility;
        for (int n = 0; n < 16; n++) {
            after.word(Case.GPR + n, registers.gpr(n));
        }
        after.word(Case.RFLAGS, registers.rflags());
        after.word(Case.FS_BASE, registers.segmentBase(Registers.FS));
        after.word(Case.GS_BASE, registers.segmentBase(Registers.GS));
        after.selector(Case.CS, registers.selector(Registers.CS));
        after.selector(Case.SS, registers.selector(Registers.SS));
        after.selector(Case.DS, registers.selector(Registers.DS));
        after.selector(Case.ES, registers.selector(Registers.ES));
        after.selector(Case.FS, registers.selector(Registers.FS));
        after.selector(Case.GS, registers.selector(Registers.GS));
        registers.saveFpu(fx);
        System.arraycopy(fx, 0, after.bytes, 8 * Case.FX, 512);
        memory.read(DATA_WINDOW, after.bytes, 8 * Case.DATA, 512);
        memory.read(STACK_WINDOW, after.bytes, 8 * Case.STACK, 512);
        memory.read(EDGE_WINDOW, after.bytes, 8 * Case.EDGE, 128);
        Outcome.normalise(after);
        long next = before.start + before.length;
        Trap trap = traps.isEmpty() ? null : traps.get(0);
        boolean complete = trap == null || (trap.vector() == Trap.UD && registers.rip() == next);
        Outcome.set(
                after,
                complete ? -1 : trap.vector(),
                complete || trap.kind() != Trap.Kind.FAULT ? 0 : trap.errorCode(),
                complete || trap.fault() == null ? 0 : trap.fault().linear(),
                registers.rip());
    }

    @Override
    public long translate(long linear, int access) {
        fault = null;
        long page = linear >>> MachineMemory.FRAME_SHIFT;
        int rights = page < pages.length ? pages[(int) page] : 0;
        boolean write = (access & Access.WRITE) != 0;
        boolean fetch = (access & Access.FETCH) != 0;
        if (rights != 0 && !(write && (rights & WRITABLE) == 0) && !(fetch && (rights & EXECUTABLE) == 0)) {
            return linear;
        }
        PageFault.Reason reason = rights == 0
                ? PageFault.Reason.NOT_PRESENT
                : write ? PageFault.Reason.NOT_WRITABLE : PageFault.Reason.NOT_EXECUTABLE;
        // Error code bits as in the access: W 1, U 2, I 4.
        int code = access & 0x16 | (rights != 0 ? 1 : 0);
        fault = new PageFault(linear, code, reason, 1, 0, -1, 0);
        return FAULT;
    }

    @Override
    public @Nullable PageFault fault() {
        return fault;
    }

    @Override
    public Disposition trap(Trap trap) {
        traps.add(trap);
        return Disposition.STOP;
    }

    @Override
    public Disposition syscall() {
        throw new IllegalStateException("no case makes system calls");
    }

    @Override
    public boolean mayInterrupt(int vector) {
        return vector == Trap.BP || vector == Trap.OF || vector == 0x80;
    }

    @Override
    public long descriptor(int selector) {
        return HostSegments.descriptor(selector);
    }

    @Override
    public long systemRegister(SystemRegister register) {
        return switch (register) {
            case CR0 -> 0x8005_0033L;
            case CR4 -> 1L << 16;
            default -> 0;
        };
    }
}
