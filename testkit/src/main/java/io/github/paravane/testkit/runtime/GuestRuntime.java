package io.github.paravane.testkit.runtime;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A PV kernel in the making: start of day, console, traps, frame look-ups, and between them the code of an experiment.
 *
 * <pre>{@code
 * GuestRuntime guest = new GuestRuntime();
 * Label page = guest.page("page");
 * guest.asm().lea(RAX, ptr(page));
 * guest.machineFrame();                       // RAX: the mfn of the page
 * guest.print("the page is frame ").printHex(RAX).print("\n");
 * guest.shutDown();
 * byte[] kernel = guest.toElf();
 * }</pre>
 *
 * <p>Code is emitted where the calls are made, at virtual addresses from {@link #BASE}. Printing keeps every register;
 * a hypercall clobbers RAX, RCX and R11, as SYSCALL does; what other methods change is said there. The kernel has
 * writable page tables enabled, a handler for every vector and callback, and a user base table equal to the kernel's,
 * so that code at any label can be entered in user mode. Not safe for use by several threads.
 */
public final class GuestRuntime {

    /** Where pfn 0 is mapped, and the first byte of the kernel. */
    public static final long BASE = 0xFFFF_FFFF_8000_0000L;

    /** The machine-to-physical table (Xen public/arch-x86/xen-x86_64.h, MACH2PHYS_VIRT_START). */
    public static final long M2P = 0xFFFF_8000_0000_0000L;

    /** DOMID_SELF. */
    public static final int DOMID_SELF = 0x7FF0;

    private static final int PAGE = 4096;
    private static final int SHARED_INFO = 40;
    private static final int FLAGS = 48;
    private static final int CONSOLE_MFN = 72;
    private static final int CONSOLE_EVENT = 80;
    private static final int PT_BASE = 88;
    private static final int MFN_LIST = 104;
    private static final int EVENT_MASK = 2560;
    private static final int EVENT_MASK_WORDS = 64;

    private final Assembler asm = new Assembler(BASE);
    private final List<Label> pages = new ArrayList<>();
    private final List<Runnable> data = new ArrayList<>();
    private final GuestConsole console;
    private final GuestTraps traps;
    private final GuestTables tables;
    private final Label startInfo = asm.label("start_info");
    private final Label reason = asm.label("shutdown_reason");
    private final Label extraOperation = asm.label("mmuext_operation");
    private final Label updateRequest = asm.label("mmu_update_request");
    private int texts;

    /** Starts a kernel: what follows is its main program, entered in kernel mode with the stack of {@link #stack}. */
    public GuestRuntime() {
        Label start = asm.here("start");
        Objects.requireNonNull(start, "start");
        console = new GuestConsole(asm, data);
        traps = new GuestTraps(asm, data, this);
        tables = new GuestTables(asm, data);
        data.add(() -> asm.align(8)
                .bind(startInfo)
                .u64(0)
                .bind(reason)
                .u64(0)
                .bind(extraOperation)
                .zeros(24)
                .bind(updateRequest)
                .zeros(16));
        startOfDay();
    }

    private void startOfDay() {
        asm.cld().lea(RSP, ptr(stack(), PAGE)).mov(ptr(startInfo), RSI).mov(RBX, RSI);
        asm.mov(RAX, ptr(RBX, MFN_LIST)).mov(ptr(tables.machineFrames()), RAX);
        asm.mov(RAX, ptr(RBX, PT_BASE)).mov(ptr(tables.topTable()), RAX);
        console.start(ptr(RBX, FLAGS), ptr(RBX, CONSOLE_MFN), ptr(RBX, CONSOLE_EVENT), tables.machineFrames());
        // shared_info, for vcpu_info: P, RW, and U/S, which the guest has to set itself on Xen 3.0.2
        Label shared = page("shared_info");
        asm.mov(RSI, ptr(RBX, SHARED_INFO)).or(RSI, 7);
        asm.lea(RDI, ptr(shared)).mov(EDX, 2);
        hypercall(Hypercalls.UPDATE_VA_MAPPING);
        // no event before the program asks for one: evtchn_mask all ones
        asm.lea(RDI, ptr(shared, EVENT_MASK))
                .mov(ECX, EVENT_MASK_WORDS)
                .mov(RAX, -1)
                .rep()
                .stos(64);
        traps.register();
        call(Hypercalls.VM_ASSIST, 0, 2);
        asm.mov(RAX, ptr(tables.topTable()));
        machineFrame();
        asm.mov(RDX, RAX);
        extended(Hypercalls.NEW_USER_BASEPTR, RDX);
    }

    /** The assembler that everything is written to. */
    public Assembler asm() {
        return asm;
    }

    /** A page of zeros behind the code; {@code name} is new in this kernel. */
    public Label page(String name) {
        Label label = asm.label(name);
        pages.add(label);
        return label;
    }

    /** Places data behind the code. */
    public GuestRuntime data(Runnable directives) {
        data.add(Objects.requireNonNull(directives, "directives"));
        return this;
    }

    /** The page of the kernel's stack, which begins at its end. */
    public Label stack() {
        return traps.stack();
    }

    /** The page that user mode may use as stack, beginning at its end. */
    public Label userStack() {
        return traps.userStack();
    }

    /** Where the address of start_info is kept. */
    public Memory startInfo() {
        return qword(ptr(startInfo));
    }

    /** The page where shared_info is mapped; vcpu_info of vCPU 0 is at its start. */
    public Label sharedInfo() {
        return pages.stream()
                .filter(page -> page.name().equals("shared_info"))
                .findFirst()
                .orElseThrow();
    }

    /** SYSCALL with a hypercall's number; arguments are in RDI, RSI, RDX, R10, R8. Clobbers RAX (result), RCX, R11. */
    public GuestRuntime hypercall(int number) {
        asm.mov(EAX, number).syscall();
        return this;
    }

    /**
     * A hypercall with arguments, loaded from first to last: {@code Long} and {@code Integer} are constants, a label its
     * address, a register or memory operand its value. A register must not have been loaded for an earlier argument.
     */
    public GuestRuntime call(int number, Object... arguments) {
        Gpr[] places = {RDI, RSI, RDX, R10, R8};
        for (int n = 0; n < arguments.length; n++) {
            for (int earlier = 0; earlier < n; earlier++) {
                if (arguments[n] == places[earlier]) {
                    throw new IllegalArgumentException("argument " + n + " is overwritten by argument " + earlier);
                }
            }
            load(places[n], arguments[n]);
        }
        return hypercall(number);
    }

    private void load(Gpr register, Object value) {
        if (value instanceof Number number) {
            loadConstant(register, number.longValue());
        } else if (value instanceof Label label) {
            asm.lea(register, ptr(label));
        } else if (value instanceof Memory memory) {
            asm.mov(register, memory);
        } else if (value instanceof Gpr source) {
            if (source != register) {
                asm.mov(register, source);
            }
        } else {
            throw new IllegalArgumentException("not an argument: " + value);
        }
    }

    private void loadConstant(Gpr register, long value) {
        if (value == (int) value) {
            asm.mov(register, value);
        } else {
            asm.movabs(register, value);
        }
    }

    /** mmuext_op with one operation: the command, and two arguments as for {@link #call}. Result in RAX. */
    public GuestRuntime extended(int command, Object first, Object second) {
        asm.mov(dword(ptr(extraOperation)), command);
        load(RDI, first);
        asm.mov(ptr(extraOperation, 8), RDI);
        load(RDI, second);
        asm.mov(ptr(extraOperation, 16), RDI);
        return call(Hypercalls.MMUEXT_OP, extraOperation, 1, 0, DOMID_SELF);
    }

    /** mmuext_op with one operation of one argument. Result in RAX. */
    public GuestRuntime extended(int command, Object first) {
        return extended(command, first, 0);
    }

    /** mmu_update of one entry: its machine address with the command in bits 0-1, and the value. Result in RAX. */
    public GuestRuntime update(Gpr maddr, Gpr value) {
        asm.mov(ptr(updateRequest), maddr).mov(ptr(updateRequest, 8), value);
        return call(Hypercalls.MMU_UPDATE, updateRequest, 1, 0, DOMID_SELF);
    }

    /** Turns the linear address of the kernel in RAX into its machine frame number; keeps the other registers. */
    public GuestRuntime machineFrame() {
        asm.call(tables.toMachineFrame());
        return this;
    }

    /** Loads the machine frame number of a page into RAX. */
    public GuestRuntime machineFrame(Label page) {
        asm.lea(RAX, ptr(page));
        return machineFrame();
    }

    /**
     * For the linear address in RAX, the entry at {@code level} (1 to 4) that maps it: RAX its linear address, readable,
     * RDX its machine address. Every table above must be present. Keeps the other registers.
     */
    public GuestRuntime entry(int level) {
        if (level < 1 || level > 4) {
            throw new IllegalArgumentException("no table level " + level);
        }
        asm.push(RCX).mov(ECX, level).call(tables.findEntry()).pop(RCX);
        return this;
    }

    /** Makes a page of the kernel read-only or writable by update_va_mapping; the result in RAX. */
    public GuestRuntime protect(Label page, boolean writable) {
        asm.lea(RAX, ptr(page));
        entry(1);
        asm.mov(RSI, ptr(RAX));
        if (writable) {
            asm.or(RSI, 2);
        } else {
            asm.and(RSI, -3);
        }
        asm.lea(RDI, ptr(page)).mov(EDX, 2);
        return hypercall(Hypercalls.UPDATE_VA_MAPPING);
    }

    /** Prints ASCII text. */
    public GuestRuntime print(String text) {
        Label label = asm.label("text_" + texts++);
        data.add(() -> asm.bind(label).ascii(text));
        asm.push(RSI).push(RCX).lea(RSI, ptr(label)).mov(ECX, text.length());
        asm.call(console.write()).pop(RCX).pop(RSI);
        return this;
    }

    /** Prints a 64-bit register in lower-case hex without leading zeros. */
    public GuestRuntime printHex(Gpr register) {
        asm.push(register).call(console.writeHex()).lea(RSP, ptr(RSP, 8));
        return this;
    }

    /** Prints a 64-bit register in signed decimal. */
    public GuestRuntime printDecimal(Gpr register) {
        asm.push(register).call(console.writeDecimal()).lea(RSP, ptr(RSP, 8));
        return this;
    }

    /** Flushes what was printed to the console and powers off. */
    public GuestRuntime shutDown() {
        asm.call(console.drain());
        call(Hypercalls.SCHED_OP, 2, reason);
        asm.ud2();
        return this;
    }

    /**
     * Emits {@code attempt}; a trap, callback or system call in it ends it, and control goes on at {@code caught} in
     * kernel mode with the stack of before and all other registers clobbered; {@link #trap} tells what happened. If
     * nothing happens, control goes on behind the attempt.
     */
    public GuestRuntime attempt(Label caught, Runnable attempt) {
        traps.arm(caught);
        attempt.run();
        traps.disarm();
        return this;
    }

    /** Enters user mode at {@code code} with interrupts on and the user stack; comes back as from an {@link #attempt}. */
    public GuestRuntime enterUser(Label code, Label caught) {
        traps.arm(caught);
        traps.enterUser(code, 0x202);
        return this;
    }

    /** The same with other flags in RFLAGS. */
    public GuestRuntime enterUser(Label code, Label caught, long rflags) {
        traps.arm(caught);
        traps.enterUser(code, rflags);
        return this;
    }

    /** The handler of a vector as the kernel registered it, for a trap table of one's own. */
    public Label handler(int vector) {
        return traps.handler(vector);
    }

    /** The event callback as the kernel registered it. */
    public Label eventHandler() {
        return traps.event();
    }

    /** A word of what the last trap, callback or system call showed: the frame and all registers. */
    public Memory trap(TrapWord word) {
        return qword(traps.word(word));
    }

    /** The kernel as an ELF file. */
    public byte[] toElf() {
        return image().toElf();
    }

    /** The kernel, to be given more notes; call it once, after the last instruction. */
    public PvKernelImage image() {
        asm.ud2();
        console.emit();
        traps.emit();
        tables.emit();
        data.forEach(Runnable::run);
        asm.align(PAGE);
        for (Label page : pages) {
            asm.bind(page).zeros(PAGE);
        }
        return PvKernelImage.of(asm.assemble()).entry("start");
    }
}
