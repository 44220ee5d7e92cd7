package io.github.paravane.testkit.advisory;

import java.util.stream.Collectors;

/**
 * One invocation of an {@link EveryKnownBug} test.
 *
 * @param bug the bug
 * @param faulty whether it is about the profile that has it
 */
public record BugCase(KnownBug bug, boolean faulty) {

    /** The replay of this case, to be given the core or TLB under test. */
    public Replay replay() {
        return faulty ? Replay.of(bug) : Replay.of(bug).onFixed();
    }

    /** What must come out: FAILURE on the profile that has the bug, SUCCESS on the other. */
    public Outcome expected() {
        return faulty ? Outcome.FAILURE : Outcome.SUCCESS;
    }

    /** Plays a replay and throws {@link AssertionError} with the evidence if something else comes out. */
    public void check(Replay replay) {
        Replay.Result result = replay.play();
        if (result.outcome() != expected()) {
            throw new AssertionError(result + ", but " + expected() + " is right"
                    + result.finding().evidence().stream()
                            .map(evidence -> "\n  " + evidence)
                            .collect(Collectors.joining()));
        }
    }

    @Override
    public String toString() {
        return bug.id() + (faulty ? " present on " + bug.faulty() : " absent on " + bug.fixed());
    }
}
