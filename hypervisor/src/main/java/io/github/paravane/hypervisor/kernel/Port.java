package io.github.paravane.hypervisor.kernel;

import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.IretFrame;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.guest.StartInfo;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The port of a Java kernel: accesses at CPL 3 through the current tables, and SYSCALL. */
final class Port implements KernelPort {

    private static final int IRET = 23;
    private static final int IRET_FRAME = 72;
    private static final int[] ARGUMENTS = {
        Registers.RDI, Registers.RSI, Registers.RDX, Registers.R10, Registers.R8, Registers.R9
    };

    private final JavaKernelCore core;
    private final AddressTranslator translator;
    private final MachineMemory memory;
    private long startInfo;

    Port(JavaKernelCore core, CpuEnvironment environment) {
        this.core = core;
        this.translator = environment.translator();
        this.memory = environment.memory();
    }

    /** Where the start_info page is: RSI at the entry point. */
    void setStartInfo(long linear) {
        startInfo = linear;
    }

    @Override
    public StartInfo startInfo() {
        long at = startInfo;
        return new StartInfo(
                load(at + 32, 8),
                load(at + 40, 8),
                (int) load(at + 48, 4),
                load(at + 56, 8),
                (int) load(at + 64, 4),
                load(at + 72, 8),
                (int) load(at + 80, 4),
                load(at + 88, 8),
                load(at + 96, 8),
                load(at + 104, 8),
                load(at + 112, 8),
                load(at + 120, 8),
                text(at + 128));
    }

    private String text(long linear) {
        byte[] bytes = new byte[1024];
        int length = 0;
        for (int c; length < bytes.length && (c = (int) load(linear + length, 1)) != 0; length++) {
            bytes[length] = (byte) c;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public Registers registers() {
        return core.registers();
    }

    @Override
    public long faultAddress() {
        return core.faultAddress();
    }

    @Override
    public long handlerAddress(int handler) {
        return core.handlerAddress(handler);
    }

    @Override
    public long hypercall(int number, long... arguments) {
        if (arguments.length > ARGUMENTS.length) {
            throw new IllegalArgumentException("a hypercall has at most 6 arguments: " + arguments.length);
        }
        Registers registers = registers();
        registers.setGpr(Registers.RAX, number);
        for (int n = 0; n < arguments.length; n++) {
            registers.setGpr(ARGUMENTS[n], arguments[n]);
        }
        core.callHypervisor();
        return registers.gpr(Registers.RAX);
    }

    @Override
    public long load(long linear, int size) {
        return access(new PendingAccess(PendingAccess.Kind.LOAD, linear, size, 0, 0, false));
    }

    @Override
    public void store(long linear, int size, long value) {
        access(new PendingAccess(PendingAccess.Kind.STORE, linear, size, value, 0, false));
    }

    @Override
    public long compareExchange(long linear, long expected, long value, boolean locked) {
        return access(new PendingAccess(PendingAccess.Kind.COMPARE_EXCHANGE, linear, 8, value, expected, locked));
    }

    @Override
    public long exchange(long linear, long value) {
        return access(new PendingAccess(PendingAccess.Kind.EXCHANGE, linear, 8, value, 0, true));
    }

    @Override
    public void lockedAnd8(long linear, int mask) {
        access(new PendingAccess(PendingAccess.Kind.LOCKED_AND, linear, 1, mask & 0xFF, 0, true));
    }

    @Override
    public void iret(IretFrame frame) {
        Objects.requireNonNull(frame, "frame");
        Registers registers = registers();
        long at = registers.gpr(Registers.RSP) - IRET_FRAME;
        long[] words = {
            frame.rax(),
            frame.r11(),
            frame.rcx(),
            frame.flags(),
            frame.rip(),
            frame.cs(),
            frame.rflags(),
            frame.rsp(),
            frame.ss()
        };
        for (int n = 0; n < words.length; n++) {
            store(at + 8L * n, 8, words[n]);
        }
        registers.setGpr(Registers.RSP, at);
        registers.setGpr(Registers.RAX, IRET);
        core.leaveByIret();
    }

    /** Does an access as one instruction would: translated once, done again after each fault that was resolved. */
    private long access(PendingAccess access) {
        checkForm(access);
        while (true) {
            if (!LinearAddress.isCanonical(access.linear)) {
                core.raise(Trap.fault(Trap.GP, 0));
                continue;
            }
            long maddr = translator.translate(access.linear, Access.USER | (access.writes() ? Access.WRITE : 0));
            if (maddr != AddressTranslator.FAULT) {
                access.perform(new MemoryBytes(maddr));
                return access.found();
            }
            core.setPending(access);
            core.raise(Trap.pageFault(Objects.requireNonNull(translator.fault(), "fault")));
            core.setPending(null);
            if (core.isDone()) {
                registers().setRip(core.actingAddress());
                return access.found();
            }
        }
    }

    private static void checkForm(PendingAccess access) {
        if (Integer.bitCount(access.size) != 1 || access.size > 8) {
            throw new IllegalArgumentException("access size is not 1, 2, 4 or 8: " + access.size);
        }
        if ((access.linear & 0xFFF) + access.size > 0x1000) {
            throw new IllegalArgumentException("access crosses a page: 0x" + Long.toHexString(access.linear));
        }
    }

    /** Machine memory at one place. */
    private final class MemoryBytes implements PendingAccess.Bytes {

        private final long maddr;

        MemoryBytes(long maddr) {
            this.maddr = maddr;
        }

        @Override
        public long read(int size) {
            return switch (size) {
                case 1 -> memory.readU8(maddr);
                case 2 -> memory.readU16(maddr);
                case 4 -> memory.readU32(maddr) & 0xFFFF_FFFFL;
                default -> memory.readU64(maddr);
            };
        }

        @Override
        public void write(int size, long value) {
            switch (size) {
                case 1 -> memory.writeU8(maddr, (int) value);
                case 2 -> memory.writeU16(maddr, (int) value);
                case 4 -> memory.writeU32(maddr, (int) value);
                default -> memory.writeU64(maddr, value);
            }
        }
    }
}
