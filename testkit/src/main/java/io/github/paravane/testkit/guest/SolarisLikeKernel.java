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
 * the kernel's exec and return path would, calls the functions given with {@link KernelFunction.Path#RETURN_TO_USER}.
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
    private static final int XEN_VERSION = 17;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;
    private static final int SCHED_OP = 29;
    private static final int VERSION = 0;
    private static final int EXTRA_VERSION = 1;
    private static final int PIN_L4 = 3;
    private static final int NEW_BASEPTR = 5;
    private static final int INVLPG_LOCAL = 7;
    private static final int NEW_USER_BASEPTR = 15;
    private static final int WRITABLE_PAGETABLES = 2;
    private static final long SELF = 0x7FF0;
    private static final long KERNEL_SS = 0xE02B;
    private static final long USER_CS = 0xE033;
    private static final long USER_STACK = 0x70_0000;
    private static final long KERNEL_LEAF = Pte.PRESENT | Pte.RW | Pte.ACCESSED | Pte.DIRTY;
    private static final long RFLAGS_IF = 0x202;
    private static final int SHUTDOWN_CRASH = 3;
    private static final int VECTORS = 32;
    private static final int SYSCALL = 100;
    private static final int EVENT = 101;
    private static final int FAILSAFE = 102;

    private final Settings settings;
    private final Deque<Run> queue = new ArrayDeque<>();
    private final Map<Long, PteWrite> kernelPages = new LinkedHashMap<>();
    private final Map<Long, Mapping> mappings = new LinkedHashMap<>();
    private final List<KernelFunction> functions = new ArrayList<>();
    private final List<KernelObject> objects = new ArrayList<>();
    private final List<Long> invalidated = new ArrayList<>();
    private final List<Long> reported = new ArrayList<>();
    private final List<SyscallFrame> frames = new ArrayList<>();
    private final Map<String, ProcessEnd> ends = new LinkedHashMap<>();
    private Consumer<String> marks = name -> {};
    private Consumer<KernelFunction> probe = function -> {};
    private @Nullable KernelSpace space;
    private @Nullable Process process;
    private @Nullable String panic;

    /**
     * The habits.
     *
     * @param userOnKernelPages whether entries of kernel pages get PT_USER
     * @param trustsFrameRcxR11 takes the user's RIP and RFLAGS from the RCX and R11 slots of a syscall frame, as Solaris
     *     did before its fix, instead of the RIP and RFLAGS slots
     * @param pteWrite how it writes leaf entries
     */
    public record Settings(KernelUserBit userOnKernelPages, boolean trustsFrameRcxR11, PteWrite pteWrite) {

        public Settings {
            Objects.requireNonNull(userOnKernelPages, "userOnKernelPages");
            Objects.requireNonNull(pteWrite, "pteWrite");
        }
    }

    private record Run(String name, byte[] code) {}

    /** What exists once the kernel has booted. */
    private record Process(long userRoot, long codePage, long stackTop) {}

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

    /** Puts an object on the kernel's heap; its page is mapped if it is not yet, its first word holds its address. */
    public SolarisLikeKernel allocate(KernelObject object) {
        objects.add(object);
        kernelPages.putIfAbsent(object.linear() & ~0xFFFL, settings.pteWrite);
        return this;
    }

    /** Adds a function, which is called on its path after those added before it. */
    public SolarisLikeKernel calls(KernelFunction function) {
        functions.add(Objects.requireNonNull(function, "function"));
        return this;
    }

    /** Invalidates a page with INVLPG_LOCAL right before every return to a new process. */
    public SolarisLikeKernel invalidateBeforeReturn(long linear) {
        invalidated.add(linear);
        return this;
    }

    /** Adds a process to run, also from a {@link #onMark marker}; {@link UserProgram} has some. */
    public SolarisLikeKernel run(String name, byte[] code) {
        queue.add(new Run(name, code.clone()));
        return this;
    }

    /** Calls {@code marker} with a process's name when it is about to start and when it has ended. */
    public SolarisLikeKernel onMark(Consumer<String> marker) {
        marks = Objects.requireNonNull(marker, "marker");
        return this;
    }

    /** A function-entry probe: {@code listener} is told each call of a {@link KernelFunction}. */
    public SolarisLikeKernel onEntry(Consumer<KernelFunction> listener) {
        probe = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** How the processes ended, by name. */
    public Map<String, ProcessEnd> ends() {
        return Collections.unmodifiableMap(ends);
    }

    /** How kernel pages and {@link #USER_DATA} are mapped, by page, as the kernel read its tables at the end of boot. */
    public Map<Long, Mapping> mappings() {
        return Collections.unmodifiableMap(mappings);
    }

    /** The frames of the system calls so far. */
    public List<SyscallFrame> frames() {
        return Collections.unmodifiableList(frames);
    }

    /** What {@code ::whatis} says of an address. */
    public String whatis(long address) {
        return objects.stream()
                .filter(object -> object.contains(address))
                .findFirst()
                .map(object -> object.whatis(address))
                .orElse(Long.toHexString(address) + " is unknown");
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
        long kernelBits = setsUser(port) ? Pte.USER : 0;
        KernelSpace made = new KernelSpace(port, KERNEL_TEXT, kernelBits);
        space = made;
        registerHandlers(port, made);
        KernelSpace.check("vm_assist", port.hypercall(VM_ASSIST, 0, WRITABLE_PAGETABLES));
        long stackTop = made.allocate() + 4096;
        KernelSpace.check("stack_switch", port.hypercall(STACK_SWITCH, KERNEL_SS, stackTop));
        for (Map.Entry<Long, PteWrite> each : kernelPages.entrySet()) {
            map(made, each.getKey(), made.allocate(), kernelBits, each.getValue());
        }
        long userRoot = made.allocate();
        made.protect(userRoot);
        extended(port, PIN_L4, made.mfn(userRoot));
        long codePage = made.allocate();
        map(made, USER_CODE, codePage, Pte.USER, settings.pteWrite);
        map(made, USER_STACK, made.allocate(), Pte.USER, settings.pteWrite);
        map(made, USER_DATA, made.allocate(), Pte.USER, settings.pteWrite);
        made.share(made.root(), userRoot, USER_CODE);
        process = new Process(userRoot, codePage, USER_STACK + 4096);
        for (KernelObject each : objects) {
            port.store(each.linear(), 8, each.linear());
        }
        next(port);
    }

    /** Whether entries of kernel pages get U/S. */
    private boolean setsUser(KernelPort port) {
        return switch (settings.userOnKernelPages) {
            case SET -> true;
            case CLEAR -> false;
            case BY_VERSION -> losesUser(port);
        };
    }

    /** pt_kern's rule: 3.0, 3.1.0 and 3.1.1. */
    private static boolean losesUser(KernelPort port) {
        long version = port.hypercall(XEN_VERSION, VERSION);
        // The boot stack is the one page that a kernel has before it knows how to map others.
        long buffer = port.registers().gpr(Registers.RSP) - 64;
        port.hypercall(XEN_VERSION, EXTRA_VERSION, buffer);
        long revision = port.load(buffer + 1, 1) - '0';
        return version == 0x3_0000 || version == 0x3_0001 && revision < 2;
    }

    private void map(KernelSpace in, long linear, long page, long bits, PteWrite how) {
        long table = in.leafTable(in.root(), linear);
        in.write(table, linear, Pte.of(in.mfn(page), KERNEL_LEAF | bits), how);
        mappings.put(linear, in.mapping(in.root(), linear));
    }

    private static void registerHandlers(KernelPort port, KernelSpace space) {
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

    private KernelSpace space() {
        return Objects.requireNonNull(space, "space");
    }

    /** One mmuext_op command with one argument. */
    private void extended(KernelPort port, int command, long argument) {
        long request = space().requestPage();
        port.store(request, 8, command);
        port.store(request + 8, 8, argument);
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
        marks.accept(run.name);
        long request = space().requestPage();
        port.store(request, 8, NEW_BASEPTR);
        port.store(request + 8, 8, space().mfn(space().root()));
        port.store(request + 24, 8, NEW_USER_BASEPTR);
        port.store(request + 32, 8, space().mfn(booted.userRoot));
        KernelSpace.check("context switch", port.hypercall(MMUEXT_OP, request, 2, 0, SELF));
        walkPath(port, KernelFunction.Path.RETURN_TO_USER);
        for (long linear : invalidated) {
            extended(port, INVLPG_LOCAL, linear);
        }
        port.iret(new IretFrame(0, 0, 0, 0, USER_CODE, USER_CS, RFLAGS_IF, booted.stackTop, KERNEL_SS));
    }

    /** Calls the functions of a path. */
    private void walkPath(KernelPort port, KernelFunction.Path path) {
        for (KernelFunction each : functions) {
            if (each.path() == path) {
                probe.accept(each);
                port.load(each.arg0(), 8);
            }
        }
    }

    @Override
    public void entered(KernelPort port, KernelEntry entry) {
        int handler = entry.handler();
        if (handler == SYSCALL) {
            systemCall(port, SyscallFrame.read(port, entry.frame()));
        } else if (handler == EVENT) {
            SyscallFrame frame = SyscallFrame.read(port, entry.frame());
            resume(port, frame, frame.rip(), frame.rflags());
        } else if (handler == FAILSAFE) {
            fail(port, "failsafe callback");
        } else {
            exception(port, handler, entry.frame());
        }
    }

    private void systemCall(KernelPort port, SyscallFrame frame) {
        frames.add(frame);
        int number = (int) port.registers().gpr(Registers.RAX);
        long argument = port.registers().gpr(Registers.RDI);
        walkPath(port, KernelFunction.Path.SYSCALL);
        if (number == SYS_EXIT) {
            end(port, new ProcessEnd(reported, -1, 0, 0, 0));
            return;
        }
        if (number == SYS_REPORT) {
            reported.add(argument);
        }
        if (settings.trustsFrameRcxR11) {
            // Pre-fix Solaris keeps the flags in 64 bits and returns with what it kept.
            resume(port, frame, frame.rcx(), frame.r11() & 0xFFFF_FFFFL);
        } else {
            resume(port, frame, frame.rip(), frame.rflags());
        }
    }

    private static void resume(KernelPort port, SyscallFrame frame, long rip, long rflags) {
        port.iret(new IretFrame(
                0, frame.r11(), frame.rcx(), 0, rip, frame.cs() & 0xFFFF, rflags, frame.rsp(), frame.ss()));
    }

    /** Kills the process that raised an exception; one of the kernel's own is a panic. */
    private void exception(KernelPort port, int vector, long frame) {
        boolean hasErrorCode = Trap.hasErrorCode(vector);
        long rest = frame + (hasErrorCode ? 24 : 16);
        long errorCode = hasErrorCode ? port.load(frame + 16, 8) : 0;
        long address = vector == Trap.PF ? port.faultAddress() : 0;
        if ((port.load(rest + 8, 8) & 3) != 3) {
            fail(port, "vector %d, error code %x, address %x".formatted(vector, errorCode, address));
            return;
        }
        end(port, new ProcessEnd(reported, vector, errorCode, address, port.load(rest + 16, 8)));
    }

    private void end(KernelPort port, ProcessEnd end) {
        Run run = queue.remove();
        ends.put(run.name, end);
        marks.accept(run.name);
        next(port);
    }

    private void fail(KernelPort port, String why) {
        panic = why;
        shutDown(port, SHUTDOWN_CRASH);
    }

    private void shutDown(KernelPort port, int reason) {
        long request = port.registers().gpr(Registers.RSP) - 64;
        port.store(request, 8, reason);
        port.hypercall(SCHED_OP, 2, request);
    }
}
