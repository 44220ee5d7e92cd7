package io.github.paravane.api.profile;

import io.github.paravane.api.hypercall.HypercallId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A set of hypercalls by number.
 *
 * @param names name by number; copied, unmodifiable
 */
public record HypercallNames(SortedMap<Integer, String> names) {

    public HypercallNames {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    }

    /** The set with one more, or with another name for a number. */
    public HypercallNames with(int number, String name) {
        SortedMap<Integer, String> more = new TreeMap<>(names);
        more.put(number, name);
        return new HypercallNames(more);
    }

    /** The set without a number. */
    public HypercallNames without(int number) {
        SortedMap<Integer, String> fewer = new TreeMap<>(names);
        fewer.remove(number);
        return new HypercallNames(fewer);
    }

    /** The id for a number. */
    public Optional<HypercallId> find(int number) {
        return Optional.ofNullable(names.get(number)).map(name -> new HypercallId(number, name));
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
