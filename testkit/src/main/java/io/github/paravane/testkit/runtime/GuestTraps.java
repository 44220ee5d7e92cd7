package io.github.paravane.testkit.runtime;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import java.util.List;

/** Handlers of every vector and callback: they record what they were entered with and go where the program wants. */
final class GuestTraps {

    private static final int PAGE = 4096;
    private static final int VECTORS = 256;
    private static final int KERNEL_CS = 0xE033;
    private static final int STACK_SS = 0xE02B;
    private static final int FAILSAFE_SEGMENTS = 4;
    private static final int NMI = 2;
    private static final int MASK_EVENTS = 4;
    private static final int BREAKPOINT = 3;
    private static final int OVERFLOW = 4;
    private static final int LINUX_SYSTEM_CALL = 0x80;
    private static final int RING_3 = 3;
    private static final int VCPU_INFO_CR2 = 16;

    /** The order in which the words of {@link TrapWord} come to lie on the stack. */
    private static final Gpr[] PUSHED = {RAX, RBX, RCX, RDX, RSI, RDI, RBP, R8, R9, R10, R11, R12, R13, R14, R15};

    private final Assembler asm;
    private final GuestRuntime runtime;
    private final Label stack;
    private final Label userStack;
    private final Label record;
    private final Label recovery;
    private final Label recoveryStack;
    private final Label table;
    private final Label common;
    private final Label[] handlers = new Label[VECTORS];
    private final Label syscall;
    private final Label event;
    private final Label failsafe;

    GuestTraps(Assembler asm, List<Runnable> data, GuestRuntime runtime) {
        this.asm = asm;
        this.runtime = runtime;
        stack = runtime.page("stack");
        userStack = runtime.page("user_stack");
        record = asm.label("trap_record");
        recovery = asm.label("trap_recovery");
        recoveryStack = asm.label("trap_recovery_stack");
        table = asm.label("trap_table");
        common = asm.label("trap_common");
        syscall = asm.label("syscall_entry");
        event = asm.label("event_entry");
        failsafe = asm.label("failsafe_entry");
        for (int vector = 0; vector < VECTORS; vector++) {
            handlers[vector] = asm.label("trap_" + vector);
        }
        data.add(() -> asm.align(8)
                .bind(record)
                .zeros(8 * TrapWord.values().length)
                .bind(recovery)
                .u64(0)
                .bind(recoveryStack)
                .u64(0));
        data.add(this::emitTable);
    }

    Label stack() {
        return stack;
    }

    Label userStack() {
        return userStack;
    }

    Label handler(int vector) {
        return handlers[vector];
    }

    Label event() {
        return event;
    }

    Memory word(TrapWord word) {
        return ptr(record, word.offset());
    }

    /** Registers table, callbacks and stack. Clobbers what hypercalls clobber, and their arguments. */
    void register() {
        runtime.call(Hypercalls.SET_TRAP_TABLE, table);
        runtime.call(Hypercalls.SET_CALLBACKS, event, failsafe, syscall);
        // below what the program itself may have on the stack when it enters user mode
        asm.lea(RSI, ptr(stack, PAGE - 1024));
        runtime.call(Hypercalls.STACK_SWITCH, STACK_SS, RSI);
    }

    /** The next entry goes on at {@code caught} with the stack of now. Clobbers RAX. */
    void arm(Label caught) {
        asm.lea(RAX, ptr(caught)).mov(ptr(recovery), RAX).mov(ptr(recoveryStack), RSP);
    }

    /** No entry is expected any more. */
    void disarm() {
        asm.mov(qword(ptr(recovery)), 0);
    }

    /** iret to user mode: RAX, R11, RCX, flags, RIP, CS, RFLAGS, RSP, SS (Xen public/arch-x86/xen-x86_64.h). */
    void enterUser(Label code, long rflags) {
        asm.push(STACK_SS).lea(RAX, ptr(userStack, PAGE)).push(RAX).push(rflags).push(KERNEL_CS);
        asm.lea(RAX, ptr(code)).push(RAX).push(0).push(0).push(0).push(0);
        runtime.hypercall(Hypercalls.IRET);
        asm.ud2();
    }

    private static boolean hasErrorCode(int vector) {
        return vector == 8 || vector >= 10 && vector <= 14 || vector == 17 || vector == 21;
    }

    void emit() {
        for (int vector = 0; vector < VECTORS; vector++) {
            asm.bind(handlers[vector])
                    .push(hasErrorCode(vector) ? 1 : 0)
                    .push(vector)
                    .jmp(common);
        }
        asm.bind(syscall).push(0).push(TrapWord.SYSCALL_VECTOR).jmp(common);
        asm.bind(event).push(0).push(TrapWord.EVENT_VECTOR).jmp(common);
        asm.bind(failsafe).push(0).push(TrapWord.FAILSAFE_VECTOR).jmp(common);
        emitCommon();
    }

    private void emitCommon() {
        asm.bind(common);
        for (Gpr register : PUSHED) {
            asm.push(register);
        }
        asm.pushf().pop(RBX).cld();
        Label noError = asm.label("trap_no_error");
        Label frame = asm.label("trap_frame");
        Label segments = asm.label("trap_segments");
        // registers, vector, marker, then the slots of RCX and R11
        asm.mov(RSI, RSP)
                .lea(RDI, ptr(record))
                .mov(ECX, PUSHED.length + 2 + 2)
                .rep()
                .movs(64);
        asm.mov(RDX, RSI)
                .cmp(qword(word(TrapWord.VECTOR)), TrapWord.FAILSAFE_VECTOR)
                .jne(segments);
        asm.add(RSI, 8 * FAILSAFE_SEGMENTS).bind(segments);
        asm.cmp(qword(word(TrapWord.HAS_ERROR)), 0).je(noError).movs(64).jmp(frame);
        asm.bind(noError).xor(EAX, EAX).stos(64);
        asm.bind(frame).mov(ECX, 5).rep().movs(64);
        asm.sub(RDX, 16).mov(word(TrapWord.KERNEL_RSP), RDX).mov(word(TrapWord.KERNEL_RFLAGS), RBX);
        asm.mov(RAX, ptr(runtime.sharedInfo(), VCPU_INFO_CR2)).mov(word(TrapWord.CR2), RAX);
        Label unexpected = asm.label("trap_unexpected");
        asm.mov(RAX, ptr(recovery)).test(RAX, RAX).je(unexpected);
        asm.mov(qword(ptr(recovery)), 0).mov(RSP, ptr(recoveryStack)).jmp(RAX);
        asm.bind(unexpected).lea(RSP, ptr(stack, PAGE));
        asm.mov(RAX, word(TrapWord.VECTOR)).mov(RBX, word(TrapWord.ERROR)).mov(RDX, word(TrapWord.RIP));
        asm.mov(RSI, word(TrapWord.CR2));
        runtime.print("unexpected trap ").printHex(RAX).print(" error ").printHex(RBX);
        runtime.print(" rip ")
                .printHex(RDX)
                .print(" cr2 ")
                .printHex(RSI)
                .print("\n")
                .shutDown();
    }

    private void emitTable() {
        asm.align(8).bind(table);
        for (int vector = 0; vector < VECTORS; vector++) {
            // Before 3.2 an NMI gate has to mask events.
            int masks = vector == NMI ? MASK_EVENTS : 0;
            boolean user = vector == BREAKPOINT || vector == OVERFLOW || vector == LINUX_SYSTEM_CALL;
            asm.u8(vector).u8(user ? RING_3 : masks).u16(KERNEL_CS).u32(0).u64(handlers[vector]);
        }
        asm.zeros(16);
    }
}
