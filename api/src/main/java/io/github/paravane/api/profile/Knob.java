package io.github.paravane.api.profile;

import java.util.Objects;

/**
 * One thing that differs between versions of the ABI: a typed key of an {@link AbiProfile}.
 *
 * <p>The library's knobs are constants of {@link PteRules}, {@link MmuRules}, {@link EntryRules},
 * {@link PrivilegedRules} and {@link VersionRules}. Components read the knobs they need once, when a machine is built.
 *
 * @param <T> type of the value; immutable, with a readable {@code toString} and value equality
 */
public final class Knob<T> implements Comparable<Knob<?>> {

    private final String name;
    private final Class<T> type;
    private final String meaning;

    private Knob(String name, Class<T> type, String meaning) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
        this.meaning = Objects.requireNonNull(meaning, "meaning");
    }

    /**
     * A new knob.
     *
     * @param name group and name, for instance {@code pte.l1-disallowed}; unique
     * @param meaning one sentence for people, with units and bit positions
     */
    public static <T> Knob<T> of(String name, Class<T> type, String meaning) {
        return new Knob<>(name, type, meaning);
    }

    /** Group and name. */
    public String name() {
        return name;
    }

    /** Type of the value. */
    public Class<T> type() {
        return type;
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }

    @Override
    public int compareTo(Knob<?> other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
