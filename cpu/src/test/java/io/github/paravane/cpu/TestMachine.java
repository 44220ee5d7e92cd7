package io.github.paravane.cpu;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A core on fake neighbours: linear addresses are machine addresses, unmapped or read-only where a test says so; traps
 * are recorded and stop the run.
 */
final class TestMachine implements AddressTranslator, TrapHandler, DescriptorTables {
    static final int CODE = 0x1_0000;
    static final int DATA = 0x2_0000;
    static final int STACK = 0x4_0000;
    static final long LDT = 0xFFFF_8000_1234_6000L;
    static final long CODE_64 = 0x00AF_FB00_0000_FFFFL;
    static final long CODE_32 = 0x00CF_FB00_0000_FFFFL;
    static final long DATA_SEGMENT = 0x00CF_F300_0000_FFFFL;

    final FlatMemory memory = new FlatMemory(0x80);
    final List<Trap> traps = new ArrayList<>();
    final boolean[] absent = new boolean[0x80];
    final boolean[] readOnly = new boolean[0x80];
    final boolean[] noExecute = new boolean[0x80];
    final long[] mapping = new long[0x80];
    final Map<Integer, Long> descriptors = new TreeMap<>();
    final CpuCore core;
    final Registers registers;
    boolean ldtFaults;
    long cr4 = 1L << 16;
    long cr0 = 0x8005_003BL;
    int syscalls;
    private @Nullable PageFault fault;

    TestMachine() {
        this(X86Core.Translation.REGIONS);
    }

    TestMachine(X86Core.Translation translation) {
        for (int n = 0; n < mapping.length; n++) {
            mapping[n] = n;
        }
        descriptors.put(0xE033, CODE_64);
        descriptors.put(0xE023, CODE_32);
        descriptors.put(0xE02B, DATA_SEGMENT);
        core = X86Core.factory(X86Core.ModifyFault.WRITE, translation)
                .create(new CpuEnvironment(memory, this, this, this, new X86Cpuid(), () -> 0x1234_5678_9ABCL));
        registers = core.registers();
        registers.loadSegment(Registers.CS, 0xE033, CODE_64);
        registers.loadSegment(Registers.SS, 0xE02B, DATA_SEGMENT);
        registers.setRip(CODE);
        registers.setGpr(Registers.RSP, STACK);
        registers.setRflags(0x202);
    }

    /** Puts code, hexadecimal, at {@link #CODE}. */
    TestMachine code(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        memory.write(CODE, bytes, 0, bytes.length);
        return this;
    }

    /** Runs at most {@code instructions}. */
    CpuExit run(long instructions) {
        return core.run(new Budget(instructions));
    }

    @Override
    public long translate(long linear, int access) {
        fault = null;
        long page = linear >>> 12;
        boolean present = page >= 0 && page < mapping.length && !absent[(int) page];
        boolean write = (access & Access.WRITE) != 0;
        if (present && (access & Access.FETCH) != 0 && noExecute[(int) page]) {
            fault = new PageFault(linear, access | 1, PageFault.Reason.NOT_EXECUTABLE, 1, 0, -1, 0);
            return FAULT;
        }
        if (!present || (write && readOnly[(int) page])) {
            PageFault.Reason reason = present ? PageFault.Reason.NOT_WRITABLE : PageFault.Reason.NOT_PRESENT;
            fault = new PageFault(linear, access | (present ? 1 : 0), reason, 1, 0, -1, 0);
            return FAULT;
        }
        return mapping[(int) page] << 12 | (linear & 0xFFF);
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
        syscalls++;
        return Disposition.STOP;
    }

    @Override
    public boolean mayInterrupt(int vector) {
        return vector == 0x80;
    }

    @Override
    public long descriptor(int selector) {
        fault = null;
        if (ldtFaults && (selector & 4) != 0) {
            fault = new PageFault(LDT, 0, PageFault.Reason.NOT_PRESENT, 1, 0, -1, 0);
            return 0;
        }
        return descriptors.getOrDefault(selector | 3, 0L);
    }

    @Override
    public void accessed(int selector) {
        descriptors.merge(selector | 3, ACCESSED, (a, b) -> a | b);
    }

    @Override
    public long systemRegister(SystemRegister register) {
        return switch (register) {
            case CR4 -> cr4;
            case CR0 -> cr0;
            case GDT_BASE, IDT_BASE -> 0xFFFF_8000_1234_5000L;
            default -> 0x1234;
        };
    }
}
