package io.github.paravane.testkit.guest.surface;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.TrapWord;

/** Event channels in good and bad order, polls, and a second vCPU: its context, up, down, blocked and down, an NMI. */
final class EventSurface {
    private static final int SELF = 0x7FF0;
    private static final int VCPU_OP = 24;
    private static final int SCHED_OP = 29;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int POLL = 3;
    private static final int PENDING = 2048;
    private static final int MASK = 2560;
    /** Ports of console and store, which others use at any time. */
    private static final long OTHERS = 6;

    private static final int CONTEXT_FLAGS = 512;
    private static final int CONTEXT_REGISTERS = 520;
    private static final int CONTEXT_CONTROL = 4984;

    private final GuestProgram program = new GuestProgram();
    private final Value argument = program.pages(1);
    private final Value context = program.pages(2);
    private final Value shared;
    private final Value state;
    private final Value stack;
    private final Label stateLabel = program.runtime().page("state");
    private final Label second = program.label("second");
    private final Variable port = program.variable();
    private final Variable peer = program.variable();
    private final Variable i = program.variable();
    private final Routine clear;

    private EventSurface() {
        shared = program.addressOf(program.runtime().sharedInfo());
        state = program.addressOf(stateLabel);
        stack = program.addressOf(program.runtime().page("second_stack"));
        program.runtime().data(this::secondVcpu);
        clear = program.routine(
                "clear",
                0,
                routine -> program.repeat(i, Value.of(8), () -> program.store64(argument.plus(i.shl(3)), Value.of(0))));
    }

    static byte[] elf() {
        EventSurface surface = new EventSurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    private void body() {
        for (int each : new int[] {0, 1}) {
            Value stopped = program.hypercall(VCPU_OP, Value.of(7), Value.of(each), Value.of(0));
            program.print("no tick on vCPU " + each + ": %d\n", stopped);
        }
        connect();
        masked();
        close();
        virtualInterrupts();
        polls();
        contexts();
        upAndDown();
        program.print("END\n");
    }

    /** event_channel_op with a structure of 32-bit fields, and what is in it, in vcpu_info and in shared_info then. */
    private void event(String name, int operation, Object... fields) {
        program.run(clear.call());
        for (int n = 0; n < fields.length; n++) {
            Value field = fields[n] instanceof Value value ? value : Value.of((Integer) fields[n]);
            program.store32(argument.plus(4 * n), field);
        }
        program.print(name + ": %d", program.hypercall(EVENT_CHANNEL_OP, Value.of(operation), argument));
        for (int n = 0; n < 6; n++) {
            program.print(" %x", argument.plus(4 * n).load32());
        }
        program.print(
                " upcall %x selector %x pending %x mask %x\n",
                shared.load16(),
                shared.plus(8).load64(),
                shared.plus(PENDING).load64().and(~OTHERS),
                shared.plus(MASK).load64());
    }

    private void status(String name, Object which) {
        event("status of " + name, 5, SELF, which);
    }

    private void quiet() {
        program.store64(shared.plus(MASK), Value.of(-1));
        program.store16(shared, Value.of(0x100));
        program.store64(shared.plus(8), Value.of(0));
        program.store64(shared.plus(PENDING), Value.of(0));
    }

    private void connect() {
        quiet();
        for (int each : new int[] {0, 3, 63, 64, 4095, 4096, -1}) {
            status("port " + each, each);
        }
        event("allocate for self", 6, SELF | SELF << 16);
        program.set(port, argument.plus(4).load32());
        event("allocate for 9", 6, SELF | 9 << 16);
        program.set(peer, argument.plus(4).load32());
        event("allocate in dom0", 6, SELF << 16);
        event("allocate in 55", 6, 55 | SELF << 16);
        event("send to nobody", 4, port);
        event("bind what is for 9", 0, SELF, peer);
        event("close it", 3, peer);
        event("bind", 0, SELF, port);
        program.set(peer, argument.plus(8).load32());
        status("one end", port);
        status("the other", peer);
        event("bind again", 0, SELF, port);
        event("bind no port", 0, SELF, 4096);
        event("bind in 55", 0, 55, 1);
        event("bind in dom0", 0, 0, 1);
        event("send", 4, port);
        event("send back", 4, peer);
    }

    private void masked() {
        for (int each : new int[] {60, 4096, 0}) {
            event("unmask " + each, 9, each);
        }
        event("unmask one end", 9, port);
        quiet();
        program.store64(shared.plus(MASK), Value.of(0));
        event("send unmasked", 4, port);
        event("send again", 4, port);
        quiet();
        for (int vcpu : new int[] {0, 1, 7, -1}) {
            event("bind to vCPU " + vcpu, 8, port, vcpu);
        }
        event("bind port 60 to a vCPU", 8, 60, 0);
        event("bind no port to no vCPU", 8, 4096, 77);
        status("one end", port);
    }

    private void close() {
        event("close one end", 3, port);
        status("one end", port);
        status("the other", peer);
        event("close again", 3, port);
        event("send to nobody", 4, peer);
        event("close the other", 3, peer);
        for (int each : new int[] {0, 60, 4096}) {
            event("close " + each, 3, each);
        }
    }

    private void virtualInterrupts() {
        for (int virq : new int[] {0, 1, 2, 3, 7, 8, 13, 14, 16, 23, 24, -1}) {
            for (int vcpu : new int[] {0, 1, 5}) {
                event("VIRQ " + virq + " on " + vcpu, 1, virq, vcpu);
                program.when(argument.plus(8).load32(), () -> {
                    program.set(port, argument.plus(8).load32());
                    event("again", 1, virq, vcpu);
                    status("it", port);
                    event("send", 4, port);
                    event("move", 8, port, 1);
                    event("close", 3, port);
                });
            }
        }
        for (int vcpu : new int[] {0, 1, 2, -1}) {
            event("IPI to " + vcpu, 7, vcpu);
            program.when(argument.plus(4).load32(), () -> {
                program.set(port, argument.plus(4).load32());
                status("it", port);
                event("send", 4, port);
                event("move", 8, port, 0);
                event("close", 3, port);
            });
        }
        event("status in dom0", 5, 0, 1);
        event("status in dom0, no port", 5, 0, 4096);
        event("status in 55", 5, 55, 1);
        event("reset dom0", 10, 0);
        event("priority", 13, 1, 5);
        event("no such priority", 13, 1, 16);
        event("priority of no port", 13, 4096, 1);
    }

    private void polls() {
        quiet();
        event("IPI to 0", 7, 0);
        program.set(port, argument.plus(4).load32());
        for (int count : new int[] {0, 1, 2, 128, 129, -1}) {
            program.repeat(
                    i, Value.of(130), () -> program.store32(argument.plus(512).plus(i.shl(2)), port));
            poll(count + " ports", argument.plus(512), count);
        }
        poll("NULL", Value.of(0), 1);
        poll("the hole", Value.of(0xFFFF_8300_0000_0000L), 1);
        poll("an unmapped list", Value.of(0x1000_0000_0000L), 1);
        for (int each : new int[] {4096, 60, 0}) {
            program.store32(argument.plus(512), Value.of(each));
            poll("port " + each, argument.plus(512), 1);
        }
        event("send", 4, port);
        program.store32(argument.plus(512), port);
        poll("a pending port", argument.plus(512), 1);
        event("close", 3, port);
    }

    /** SCHEDOP_poll until a time that has passed. */
    private void poll(String name, Value ports, int count) {
        program.store64(argument, ports);
        program.store32(argument.plus(8), Value.of(count));
        program.store64(argument.plus(16), Value.of(1));
        program.print("poll " + name + ": %d\n", program.hypercall(SCHED_OP, Value.of(POLL), argument));
    }

    private void vcpu(String name, int operation, Value pointer) {
        program.print(name + ": %d\n", program.hypercall(VCPU_OP, Value.of(operation), Value.of(1), pointer));
    }

    private void vcpu(String name, int operation) {
        vcpu(name, operation, Value.of(0));
    }

    private void runState(String name) {
        vcpu(name + ", run state", 4, argument);
        program.print("  %d\n", argument.load32());
    }

    private void fill() {
        program.repeat(i, Value.of(1024), () -> program.store64(context.plus(i.shl(3)), Value.of(0)));
        program.attempt(() -> program.asm().u8(0x0F).u8(0x20).u8(0xD8).ud2());
        program.store64(context.plus(CONTEXT_CONTROL + 24), program.trap(TrapWord.RAX));
        program.store64(context.plus(CONTEXT_CONTROL), Value.of(0x8005_0033L));
        program.store64(context.plus(CONTEXT_FLAGS), Value.of(4));
        program.store64(context.plus(CONTEXT_REGISTERS + 128), program.addressOf(second));
        program.store64(context.plus(CONTEXT_REGISTERS + 136), Value.of(0xE033));
        program.store64(context.plus(CONTEXT_REGISTERS + 144), Value.of(0x202));
        program.store64(context.plus(CONTEXT_REGISTERS + 152), stack.plus(4000));
        program.store64(context.plus(CONTEXT_REGISTERS + 160), Value.of(0xE02B));
    }

    private void contexts() {
        vcpu("is up", 3);
        vcpu("up before its time", 1);
        vcpu("down", 2);
        runState("at first");
        long nonCanonical = 0x8000_0000_0000L;
        long[][] spoilt = {
            {648, nonCanonical}, {672, nonCanonical}, {4976, nonCanonical}, {5112, nonCanonical}, {5120, nonCanonical},
            {5128, nonCanonical}, {5144, nonCanonical}, {5152, nonCanonical}, {5160, nonCanonical}, {728, nonCanonical},
            {952, nonCanonical}, {4816, 0xFFFF_8300_0000_0000L}, {4816, 0x123}, {4824, 8193}, {4960, 7169},
            {5008, 0x7FFF_FFFF_F000L}, {4992, 0x7FFF_FFFF_F000L}, {512, 0}
        };
        for (long[] each : spoilt) {
            fill();
            program.store64(context.plus((int) each[0]), Value.of(each[1]));
            vcpu("context with " + Long.toHexString(each[1]) + " at " + each[0], 0, context);
        }
        vcpu("context nowhere", 0, Value.of(8));
        fill();
        vcpu("context", 0, context);
        vcpu("context again", 0, context);
        vcpu("is up", 3);
    }

    private void yields(int times) {
        program.repeat(i, Value.of(times), () -> program.run(program.hypercall(SCHED_OP, Value.of(0))));
    }

    private void await(int offset) {
        program.loop(state.plus(offset).load64().eq(0), () -> program.run(program.hypercall(SCHED_OP, Value.of(0))));
    }

    private void upAndDown() {
        vcpu("up", 1);
        vcpu("up again", 1);
        vcpu("is up", 3);
        await(0);
        vcpu("down", 2);
        vcpu("down again", 2);
        vcpu("is up", 3);
        vcpu("up", 1);
        program.store64(state, Value.of(0));
        await(0);
        program.store64(state.plus(8), Value.of(1));
        await(16);
        yields(50);
        runState("it blocks");
        vcpu("down", 2);
        runState("it blocks and is down");
        vcpu("up", 1);
        runState("it blocks");
        yields(50);
        program.print("  went on %x\n", state.plus(24).load64());
        vcpu("down", 2);
        vcpu("NMI", 11);
        runState("it is down");
        vcpu("up", 1);
        yields(500);
        program.print("  went on %x\n", state.plus(24).load64());
    }

    /** Sets a word in each round, and blocks when told to. */
    private void secondVcpu() {
        Assembler asm = program.asm();
        Label goesOn = program.label("goes_on");
        asm.align(16).bind(second).lea(RBX, ptr(stateLabel)).mov(RAX, 1).mov(ptr(RBX), RAX);
        asm.cmp(qword(ptr(RBX, 8)), 0).je(goesOn).mov(qword(ptr(RBX, 16)), 1);
        asm.mov(EDI, 1).xor(ESI, ESI).mov(EAX, SCHED_OP).syscall();
        asm.mov(qword(ptr(RBX, 24)), 1);
        asm.bind(goesOn).xor(EDI, EDI).mov(EAX, SCHED_OP).syscall().jmp(second);
    }
}
