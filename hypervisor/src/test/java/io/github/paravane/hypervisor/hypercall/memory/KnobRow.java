package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.hypervisor.domain.Domain.Privilege;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.pagetable.MemoryRig;
import java.util.function.Function;

/** One boundary: the guest's action gives {@code older} before it and {@code newer} after it. */
record KnobRow(
        Knob<?> knob,
        AbiProfile before,
        AbiProfile after,
        HostOptions options,
        Privilege privilege,
        Function<MemoryRig, Object> action,
        Object older,
        Object newer) {

    static KnobRow row(
            Knob<?> knob,
            AbiProfile before,
            AbiProfile after,
            Function<MemoryRig, Object> action,
            Object older,
            Object newer) {
        return new KnobRow(knob, before, after, HostOptions.DEFAULT, Privilege.NONE, action, older, newer);
    }

    static KnobRow privileged(
            Knob<?> knob,
            AbiProfile before,
            AbiProfile after,
            Function<MemoryRig, Object> action,
            Object older,
            Object newer) {
        return new KnobRow(knob, before, after, HostOptions.DEFAULT, Privilege.CONTROL, action, older, newer);
    }

    static KnobRow with(HostOptions options, KnobRow row) {
        return new KnobRow(row.knob, row.before, row.after, options, row.privilege, row.action, row.older, row.newer);
    }

    Object result(AbiProfile profile) {
        return action.apply(new MemoryRig(profile, options, privilege));
    }

    @Override
    public String toString() {
        return knob + ": " + before.name() + " | " + after.name();
    }
}
