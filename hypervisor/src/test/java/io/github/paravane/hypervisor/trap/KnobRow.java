package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Knob;
import java.util.function.Function;

/**
 * One boundary of the ABI: what a guest does, and what comes of it in the last profile with the old value of a knob and in
 * the first with the new one.
 */
record KnobRow(
        Knob<?> knob, AbiProfile before, AbiProfile after, Function<EntryRig, String> action, String was, String is) {

    static KnobRow of(
            Knob<?> knob,
            AbiProfile before,
            AbiProfile after,
            Function<EntryRig, String> action,
            Object was,
            Object is) {
        return new KnobRow(knob, before, after, action, String.valueOf(was), String.valueOf(is));
    }

    /** A knob that has one value in every profile; {@code changed} is what another value would do. */
    static <T> KnobRow constant(
            Knob<T> knob, AbiProfile profile, T value, Function<EntryRig, String> action, Object was, Object is) {
        AbiProfile variant = profile.toBuilder("variant").set(knob, value).build();
        return of(knob, profile, variant, action, was, is);
    }

    @Override
    public String toString() {
        return knob.name() + " " + before.name() + " / " + after.name();
    }
}
