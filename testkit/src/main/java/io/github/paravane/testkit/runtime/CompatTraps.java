package io.github.paravane.testkit.runtime;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ESP;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import io.github.paravane.testkit.asm.SegmentRegister;

/** Handlers of a 32-bit guest for every exception and for SYSCALL: a record of the frame, and a jump to who expects it. */
final class CompatTraps {

    private static final int EXCEPTIONS = 20;
    private static final int SYSCALL32 = 7;
    private static final int CR2_OFFSET = 8;

    /** EFLAGS, EAX and EBX. */
    private static final int SAVED = 12;

    /** Vectors with an error code: 8, 10 to 14, 17. */
    private static final int WITH_ERROR = 0x27D00;

    private final Assembler asm;
    private final Label table;
    private final Label callback;
    private final Label record;
    private final Label expected;
    private final Label stack;
    private final Label[] handlers = new Label[EXCEPTIONS];

    CompatTraps(Assembler asm) {
        this.asm = asm;
        table = asm.label("trap_table");
        callback = asm.label("syscall_callback");
        record = asm.label("trap_record");
        expected = asm.label("trap_expected");
        stack = asm.label("trap_stack");
        for (int vector = 0; vector < EXCEPTIONS; vector++) {
            handlers[vector] = asm.label("trap_" + vector);
        }
    }

    /** The argument of set_trap_table. */
    Label table() {
        return table;
    }

    /** The argument of callback_op that registers the callback of 32-bit SYSCALL. */
    Label syscallCallback() {
        return callback;
    }

    Label handler(int vector) {
        return handlers[vector];
    }

    Memory word(CompatTrapWord word) {
        return ptr(record, word.offset());
    }

    void expect(Label caught) {
        asm.push(EAX).mov(EAX, caught).mov(ptr(expected), EAX).pop(EAX).mov(ptr(stack), ESP);
    }

    void expectNothing() {
        asm.mov(dword(ptr(expected)), 0);
    }

    void emit(Label sharedInfo) {
        Label common = asm.label("trap_common");
        for (int vector = 0; vector < EXCEPTIONS; vector++) {
            asm.bind(handlers[vector]);
            if ((WITH_ERROR >>> vector & 1) == 0) {
                asm.push(0);
            }
            asm.push(vector).jmp(common);
        }
        Label syscall = asm.here("trap_syscall");
        asm.push(0).push(CompatTrapWord.SYSCALL_VECTOR);
        emitCommon(common, sharedInfo);
        asm.align(8)
                .bind(record)
                .zeros(4 * CompatTrapWord.values().length)
                .bind(expected)
                .u32(0)
                .bind(stack)
                .u32(0);
        asm.align(8).bind(table);
        for (int vector = 0; vector < EXCEPTIONS; vector++) {
            asm.u8(vector).u8(0).u16(CompatRuntime.KERNEL_CS).u32(handlers[vector]);
        }
        asm.zeros(8)
                .bind(callback)
                .u16(SYSCALL32)
                .u16(0)
                .u32(CompatRuntime.KERNEL_CS)
                .u32(syscall);
    }

    /** On the stack: vector, error code, EIP, CS, EFLAGS, and ESP, SS from ring 3. */
    private void emitCommon(Label common, Label sharedInfo) {
        Label fatal = asm.label("trap_fatal");
        // From ring 3 the data segments may be NUL.
        asm.bind(common).pushf().push(EAX).push(EBX).mov(EAX, CompatRuntime.KERNEL_DS);
        asm.mov(SegmentRegister.DS, EAX).mov(SegmentRegister.ES, EAX);
        asm.mov(EAX, ptr(ESP, 8)).mov(word(CompatTrapWord.KERNEL_EFLAGS), EAX);
        for (CompatTrapWord word : CompatTrapWord.values()) {
            if (word.ordinal() <= CompatTrapWord.SS.ordinal()) {
                asm.mov(EAX, ptr(ESP, SAVED + word.offset())).mov(word(word), EAX);
            }
        }
        asm.lea(EAX, ptr(ESP, SAVED + CompatTrapWord.EIP.offset())).mov(word(CompatTrapWord.EIP_PLACE), EAX);
        asm.mov(EAX, ptr(sharedInfo, CR2_OFFSET)).mov(word(CompatTrapWord.CR2), EAX);
        asm.mov(EBX, ptr(expected)).test(EBX, EBX).je(fatal);
        asm.mov(ESP, ptr(stack)).mov(dword(ptr(expected)), 0).jmp(EBX);
        asm.bind(fatal).ud2();
    }
}
