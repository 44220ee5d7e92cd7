package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.*;

import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/**
 * The probe of entries on top of entries: handlers that fault themselves, events that become pending on the way in, on
 * the way out and between the calls of a batch. The whole stack is compared.
 *
 * <p>An instruction that makes an event pending and the one that enters the hypervisor follow each other directly, so that
 * no interrupt comes between.
 */
final class EventsProbe {
    private static final int NO_SWEEP = 1 << 20;
    private static final int CALL_SIZE = 64;
    private static final int CALLS = 3;

    private static final int EVTCHN_BIND_INTERDOMAIN = 0;
    private static final int EVTCHN_BIND_VIRQ = 1;
    private static final int EVTCHN_SEND = 4;
    private static final int EVTCHN_ALLOC_UNBOUND = 6;
    private static final int EVTCHN_UNMASK = 9;
    private static final int VCPUOP_STOP_PERIODIC_TIMER = 7;
    private static final int PENDING_SELECTOR = 8;
    private static final int PENDING = 2048;
    private static final int MASK = 2560;

    private final Probe probe = new Probe();
    private final GuestProgram program = probe.program;
    private final Dice dice = probe.dice;
    private final EntryScene scene = new EntryScene(probe);
    private final EntryGates gates = new EntryGates(scene);
    private final Value calls = program.bytes(CALLS * CALL_SIZE);
    private final Value words = program.bytes(32);
    private final Variable sender = program.variable();
    private final Variable receiver = program.variable();
    private final Variable timer = program.variable();
    private final Variable user = program.variable();
    private final Variable rip = program.variable();
    private final Variable flags = program.variable();

    private EventsProbe() {}

    static byte[] elf() {
        return new EventsProbe().build();
    }

    private byte[] build() {
        program.main(() -> {
            scene.start();
            start();
            probe.log.run(this::any, NO_SWEEP, () -> {});
        });
        return program.toElf();
    }

    /** Two ports of the domain's that are connected with each other, and one for the timer. */
    private void start() {
        program.store32(words, Value.of(GuestRuntime.DOMID_SELF << 16 | GuestRuntime.DOMID_SELF));
        channel(EVTCHN_ALLOC_UNBOUND);
        program.set(receiver, words.plus(4).load32());
        program.store32(words, Value.of(GuestRuntime.DOMID_SELF));
        program.store32(words.plus(4), receiver);
        channel(EVTCHN_BIND_INTERDOMAIN);
        program.set(sender, words.plus(8).load32());
        program.store64(words, Value.of(0));
        channel(EVTCHN_BIND_VIRQ);
        program.set(timer, words.plus(8).load32());
        dice.hash(
                program.hypercall(Hypercalls.VCPU_OP, Value.of(VCPUOP_STOP_PERIODIC_TIMER), Value.of(0), Value.of(0)));
    }

    private void channel(int command) {
        dice.hash(program.hypercall(Hypercalls.EVENT_CHANNEL_OP, Value.of(command), words));
    }

    /** A hypercall with all registers of the probe's; it may end in an event, and does end in #UD. */
    private void attempt(int number, Value... arguments) {
        program.attempt(() -> {
            scene.loadRegisters();
            program.run(program.hypercall(number, arguments));
            // where a batch was interrupted without an event is the hypervisor's affair
            program.asm().xor(ESI, ESI).xor(EDI, EDI).ud2();
        });
    }

    private void any() {
        gates.nest();
        quiet();
        scene.anyRegisters();
        scene.set(RBX, dice.oneOf(EntryScene.HOLE, EntryScene.CONSTANT + 8, EntryScene.DATA + 16, 1L << 47));
        scene.set(R12, scene.info());
        scene.clearStack();
        program.set(user, dice.below(2));
        program.set(flags, dice.any().and(dice.oneOf(0xcd5, 0xed5, 0x20_4ed5, 0x202, 0x302)));
        rip();
        scene.frame(user, rip, flags);
        dice.roll(
                new Face(8, this::leave),
                new Face(1, this::send),
                new Face(2, this::batch),
                new Face(1, this::unmask),
                new Face(1, this::setTimer));
    }

    /** No port pending, all masked. */
    private void quiet() {
        Value shared = scene.info();
        scene.upcalls(Value.of(0), Value.of(1));
        program.store64(shared.plus(MASK), Value.of(-1));
        program.store64(shared.plus(PENDING), Value.of(0));
        program.store64(shared.plus(PENDING_SELECTOR), Value.of(0));
    }

    private void unmask(Value port) {
        program.store64(scene.info().plus(MASK), Value.of(1).shl(port).xor(Value.of(-1)));
    }

    /** Where to go on; SYSCALL in user mode changes flags of the kernel's, which an event would show. */
    private void rip() {
        program.set(rip, scene.anyCode());
        program.when(dice.below(2), () -> program.add(rip, EntryCode.STORING));
        program.when(
                user.and(rip.eq(EntryScene.CODE + EntryCode.STORING + EntryCode.SYSCALL * EntryCode.SIZE)),
                () -> program.set(rip, EntryScene.CODE + EntryCode.STORING));
    }

    private void leave() {
        Variable pending = probe.set(dice.oneIn(3));
        scene.upcalls(pending, Value.of(1));
        program.attempt(scene::leave);
        scene.say("leave", user, rip, flags, pending);
    }

    /** An event for the domain itself. */
    private void send() {
        Variable mask = probe.set(dice.oneIn(3));
        unmask(receiver);
        program.store32(words, sender);
        scene.upcalls(Value.of(0), mask);
        attempt(Hypercalls.EVENT_CHANNEL_OP, Value.of(EVTCHN_SEND), words);
        scene.say("send", mask);
    }

    /** An event that is pending already becomes visible. */
    private void unmask() {
        program.store32(words, sender);
        channel(EVTCHN_SEND);
        program.store32(words, receiver);
        scene.upcalls(Value.of(0), Value.of(0));
        attempt(Hypercalls.EVENT_CHANNEL_OP, Value.of(EVTCHN_UNMASK), words);
        scene.say("unmask");
    }

    /** A timer that is over when it is set. */
    private void setTimer() {
        Variable mask = probe.set(dice.oneIn(3));
        unmask(timer);
        scene.upcalls(Value.of(0), mask);
        attempt(Hypercalls.SET_TIMER_OP, Value.of(1));
        scene.say("timer", mask);
    }

    /** The first call of a batch makes an event pending; the next is made when the event is over. */
    private void batch() {
        Variable wanted = probe.set(dice.below(3));
        unmask(receiver);
        program.when(wanted.isZero(), () -> program.store64(scene.info().plus(MASK), Value.of(-1)));
        program.store32(words, sender);
        call(0, Value.of(Hypercalls.EVENT_CHANNEL_OP), Value.of(EVTCHN_SEND), words);
        call(1, Value.of(Hypercalls.XEN_VERSION), Value.of(0), Value.of(0));
        call(2, Value.of(Hypercalls.XEN_VERSION), Value.of(0), Value.of(0));
        scene.upcalls(Value.of(0), Value.of(0));
        attempt(Hypercalls.MULTICALL, calls, Value.of(CALLS));
        Variable first = probe.set(calls.plus(8).load64());
        Variable second = probe.set(calls.plus(CALL_SIZE + 8).load64());
        scene.say("batch", wanted, first, second);
    }

    private void call(int index, Value number, Value first, Value second) {
        Value entry = calls.plus((long) index * CALL_SIZE);
        program.store64(entry, number);
        program.store64(entry.plus(8), Value.of(77));
        program.store64(entry.plus(16), first);
        program.store64(entry.plus(24), second);
    }
}
