package io.github.paravane.testkit.runtime;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import java.util.List;

/** Routines that print: to the PV console's ring, or by console_io where the domain has none, as dom0. */
final class GuestConsole {

    /** struct xencons_interface (Xen public/io/console.h). */
    private static final int RING_OUT = 1024;

    private static final int RING_SIZE = 2048;
    private static final int OUT_CONS = 3080;
    private static final int OUT_PROD = 3084;

    private static final int INITIAL_DOMAIN = 2;
    private static final int SEND = 4;
    private static final int YIELD = 0;
    private static final int PATIENCE = 100_000;
    private static final Gpr[] SAVED = {RAX, RBX, RCX, RDX, RSI, RDI, R8, R9, R10, R11};

    private final Assembler asm;
    private final Label ring;
    private final Label port;
    private final Label digits;
    private final Label write;
    private final Label writeHex;
    private final Label writeDecimal;
    private final Label drain;

    GuestConsole(Assembler asm, List<Runnable> data) {
        this.asm = asm;
        ring = asm.label("console_ring");
        port = asm.label("console_port");
        digits = asm.label("console_digits");
        write = asm.label("console_write");
        writeHex = asm.label("console_write_hex");
        writeDecimal = asm.label("console_write_decimal");
        drain = asm.label("console_drain");
        data.add(() ->
                asm.align(8).bind(ring).u64(0).bind(port).u64(0).bind(digits).zeros(24));
    }

    /** Finds the ring: the page whose machine frame start_info names. Clobbers RAX, RCX, RDX. */
    void start(Memory flags, Memory consoleMfn, Memory event, Label machineFrames) {
        Label search = asm.label("console_search");
        Label none = asm.label("console_none");
        asm.test(dword(flags), INITIAL_DOMAIN).jne(none);
        asm.mov(EAX, dword(event)).mov(ptr(port), EAX);
        asm.mov(RAX, consoleMfn).mov(RDX, ptr(machineFrames)).mov(RCX, -1);
        asm.bind(search).inc(RCX).cmp(RAX, ptr(RDX, RCX, 8)).jne(search);
        asm.shl(RCX, 12).add(RCX, GuestRuntime.BASE).mov(ptr(ring), RCX);
        asm.bind(none);
    }

    /** RSI: text, ECX: length. Keeps every register. */
    Label write() {
        return write;
    }

    /** The word on top of the stack. Keeps every register. */
    Label writeHex() {
        return writeHex;
    }

    /** The word on top of the stack, signed. Keeps every register. */
    Label writeDecimal() {
        return writeDecimal;
    }

    /** Waits, not for ever, until the ring has been read. */
    Label drain() {
        return drain;
    }

    void emit() {
        emitWrite();
        emitWriteHex();
        emitWriteDecimal();
        emitDrain();
    }

    private void emitWrite() {
        Label byHypercall = asm.label("console_by_hypercall");
        Label next = asm.label("console_next");
        Label wait = asm.label("console_wait");
        Label room = asm.label("console_room");
        Label done = asm.label("console_done");
        asm.bind(write).pushf();
        save();
        asm.mov(RBX, ptr(ring)).mov(R9D, ECX).test(RBX, RBX).je(byHypercall);
        asm.bind(next).test(R9D, R9D).je(done);
        asm.bind(wait).mov(EDX, ptr(RBX, OUT_PROD)).mov(EAX, EDX).sub(EAX, ptr(RBX, OUT_CONS));
        asm.cmp(EAX, RING_SIZE).jb(room);
        asm.push(RSI)
                .mov(EDI, YIELD)
                .xor(ESI, ESI)
                .mov(EAX, Hypercalls.SCHED_OP)
                .syscall()
                .pop(RSI)
                .jmp(wait);
        asm.bind(room).mov(AL, bytePtr(ptr(RSI))).inc(RSI).mov(ECX, EDX).and(ECX, RING_SIZE - 1);
        asm.mov(bytePtr(ptr(RBX, RCX, 1, RING_OUT)), AL).inc(EDX).mov(dword(ptr(RBX, OUT_PROD)), EDX);
        asm.dec(R9D).jmp(next);
        asm.bind(byHypercall)
                .mov(RDX, RSI)
                .mov(ESI, ECX)
                .xor(EDI, EDI)
                .mov(EAX, Hypercalls.CONSOLE_IO)
                .syscall();
        Label out = asm.label("console_out");
        asm.jmp(out);
        asm.bind(done)
                .mov(EDI, SEND)
                .lea(RSI, ptr(port))
                .mov(EAX, Hypercalls.EVENT_CHANNEL_OP)
                .syscall();
        asm.bind(out);
        restore();
        asm.popf().ret();
    }

    private void emitWriteHex() {
        Label digit = asm.label("console_digit");
        Label letter = asm.label("console_letter");
        asm.bind(writeHex).pushf().push(RAX).push(RCX).push(RDX).push(RSI);
        asm.mov(RAX, qword(ptr(RSP, 48))).lea(RSI, ptr(digits, 24)).xor(ECX, ECX);
        asm.bind(digit).mov(EDX, EAX).and(EDX, 15).add(EDX, '0').cmp(EDX, '9' + 1);
        asm.jb(letter).add(EDX, 'a' - '9' - 1).bind(letter);
        asm.dec(RSI).inc(ECX).mov(bytePtr(ptr(RSI)), DL).shr(RAX, 4).jne(digit);
        asm.call(write).pop(RSI).pop(RDX).pop(RCX).pop(RAX).popf().ret();
    }

    private void emitWriteDecimal() {
        Label positive = asm.label("console_positive");
        Label digit = asm.label("console_decimal_digit");
        Label done = asm.label("console_decimal_done");
        asm.bind(writeDecimal).pushf().push(RAX).push(RBX).push(RCX).push(RDX).push(RSI);
        asm.mov(RAX, qword(ptr(RSP, 56)))
                .lea(RSI, ptr(digits, 24))
                .xor(ECX, ECX)
                .mov(EBX, 10);
        asm.test(RAX, RAX).j(Condition.NS, positive).neg(RAX).bind(positive);
        asm.bind(digit).xor(EDX, EDX).div(RBX).add(EDX, '0');
        asm.dec(RSI).inc(ECX).mov(bytePtr(ptr(RSI)), DL).test(RAX, RAX).jne(digit);
        asm.cmp(qword(ptr(RSP, 56)), 0).j(Condition.NS, done);
        asm.dec(RSI).inc(ECX).mov(bytePtr(ptr(RSI)), '-');
        asm.bind(done)
                .call(write)
                .pop(RSI)
                .pop(RDX)
                .pop(RCX)
                .pop(RBX)
                .pop(RAX)
                .popf()
                .ret();
    }

    private void emitDrain() {
        Label again = asm.label("console_drain_again");
        Label done = asm.label("console_drained");
        asm.bind(drain).mov(RBX, ptr(ring)).test(RBX, RBX).je(done).mov(R12D, PATIENCE);
        asm.bind(again)
                .mov(EAX, ptr(RBX, OUT_PROD))
                .cmp(EAX, ptr(RBX, OUT_CONS))
                .je(done);
        asm.mov(EDI, YIELD)
                .xor(ESI, ESI)
                .mov(EAX, Hypercalls.SCHED_OP)
                .syscall()
                .dec(R12D);
        asm.j(Condition.NE, again).bind(done).ret();
    }

    private void save() {
        for (Gpr register : SAVED) {
            asm.push(register);
        }
    }

    private void restore() {
        for (int n = SAVED.length - 1; n >= 0; n--) {
            asm.pop(SAVED[n]);
        }
    }
}
