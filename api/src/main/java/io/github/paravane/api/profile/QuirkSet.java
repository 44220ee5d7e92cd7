package io.github.paravane.api.profile;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The published bugs that a profile has: an immutable set, and the type of the knob {@link #QUIRKS}. */
public final class QuirkSet {

    /** The published bugs of a version. */
    public static final Knob<QuirkSet> QUIRKS = Knob.of(
            "quirk.present", QuirkSet.class, "published bugs of this version, beyond what the other knobs express");

    private static final QuirkSet NONE = new QuirkSet(EnumSet.noneOf(Quirk.class));

    private final Set<Quirk> quirks;

    private QuirkSet(EnumSet<Quirk> quirks) {
        this.quirks = Collections.unmodifiableSet(quirks);
    }

    /** The empty set. */
    public static QuirkSet none() {
        return NONE;
    }

    /** This set and {@code more}. */
    public QuirkSet with(Quirk... more) {
        EnumSet<Quirk> all = copy();
        all.addAll(List.of(more));
        return new QuirkSet(all);
    }

    /** This set without {@code fewer}. */
    public QuirkSet without(Quirk... fewer) {
        EnumSet<Quirk> rest = copy();
        List.of(fewer).forEach(rest::remove);
        return new QuirkSet(rest);
    }

    private EnumSet<Quirk> copy() {
        EnumSet<Quirk> all = EnumSet.noneOf(Quirk.class);
        all.addAll(quirks);
        return all;
    }

    /** Whether {@code quirk} is in it. */
    public boolean contains(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** The quirks, in the order of their declaration; unmodifiable. */
    public Set<Quirk> quirks() {
        return quirks;
    }

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(QUIRKS);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuirkSet set && set.quirks.equals(quirks);
    }

    @Override
    public int hashCode() {
        return quirks.hashCode();
    }

    /** The names, separated by commas; {@code none} if it is empty. */
    @Override
    public String toString() {
        return quirks.isEmpty() ? "none" : quirks.stream().map(Quirk::id).collect(Collectors.joining(", "));
    }
}
