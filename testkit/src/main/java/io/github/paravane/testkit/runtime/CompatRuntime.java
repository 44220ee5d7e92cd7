package io.github.paravane.testkit.runtime;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.ESP;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Encoding;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A small 32-bit PAE kernel around a program in machine code: hypercalls by INT 82h, a console, handlers for every exception.
 * The counterpart of {@link GuestRuntime} for a hypervisor with 32-bit domains.
 *
 * <p>The domain's page {@code n} is mapped at {@link #BASE} + 4096 n. The initial tables are the L3, the L2 of its slots 0 and
 * 3, and two L1 tables, in this order from {@link #tables} on.
 */
public final class CompatRuntime {

    /** Linear address of the domain's first page. */
    public static final int BASE = 0x10_0000;

    /** Code and data segments of ring 1 and ring 3 (Xen public/arch-x86/xen-x86_32.h). */
    public static final int KERNEL_CS = 0xE019;

    /** See {@link #KERNEL_CS}. */
    public static final int KERNEL_DS = 0xE021;

    /** See {@link #KERNEL_CS}. */
    public static final int USER_CS = 0xE02B;

    /** See {@link #KERNEL_CS}. */
    public static final int USER_DS = 0xE033;

    /** Offsets in start_info. */
    private static final int SHARED_INFO = 36;

    private static final int CONSOLE_MFN = 52;
    private static final int CONSOLE_EVENT = 56;
    private static final int PT_BASE = 60;
    private static final int MFN_LIST = 68;

    private static final int INT_82 = 0x82;
    private static final int FRAME_MASK_LOW = 0xFFFF_F000;
    private static final int SHUTDOWN = 2;
    private static final int INVLPG = 2;

    /** EFLAGS for iret without IF, which is the upcall mask. */
    private static final int EVENTS_MASKED = 2;

    private static final Gpr[] ARGUMENTS = {EBX, ECX, EDX, ESI, EDI};

    private final Assembler asm = Assembler.compat(BASE);
    private final List<Runnable> data = new ArrayList<>();
    private final Label startInfo = asm.label("start_info");
    private final Label tables = asm.label("tables");
    private final Label machineFrames = asm.label("machine_frames");
    private final Label sharedInfo = asm.label("shared_info");
    private final Label stack = asm.label("stack_top");
    private final Label userStack = asm.label("user_stack_top");
    private final Label request = asm.label("request");
    private final CompatConsole console = new CompatConsole(asm);
    private final CompatTraps traps = new CompatTraps(asm);
    private int texts;

    public CompatRuntime() {
        asm.named("entry").mov(ESP, stack).mov(ptr(startInfo), ESI);
        asm.mov(EAX, ptr(ESI, PT_BASE)).mov(ptr(tables), EAX);
        asm.mov(EAX, ptr(ESI, MFN_LIST)).mov(ptr(machineFrames), EAX);
        console.start(ptr(ESI, CONSOLE_MFN), ptr(ESI, CONSOLE_EVENT), machineFrames);
        call(Hypercalls.SET_TRAP_TABLE, traps.table());
        call(Hypercalls.CALLBACK_OP, 0, traps.syscallCallback());
        call(Hypercalls.STACK_SWITCH, KERNEL_DS, stack);
        asm.mov(ESI, ptr(startInfo)).mov(EAX, ptr(ESI, SHARED_INFO)).or(EAX, 3);
        call(Hypercalls.UPDATE_VA_MAPPING, sharedInfo, EAX, 0, INVLPG);
    }

    /** The assembler that everything is written to. */
    public Assembler asm() {
        return asm;
    }

    /** Places data or code behind the program. */
    public CompatRuntime data(Runnable directives) {
        data.add(directives);
        return this;
    }

    /** A page of zeros behind the program. */
    public Label page(String name) {
        Label page = asm.label(name);
        data(() -> asm.align(4096).bind(page).zeros(4096));
        return page;
    }

    /** The variable that holds the address of the initial L3 table. */
    public Memory tables() {
        return ptr(tables);
    }

    /** The variable that holds the address of start_info. */
    public Memory startInfo() {
        return ptr(startInfo);
    }

    /** The variable that holds the address of the list of machine frames, by page. */
    public Memory machineFrames() {
        return ptr(machineFrames);
    }

    /** The end of the kernel's stack. */
    public Label stack() {
        return stack;
    }

    /** The end of a stack for ring 3, in a page of its own. */
    public Label userStack() {
        return userStack;
    }

    /** The page of the stack for ring 3, which has to be mapped for it first. */
    public Label userStackPage() {
        return stack;
    }

    /** The page of shared_info. */
    public Label sharedInfo() {
        return sharedInfo;
    }

    /** The handler of an exception, 0 to 19. */
    public Label handler(int vector) {
        return traps.handler(vector);
    }

    /** A word of the last trap. */
    public Memory trap(CompatTrapWord word) {
        return traps.word(word);
    }

    /**
     * Makes a hypercall; the result is in EAX. Each argument is a number, a label for its address, a register or a place in
     * memory. Clobbers the registers of the arguments.
     */
    public CompatRuntime call(int number, Object... arguments) {
        for (int i = arguments.length - 1; i >= 0; i--) {
            pushArgument(arguments[i]);
        }
        for (int i = 0; i < arguments.length; i++) {
            asm.pop(ARGUMENTS[i]);
        }
        asm.mov(EAX, number).interrupt(INT_82);
        return this;
    }

    private void pushArgument(Object argument) {
        if (argument instanceof Gpr register) {
            asm.push(register);
        } else if (argument instanceof Label label) {
            asm.emit(Encoding.opcode(0x68).addressOf(label, 4));
        } else if (argument instanceof Memory place) {
            asm.push(dword(place));
        } else if (argument instanceof Number number) {
            asm.push((long) number.intValue());
        } else {
            throw new IllegalArgumentException("no argument of a hypercall: " + argument);
        }
    }

    /** mmu_update of one entry: ESI the machine address below 4 GiB, EDX:EAX the entry; the result is in EAX. */
    public CompatRuntime update() {
        asm.mov(ptr(request), ESI)
                .mov(dword(ptr(request, 4)), 0)
                .mov(ptr(request, 8), EAX)
                .mov(ptr(request, 12), EDX);
        return call(Hypercalls.MMU_UPDATE, request, 1, 0, GuestRuntime.DOMID_SELF);
    }

    /** mmuext_op of one command; the result is in EAX. */
    public CompatRuntime extended(int command, Object first, Object second) {
        pushArgument(second);
        pushArgument(first);
        asm.mov(dword(ptr(request)), command)
                .pop(EAX)
                .mov(ptr(request, 4), EAX)
                .pop(EAX)
                .mov(ptr(request, 8), EAX);
        return call(Hypercalls.MMUEXT_OP, request, 1, 0, GuestRuntime.DOMID_SELF);
    }

    /** EAX := the machine address of the page at the address in EAX, which is page aligned. Clobbers EDI. */
    public CompatRuntime machineAddress() {
        asm.sub(EAX, BASE)
                .shr(EAX, 12)
                .mov(EDI, ptr(machineFrames))
                .mov(EAX, ptr(EDI, EAX, 4))
                .shl(EAX, 12);
        return this;
    }

    /** EAX := the machine address of a page. Clobbers EDI. */
    public CompatRuntime machineAddress(Label page) {
        asm.mov(EAX, page);
        return machineAddress();
    }

    /** Maps a page of the program again with these flags, U/S as given. Clobbers the registers of a call. */
    public CompatRuntime remap(Label page, int flags) {
        machineAddress(page);
        asm.and(EAX, FRAME_MASK_LOW).or(EAX, flags);
        return call(Hypercalls.UPDATE_VA_MAPPING, page, EAX, 0, INVLPG);
    }

    /** Prints text. Keeps every register. */
    public CompatRuntime print(String text) {
        Label place = asm.label("text_" + texts++);
        data(() -> asm.bind(place).ascii(text));
        asm.push(ESI).push(ECX).mov(ESI, place).mov(ECX, text.length()).call(console.write());
        asm.pop(ECX).pop(ESI);
        return this;
    }

    /** Prints a register in hexadecimal digits. Keeps every register. */
    public CompatRuntime printHex(Gpr register) {
        asm.push(register).call(console.writeHex()).lea(ESP, ptr(ESP, 4));
        return this;
    }

    /** Powers off when all is printed. */
    public CompatRuntime shutDown() {
        asm.call(console.drain()).mov(dword(ptr(request)), 0);
        return call(Hypercalls.SCHED_OP, SHUTDOWN, request);
    }

    /** Does something; any exception or SYSCALL on the way goes on at {@code caught}, on the stack of now. */
    public CompatRuntime attempt(Label caught, Runnable attempt) {
        traps.expect(caught);
        attempt.run();
        traps.expectNothing();
        return this;
    }

    /** Enters ring 3 at {@code code} with events masked, until an exception or SYSCALL goes on at {@code caught}. */
    public CompatRuntime enterUser(Label code, Label caught) {
        traps.expect(caught);
        asm.push(USER_DS);
        pushArgument(userStack);
        asm.push(EVENTS_MASKED).push(USER_CS);
        pushArgument(code);
        asm.push(0).mov(EAX, 23).interrupt(INT_82);
        return this;
    }

    /** The kernel as an image whose notes may still be changed. */
    public PvKernelImage image() {
        console.emit();
        traps.emit(sharedInfo);
        asm.align(8)
                .bind(startInfo)
                .u32(0)
                .bind(tables)
                .u32(0)
                .bind(machineFrames)
                .u32(0)
                .align(8)
                .bind(request)
                .zeros(16);
        data.forEach(Runnable::run);
        asm.align(4096).bind(sharedInfo).zeros(4096);
        asm.zeros(4096).bind(stack).zeros(4096).bind(userStack);
        return PvKernelImage.of(asm.assemble()).entry("entry");
    }

    /** The kernel as an ELF file. */
    public byte[] toElf() {
        return image().toElf();
    }
}
