package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.ScriptSteps;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Commit 77beba7c92: uses of linear targets after a failed validation. */
final class LingeringLinks {

    private static final int BAD_SLOT = 5;

    private LingeringLinks() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("77beba7c92", Layer.PAGING, "Linear targets stay in use when validation fails")
                .names("77beba7c92")
                .mechanism("Validation of a large table is interrupted now and then, and goes on when the hypercall is "
                        + "continued. If it fails after that, the references of the entries before the interruption are"
                        + " dropped, but the tables that they named as linear targets stay marked as such, and may "
                        + "never hold a linear entry themselves.")
                .construction("An L3 table with a linear entry in slot 0 and a wrong one in slot 5 is pinned, with an "
                        + "interruption at slot 1; then the table that it named gets a linear entry.")
                .telling("The link is EINVAL, or 0.")
                .affected("4.10 to 4.12")
                .repaired("4.13 (77beba7c92)")
                .provenance("Xen commit 77beba7c92")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_11.toBuilder("xen-4.11-links")
                        .with(Quirk.LINEAR_USES_KEPT)
                        .build(),
                AbiProfiles.XEN_4_12,
                LingeringLinks::play);
    }

    private static Finding play(Stand stand) {
        long[] seen = {-1, 0, 0};
        BootScript script = new BootScript((port, space) -> {
            ScriptSteps steps = new ScriptSteps(port, space);
            long a = space.allocate();
            long b = space.allocate();
            long c = space.allocate();
            port.store(a, 8, steps.entry(b, TableSteps.LINEAR));
            port.store(a + 8 * BAD_SLOT, 8, steps.entry(c, TableSteps.TABLE | Pte.GLOBAL));
            space.protect(a);
            space.protect(b);
            space.protect(c);
            steps.extended(Hypercalls.PIN_L3_TABLE, space.mfn(b), 0);
            steps.extended(Hypercalls.PIN_L3_TABLE, space.mfn(c), 0);
            seen[0] = space.mfn(a);
            seen[1] = steps.extended(Hypercalls.PIN_L3_TABLE, space.mfn(a), 0);
            seen[2] = steps.update(space.mfn(b) << 12, steps.entry(c, TableSteps.LINEAR), GuestRuntime.DOMID_SELF);
        });
        stand.run(stand.machine()
                .preemption((mfn, level, slot) -> mfn == seen[0] && slot == 1)
                .domain(DomainConfig.of(script))
                .build());
        return Finding.of(seen[2] != 0, "a legal link is refused", "the failed validation left nothing behind")
                .with("table", seen[0])
                .with("pin", seen[1])
                .with("link", seen[2]);
    }
}
