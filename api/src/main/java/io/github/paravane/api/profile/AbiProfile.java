package io.github.paravane.api.profile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One version of the PV ABI, as an immutable value:
 *
 * <ul>
 *   <li>a name for people, such as {@code xen-4.17}; no component reads it;
 *   <li>a value for every {@link Knob}: masks, layouts, rules, known bugs;
 *   <li>the {@link Provenance} of those values.
 * </ul>
 *
 * <p>A variant is made with {@link #toBuilder}: {@code XEN_4_17.toBuilder("mine").set(MmuRules.FLUSH_ON_UPPER_UPDATE,
 * false).build()}. Two profiles with equal knobs behave alike.
 */
public final class AbiProfile {

    private final String name;
    private final Provenance provenance;
    private final SortedMap<Knob<?>, Object> values;

    private AbiProfile(String name, Provenance provenance, SortedMap<Knob<?>, Object> values) {
        this.name = name;
        this.provenance = provenance;
        this.values = Collections.unmodifiableSortedMap(values);
    }

    /** An empty profile to be filled: only for the first of a family. */
    public static Builder builder(String name) {
        return new Builder(name, new TreeMap<>());
    }

    /** A builder that starts with this profile's values. */
    public Builder toBuilder(String newName) {
        return new Builder(newName, new TreeMap<>(values)).provenance(provenance);
    }

    /** The name for people. */
    public String name() {
        return name;
    }

    /** Where the values come from. */
    public Provenance provenance() {
        return provenance;
    }

    /** The value of {@code knob}; {@link IllegalArgumentException} if the profile does not define it. */
    public <T> T get(Knob<T> knob) {
        Object value = values.get(knob);
        if (value == null) {
            throw new IllegalArgumentException("profile " + name + " does not define " + knob);
        }
        return Objects.requireNonNull(knob.type().cast(value));
    }

    /** Whether this version has a published bug; see {@link QuirkSet#QUIRKS}. */
    public boolean has(Quirk quirk) {
        return get(QuirkSet.QUIRKS).contains(quirk);
    }

    /** The knobs it defines with their values, in the order of their names; unmodifiable. */
    public SortedMap<Knob<?>, Object> values() {
        return values;
    }

    /** The knobs whose values differ, in the order of their names. */
    public List<Difference> differences(AbiProfile other) {
        List<Difference> result = new ArrayList<>();
        SortedMap<Knob<?>, Object> all = new TreeMap<>(values);
        all.putAll(other.values);
        for (Knob<?> knob : all.keySet()) {
            Object mine = values.get(knob);
            Object theirs = other.values.get(knob);
            if (!Objects.equals(mine, theirs)) {
                result.add(new Difference(knob, mine, theirs));
            }
        }
        return result;
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * A knob with two values.
     *
     * @param from the value in the profile asked, null if undefined
     * @param to the value in the other, null if undefined
     */
    public record Difference(
            Knob<?> knob, @Nullable Object from, @Nullable Object to) {}

    /** Collects the values of a profile. */
    public static final class Builder {

        private final String name;
        private final Map<Knob<?>, Object> values;
        private @Nullable Provenance provenance;

        private Builder(String name, Map<Knob<?>, Object> values) {
            this.name = Objects.requireNonNull(name, "name");
            this.values = values;
        }

        /** Sets one knob. */
        public <T> Builder set(Knob<T> knob, T value) {
            values.put(knob, Objects.requireNonNull(value, knob.name()));
            return this;
        }

        /** Adds published bugs. */
        public Builder with(Quirk... quirks) {
            return set(QuirkSet.QUIRKS, quirks().with(quirks));
        }

        /** Takes published bugs away. */
        public Builder without(Quirk... quirks) {
            return set(QuirkSet.QUIRKS, quirks().without(quirks));
        }

        private QuirkSet quirks() {
            Object present = values.get(QuirkSet.QUIRKS);
            return present instanceof QuirkSet set ? set : QuirkSet.none();
        }

        /** Sets where the values come from. */
        public Builder provenance(Provenance value) {
            provenance = Objects.requireNonNull(value, "provenance");
            return this;
        }

        /** The profile; {@link IllegalStateException} without provenance. */
        public AbiProfile build() {
            Provenance from = provenance;
            if (from == null) {
                throw new IllegalStateException("profile " + name + " has no provenance");
            }
            return new AbiProfile(name, from, new TreeMap<>(values));
        }
    }
}
