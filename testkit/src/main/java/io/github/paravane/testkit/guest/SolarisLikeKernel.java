package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.IretFrame;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel with the habits of 64-bit Solaris on Xen in 2007: a kernel and a user root table, leaf entries written in a
 * chosen way, system calls through the syscall callback, processes that run one after another (solaris-and-linux-guests,
 * A and B). It acts through the public ABI only.
 *
 * <p>Before each process it does what a context switch does, NEW_BASEPTR and NEW_USER_BASEPTR in one call, and then, as
 * the kernel's exec and return path would, loads from the addresses given to {@link #touchBeforeReturn}.
 */
public final class SolarisLikeKernel implements GuestKernel {

    /** System call that does nothing. */
    public static final int SYS_NOTHING = 1;

    /** System call that reports RDI. */
    public static final int SYS_REPORT = 2;

    /** System call that ends the process. */
    public static final int SYS_EXIT = 3;

    /** Where user code lies. */
    public static final long USER_CODE = 0x40_0000;

    /** Where a user page for data lies. */
    public static final long USER_DATA = 0x60_0000;

    /** KERNEL_TEXT of amd64 Solaris on Xen. */
    public static final long KERNEL_TEXT = 0xFFFF_FFFF_FB80_0000L;

    private static final int SET_TRAP_TABLE = 0;
    private static final int STACK_SWITCH = 3;
    private static final int SET_CALLBACKS = 4;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;
    private static final int SCHED_OP = 29;
    private static final int PIN_L4 = 3;
    private static final int NEW_BASEPTR = 5;
    private static final int NEW_USER_BASEPTR = 15;
    private static final int WRITABLE_PAGETABLES = 2;
    private static final long SELF = 0x7FF0;
    private static final long KERNEL_SS = 0xE02B;
    private static final long USER_CS = 0xE033;
    private static final long USER_STACK = 0x70_0000;
    private static final long KERNEL_LEAF = Pte.PRESENT | Pte.RW | Pte.ACCESSED | Pte.DIRTY;
    private static final int SHUTDOWN_CRASH = 3;
    private static final int VECTORS = 32;
    private static final int SYSCALL = 100;
    private static final int EVENT = 101;
    private static final int FAILSAFE = 102;

    private final Settings settings;
    private final Deque<Run> queue = new ArrayDeque<>();
    private final Map<Long, PteWrite> kernelPages = new LinkedHashMap<>();
    private final Map<Long, Long> leaves = new LinkedHashMap<>();
    private final List<Long> touched = new ArrayList<>();
    private final List<Long> reported = new ArrayList<>();
    private final Map<String, ProcessEnd> ends = new LinkedHashMap<>();
    private Consumer<String> marks = name -> {};
    private @Nullable Process process;
    private @Nullable String panic;

    /**
     * The habits.
     *
     * @param userOnKernelPages sets PT_USER on entries of kernel pages, as Solaris did before its fix
     * @param trustsFrameRcxR11 takes the user's RIP and RFLAGS from the RCX and R11 slots of a syscall frame, as Solaris
     *     did before its fix, instead of the RIP and RFLAGS slots
     * @param pteWrite how it writes leaf entries
     */
    public record Settings(boolean userOnKernelPages, boolean trustsFrameRcxR11, PteWrite pteWrite) {

        public Settings {
            Objects.requireNonNull(pteWrite, "pteWrite");
        }
    }

    private record Run(String name, byte[] code) {}

    /** What exists once the kernel has booted. */
    private record Process(KernelSpace space, long userRoot, long codePage, long stackTop) {}

    public SolarisLikeKernel(Settings settings) {
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /** Maps a page of kernel heap at boot, its entry written in the way of the settings. */
    public SolarisLikeKernel mapKernelPage(long linear) {
        return mapKernelPage(linear, settings.pteWrite);
    }

    /** Maps a page of kernel heap at boot, its entry written in a way of its own. */
    public SolarisLikeKernel mapKernelPage(long linear, PteWrite how) {
        kernelPages.put(linear & ~0xFFFL, Objects.requireNonNull(how, "how"));
        return this;
    }

    /** Loads from an address before every return to a new process. */
    public SolarisLikeKernel touchBeforeReturn(long linear) {
        touched.add(linear);
        return this;
    }

    /** Adds a process to run; {@link UserProgram} has some. */
    public SolarisLikeKernel run(String name, byte[] code) {
        queue.add(new Run(name, code.clone()));
        return this;
    }

    /** Calls {@code marker} with a process's name before it starts and when it has ended. */
    public SolarisLikeKernel onMark(Consumer<String> marker) {
        marks = Objects.requireNonNull(marker, "marker");
        return this;
    }

    /** How the processes ended, by name. */
    public Map<String, ProcessEnd> ends() {
        return Collections.unmodifiableMap(ends);
    }

    /** The stored leaf entries of the kernel pages and of {@link #USER_DATA}, by linear address, as read after boot. */
    public Map<Long, Long> leaves() {
        return Collections.unmodifiableMap(leaves);
    }

    /** Why the kernel gave up, or null. */
    public @Nullable String panic() {
        return panic;
    }

    @Override
    public GuestImage image() {
        Assembler asm = new Assembler(KERNEL_TEXT);
        asm.named("start").ud2();
        return GuestImage.of(PvKernelImage.of(asm.assemble()).entry("start").toElf());
    }

    @Override
    public void boot(KernelPort port) {
        long kernelBits = settings.userOnKernelPages ? Pte.USER : 0;
        KernelSpace space = new KernelSpace(port, KERNEL_TEXT, kernelBits);
        registerHandlers(port, space);
        port.hypercall(VM_ASSIST, 0, WRITABLE_PAGETABLES);
        long stackTop = space.allocate() + 4096;
        KernelSpace.check("stack_switch", port.hypercall(STACK_SWITCH, KERNEL_SS, stackTop));
        for (Map.Entry<Long, PteWrite> each : kernelPages.entrySet()) {
            long table = space.leafTable(space.root(), each.getKey());
            long entry = Pte.of(space.mfn(space.allocate()), KERNEL_LEAF | kernelBits);
            space.write(table, each.getKey(), entry, each.getValue());
            leaves.put(each.getKey(), space.entry(table, each.getKey()));
        }
        long userRoot = space.allocate();
        space.protect(userRoot);
        extended(port, space, PIN_L4, space.mfn(userRoot));
        long userTable = space.leafTable(space.root(), USER_CODE);
        space.share(space.root(), userRoot, USER_CODE);
        long codePage = mapUser(space, userTable, USER_CODE);
        mapUser(space, userTable, USER_STACK);
        mapUser(space, userTable, USER_DATA);
        leaves.put(USER_DATA, space.entry(userTable, USER_DATA));
        process = new Process(space, userRoot, codePage, USER_STACK + 4096);
        for (long page : kernelPages.keySet()) {
            port.store(page, 8, page);
        }
        next(port);
    }

    private void registerHandlers(KernelPort port, KernelSpace space) {
        long table = space.requestPage();
        for (int vector = 0; vector < VECTORS; vector++) {
            port.store(table, 8, vector | USER_CS << 16);
            port.store(table + 8, 8, port.handlerAddress(vector));
            port.store(table + 24, 8, 0);
            KernelSpace.check("set_trap_table", port.hypercall(SET_TRAP_TABLE, table));
        }
        KernelSpace.check(
                "set_callbacks",
                port.hypercall(
                        SET_CALLBACKS,
                        port.handlerAddress(EVENT),
                        port.handlerAddress(FAILSAFE),
                        port.handlerAddress(SYSCALL)));
    }

    private long mapUser(KernelSpace space, long table, long linear) {
        long page = space.allocate();
        space.write(table, linear, Pte.of(space.mfn(page), KERNEL_LEAF | Pte.USER), settings.pteWrite);
        return page;
    }

    /** One mmuext_op command on a frame. */
    private static void extended(KernelPort port, KernelSpace space, int command, long mfn) {
        long request = space.requestPage();
        port.store(request, 8, command);
        port.store(request + 8, 8, mfn);
        KernelSpace.check("mmuext_op " + command, port.hypercall(MMUEXT_OP, request, 1, 0, SELF));
    }

    /** Switches to the next process, or powers off after the last. */
    private void next(KernelPort port) {
        Process booted = Objects.requireNonNull(process, "process");
        Run run = queue.peek();
        if (run == null) {
            shutDown(port, 0);
            return;
        }
        reported.clear();
        for (int n = 0; n < run.code.length; n++) {
            port.store(booted.codePage + n, 1, run.code[n] & 0xFF);
        }
        KernelSpace space = booted.space;
        long request = space.requestPage();
        port.store(request, 8, NEW_BASEPTR);
        port.store(request + 8, 8, space.mfn(space.root()));
        port.store(request + 24, 8, NEW_USER_BASEPTR);
        port.store(request + 32, 8, space.mfn(booted.userRoot));
        KernelSpace.check("context switch", port.hypercall(MMUEXT_OP, request, 2, 0, SELF));
        for (long linear : touched) {
            port.load(linear, 8);
        }
        marks.accept(run.name);
        port.iret(new IretFrame(0, 0, 0, 0, USER_CODE, USER_CS, 2, booted.stackTop, KERNEL_SS));
    }

    @Override
    public void entered(KernelPort port, KernelEntry entry) {
        long frame = entry.frame();
        if (entry.handler() == SYSCALL) {
            systemCall(port, frame);
        } else if (entry.handler() == EVENT) {
            resume(port, frame, 0, port.load(frame + 16, 8), port.load(frame + 32, 8));
        } else {
            exception(port, entry.handler(), Trap.hasErrorCode(entry.handler()) ? frame + 8 : frame, frame);
        }
    }

    private void systemCall(KernelPort port, long frame) {
        int number = (int) port.registers().gpr(Registers.RAX);
        if (number == SYS_EXIT) {
            end(port, new ProcessEnd(reported, -1, 0, 0, 0));
            return;
        }
        if (number == SYS_REPORT) {
            reported.add(port.registers().gpr(Registers.RDI));
        }
        boolean old = settings.trustsFrameRcxR11;
        long rip = port.load(frame + (old ? 0 : 16), 8);
        long rflags = port.load(frame + (old ? 8 : 32), 8) & 0xFFFF_FFFFL;
        resume(port, frame, 0, rip, rflags);
    }

    private static void resume(KernelPort port, long frame, long rax, long rip, long rflags) {
        port.iret(new IretFrame(
                rax,
                port.load(frame + 8, 8),
                port.load(frame, 8),
                0,
                rip,
                port.load(frame + 24, 8) & 0xFFFF,
                rflags,
                port.load(frame + 40, 8),
                port.load(frame + 48, 8)));
    }

    /** Kills the process that raised an exception; one of the kernel's own is a panic. */
    private void exception(KernelPort port, int vector, long shifted, long frame) {
        long errorCode = shifted == frame ? 0 : port.load(frame + 16, 8);
        long rip = port.load(shifted + 16, 8);
        boolean fromUser = (port.load(shifted + 24, 8) & 3) == 3;
        if (!fromUser) {
            panic = "vector " + vector + ", error code " + Long.toHexString(errorCode) + ", rip "
                    + Long.toHexString(rip);
            shutDown(port, SHUTDOWN_CRASH);
            return;
        }
        long address = vector == Trap.PF ? port.faultAddress() : 0;
        end(port, new ProcessEnd(reported, vector, errorCode, address, port.load(shifted + 32, 8)));
    }

    private void end(KernelPort port, ProcessEnd end) {
        Run run = queue.remove();
        ends.put(run.name, end);
        marks.accept(run.name);
        next(port);
    }

    private void shutDown(KernelPort port, int reason) {
        long request = Objects.requireNonNull(process, "process").space.requestPage();
        port.store(request, 8, reason);
        port.hypercall(SCHED_OP, 2, request);
    }
}
