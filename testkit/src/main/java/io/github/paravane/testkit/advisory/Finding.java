package io.github.paravane.testkit.advisory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The end of a trial.
 *
 * @param outcome whether the bug is there
 * @param summary what was seen, in one sentence
 * @param evidence what it was seen by; unmodifiable
 */
public record Finding(Outcome outcome, String summary, List<Evidence> evidence) {

    public Finding {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(summary, "summary");
        evidence = List.copyOf(evidence);
    }

    /** A finding without evidence yet. */
    public static Finding of(Outcome outcome, String summary) {
        return new Finding(outcome, summary, List.of());
    }

    /** FAILURE with one sentence if {@code present}, SUCCESS with the other if not. */
    public static Finding of(boolean present, String ifPresent, String ifAbsent) {
        return present ? of(Outcome.FAILURE, ifPresent) : of(Outcome.SUCCESS, ifAbsent);
    }

    /** The same with one more piece of evidence. */
    public Finding with(Evidence more) {
        List<Evidence> all = new ArrayList<>(evidence);
        all.add(more);
        return new Finding(outcome, summary, all);
    }

    /** The same with a number as evidence. */
    public Finding with(String name, long value) {
        return with(Evidence.hex(name, value));
    }
}
