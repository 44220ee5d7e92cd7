package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.StartInfo;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;

/** The loop of a probe guest: counts operations, hashes what they give, prints single ones if asked to. */
final class OperationLog {
    private static final int LINE_EVERY = 256;

    private final GuestProgram program;
    private final StartInfo startInfo;
    private final Dice dice;
    private final Variable number;
    private final Variable isVerbose;

    OperationLog(GuestProgram program, StartInfo startInfo, Dice dice) {
        this.program = program;
        this.startInfo = startInfo;
        this.dice = dice;
        number = program.variable();
        isVerbose = program.variable();
    }

    /** Emits the loop; {@code sweep} runs after every {@code sweepEvery}th operation, a power of two. */
    void run(Runnable operation, int sweepEvery, Runnable sweep) {
        Variable seed = program.variable();
        Variable count = program.variable();
        Variable from = program.variable();
        Variable to = program.variable();
        Variable always = program.variable();
        program.set(seed, startInfo.number("seed", Value.of(1)));
        dice.seed(seed);
        program.set(count, startInfo.number("n", Value.of(2000)));
        program.set(from, startInfo.number("vfrom", Value.of(-1)));
        program.set(to, startInfo.number("vto", Value.of(-1)));
        program.set(always, startInfo.has("verbose"));
        program.repeat(number, count, () -> {
            Value inWindow = number.below(from).isZero().and(to.below(number).isZero());
            program.set(isVerbose, always.or(inWindow));
            operation.run();
            Value done = number.plus(1);
            program.when(done.and(sweepEvery - 1).isZero(), sweep);
            program.when(done.and(LINE_EVERY - 1).isZero(), () -> program.print("PROBE %d %x\n", done, dice.hash()));
        });
        program.print("PROBE-END seed=%d n=%d hash=%x\n", seed, count, dice.hash());
    }

    /** Emits a result that enters the hash: what was done, what the hypervisor said, and what else is to be compared. */
    void say(String name, Value result, Value... details) {
        Variable answer = program.variable();
        program.set(answer, result);
        dice.hash(answer);
        Variable[] values = new Variable[details.length];
        for (int i = 0; i < details.length; i++) {
            values[i] = program.variable();
            program.set(values[i], details[i]);
            dice.hash(values[i]);
        }
        program.when(isVerbose, () -> {
            program.print("%d " + name + " rc=%d", number, answer);
            for (Variable value : values) {
                program.print(" %x", value);
            }
            program.print(" H=%x\n", dice.hash());
        });
    }
}
