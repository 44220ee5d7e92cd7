package io.github.paravane.testkit.runtime;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.DL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBP;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.ESP;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;

/** Routines of a 32-bit guest that print to the ring of the PV console (Xen public/io/console.h). */
final class CompatConsole {

    private static final int RING_OUT = 1024;
    private static final int RING_SIZE = 2048;
    private static final int OUT_CONS = 3080;
    private static final int OUT_PROD = 3084;
    private static final int SEND = 4;
    private static final int PATIENCE = 100_000;
    private static final int PUSHAD = 0x60;
    private static final int POPAD = 0x61;
    private static final int INT_82 = 0x82;

    private final Assembler asm;
    private final Label ring;
    private final Label port;
    private final Label digits;
    private final Label write;
    private final Label writeHex;
    private final Label drain;

    CompatConsole(Assembler asm) {
        this.asm = asm;
        ring = asm.label("console_ring");
        port = asm.label("console_port");
        digits = asm.label("console_digits");
        write = asm.label("console_write");
        writeHex = asm.label("console_write_hex");
        drain = asm.label("console_drain");
    }

    /** Finds the ring: the page whose machine frame start_info names. Clobbers EAX, ECX, EDX. */
    void start(Memory consoleMfn, Memory event, Label machineFrames) {
        Label search = asm.label("console_search");
        asm.mov(EAX, event).mov(ptr(port), EAX);
        asm.mov(EAX, consoleMfn).mov(EDX, ptr(machineFrames)).mov(ECX, -1);
        asm.bind(search).inc(ECX).cmp(EAX, ptr(EDX, ECX, 4)).jne(search);
        asm.shl(ECX, 12).add(ECX, CompatRuntime.BASE).mov(ptr(ring), ECX);
    }

    /** ESI: text, ECX: length. Keeps every register. */
    Label write() {
        return write;
    }

    /** The word on top of the stack. Keeps every register. */
    Label writeHex() {
        return writeHex;
    }

    /** Waits, not for ever, until the ring has been read. */
    Label drain() {
        return drain;
    }

    void emit() {
        asm.align(8).bind(ring).u32(0).bind(port).u32(0).bind(digits).zeros(8);
        emitWrite();
        emitWriteHex();
        emitDrain();
    }

    private void emitWrite() {
        Label next = asm.label("console_next");
        Label wait = asm.label("console_wait");
        Label room = asm.label("console_room");
        Label done = asm.label("console_done");
        asm.bind(write).pushf().bytes(PUSHAD).mov(EBP, ptr(ring)).mov(EBX, ECX);
        asm.bind(next).test(EBX, EBX).je(done);
        asm.bind(wait).mov(EDX, ptr(EBP, OUT_PROD)).mov(EAX, EDX).sub(EAX, ptr(EBP, OUT_CONS));
        asm.cmp(EAX, RING_SIZE).jb(room).bytes(PUSHAD);
        giveWay();
        asm.bytes(POPAD).jmp(wait);
        asm.bind(room).mov(AL, bytePtr(ptr(ESI))).inc(ESI).mov(ECX, EDX).and(ECX, RING_SIZE - 1);
        asm.mov(bytePtr(ptr(EBP, ECX, 1, RING_OUT)), AL).inc(EDX).mov(dword(ptr(EBP, OUT_PROD)), EDX);
        asm.dec(EBX).jmp(next);
        asm.bind(done)
                .mov(EBX, SEND)
                .mov(ECX, port)
                .mov(EAX, Hypercalls.EVENT_CHANNEL_OP)
                .interrupt(INT_82);
        asm.bytes(POPAD).popf().ret();
    }

    private void giveWay() {
        asm.xor(EBX, EBX).xor(ECX, ECX).mov(EAX, Hypercalls.SCHED_OP).interrupt(INT_82);
    }

    private void emitWriteHex() {
        Label digit = asm.label("console_digit");
        Label letter = asm.label("console_letter");
        asm.bind(writeHex).pushf().bytes(PUSHAD);
        asm.mov(EAX, ptr(ESP, 40)).mov(ESI, digits).add(ESI, 8).xor(ECX, ECX);
        asm.bind(digit).mov(EDX, EAX).and(EDX, 15).add(EDX, '0').cmp(EDX, '9' + 1);
        asm.jb(letter).add(EDX, 'a' - '9' - 1).bind(letter);
        asm.dec(ESI).inc(ECX).mov(bytePtr(ptr(ESI)), DL).shr(EAX, 4).jne(digit);
        asm.call(write).bytes(POPAD).popf().ret();
    }

    private void emitDrain() {
        Label again = asm.label("console_drain_again");
        Label done = asm.label("console_drained");
        asm.bind(drain).mov(EBP, ptr(ring)).mov(ESI, PATIENCE);
        asm.bind(again)
                .mov(EAX, ptr(EBP, OUT_PROD))
                .cmp(EAX, ptr(EBP, OUT_CONS))
                .je(done);
        giveWay();
        asm.dec(ESI).j(Condition.NE, again).bind(done).ret();
    }
}
