package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Operations on nothing in particular: assists, the emergency console, batches of calls. */
final class OddCalls {
    private static final int CALL_SIZE = 64;
    private static final int MOST_CALLS = 5;

    private final GuestProgram program;
    private final Dice dice;
    private final OperationLog log;
    private final Value calls;
    private final Value text;

    OddCalls(Probe probe) {
        program = probe.program;
        dice = probe.dice;
        log = probe.log;
        calls = program.bytes(CALL_SIZE * (MOST_CALLS + 1));
        text = program.bytes(64);
    }

    /** Emits one operation of these. */
    void any() {
        dice.roll(
                new Face(4, this::assist),
                new Face(2, this::consoleIo),
                new Face(2, this::unknownCall),
                new Face(6, this::multicall));
    }

    private void assist() {
        Variable command = program.variable();
        Variable type = program.variable();
        program.set(command, dice.oneOf(0, 1, 0, 1, 0, 1, 2, -1, 1L << 32));
        program.set(type, dice.oneOf(0, 1, 2, 2, 3, 4, 5, 6, 31, 32, 63, 64, -1, 1L << 32 | 2));
        log.say("vm_assist", program.hypercall(Hypercalls.VM_ASSIST, command, type), command, type);
    }

    private void consoleIo() {
        Variable command = program.variable();
        Variable count = program.variable();
        program.set(command, dice.oneOf(0, 1, 2, 3, -1, 1L << 32));
        program.set(count, dice.oneOf(0, 1, 8, 64, -1));
        log.say("console_io", program.hypercall(Hypercalls.CONSOLE_IO, command, count, text), command, count);
    }

    /** Numbers that are no hypercall, or none for a domain like this. */
    private void unknownCall() {
        Variable argument = program.variable();
        program.set(argument, dice.oneOf(0, 1, -1, 1L << 47));
        dice.roll(
                new Face(1, () -> log.say("call 11", program.hypercall(11, argument, argument))),
                new Face(1, () -> log.say("call 19", program.hypercall(19, argument, argument))),
                new Face(1, () -> log.say("call 50", program.hypercall(50, argument, argument))),
                new Face(1, () -> log.say("call 63", program.hypercall(63, argument, argument))));
    }

    /** A batch whose calls are harmless; the list may be cut off by an address that is not mapped. */
    private void multicall() {
        Variable count = program.variable();
        Variable i = program.variable();
        program.set(count, dice.below(MOST_CALLS + 1));
        program.repeat(i, count, () -> fill(calls.plus(i.times(CALL_SIZE))));
        Variable list = program.variable();
        program.set(list, calls);
        program.when(dice.oneIn(12), () -> {
            program.set(list, dice.oneOf(0x1000_0000_0000L, -1L << 47, 8));
            program.set(count, dice.oneOf(0, 1, 2, -1, 1L << 31));
        });
        Variable result = program.variable();
        program.set(result, program.hypercall(Hypercalls.MULTICALL, list, count));
        program.repeat(
                i,
                Value.of(MOST_CALLS),
                () -> dice.hash(calls.plus(i.times(CALL_SIZE)).plus(8).load64()));
        log.say("multicall", result, count, list.eq(calls), calls.plus(8).load64());
    }

    private void fill(Value call) {
        program.store64(
                call,
                dice.oneOf(
                        Hypercalls.VM_ASSIST,
                        Hypercalls.SCHED_OP,
                        Hypercalls.MEMORY_OP,
                        Hypercalls.CONSOLE_IO,
                        11,
                        63,
                        64,
                        -1));
        program.store64(call.plus(8), Value.of(77));
        program.store64(call.plus(16), dice.oneOf(0, 0, 1, 14));
        program.store64(call.plus(24), dice.oneOf(0, 2, 4, 0x1000_0000_0000L));
        program.when(call.load64().eq(Hypercalls.SCHED_OP), () -> program.store64(call.plus(16), Value.of(0)));
    }
}
