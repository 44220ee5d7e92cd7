package io.github.paravane.api.profile;

import java.util.Locale;
import java.util.Objects;

/**
 * A published bug of some version of the hypervisor that no other {@link Knob} expresses. Present in a profile's
 * {@link QuirkSet}, the faulty behaviour is there; absent, the correct one.
 *
 * <p>Each quirk is read in exactly one place, once, when a machine is built. The testkit's known bugs give each one its
 * story and a guest that tells the two behaviours apart.
 */
public enum Quirk {
    /** XSA-193, 2016: the base of FS or GS is loaded without a check that it is canonical, and the hypervisor dies. */
    NON_CANONICAL_BASE_LOADED("XSA-193", "the hypervisor loads a non-canonical FS or GS base and dies of the fault"),

    /** 2020: the user GS base of before survives the load of a user GS selector. */
    USER_SELECTOR_KEEPS_BASE("afe018e041", "set_segment_base with a selector keeps the old base of the user GS");

    private final String origin;
    private final String meaning;

    Quirk(String origin, String meaning) {
        this.origin = Objects.requireNonNull(origin, "origin");
        this.meaning = Objects.requireNonNull(meaning, "meaning");
    }

    /** Where it was published: {@code XSA-193}, or the abbreviated commit that repaired it. */
    public String origin() {
        return origin;
    }

    /** What goes wrong, in one line. */
    public String meaning() {
        return meaning;
    }

    /** The name for people and files: lower case with hyphens. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
