package io.github.paravane.testkit.advisory.paging;

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

/** XSA-309: the count of linear entries after an interruption. */
final class ForgottenLinks {

    private ForgottenLinks() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-309", Layer.PAGING, "Linear entries before an interruption are forgotten")
                .names("XSA-309", "CVE-2019-19578", "7473efd12f")
                .mechanism("Validation of a large table is interrupted now and then, and goes on when the hypercall is "
                        + "continued. When it goes on, the count of linear entries begins at 0 again: the entries "
                        + "before the interruption do not count, and the rule that a table with linear entries is no "
                        + "linear target can be got round.")
                .construction(
                        "An L3 table with a linear entry in slot 0 is pinned, with an interruption at slot 1; then "
                                + "another table names it.")
                .telling("The second link is accepted, or EINVAL.")
                .affected("4.10 to 4.13")
                .repaired("4.14 (7473efd12f)")
                .provenance("XSA-309; Xen commit 7473efd12f")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12.toBuilder("xen-4.13-xsa-309")
                        .with(Quirk.LINEAR_COUNT_RESET)
                        .build(),
                AbiProfiles.XEN_4_14,
                ForgottenLinks::play);
    }

    private static Finding play(Stand stand) {
        long[] seen = {-1, 0, 0};
        BootScript script = new BootScript((port, space) -> {
            ScriptSteps steps = new ScriptSteps(port, space);
            long a = space.allocate();
            long b = space.allocate();
            long c = space.allocate();
            port.store(a, 8, steps.entry(b, TableSteps.LINEAR));
            space.protect(a);
            space.protect(b);
            space.protect(c);
            steps.extended(Hypercalls.PIN_L3_TABLE, space.mfn(b), 0);
            steps.extended(Hypercalls.PIN_L3_TABLE, space.mfn(c), 0);
            seen[0] = space.mfn(a);
            seen[1] = steps.extended(Hypercalls.PIN_L3_TABLE, space.mfn(a), 0);
            seen[2] = steps.update(space.mfn(c) << 12, steps.entry(a, TableSteps.LINEAR), GuestRuntime.DOMID_SELF);
        });
        stand.run(stand.machine()
                .preemption((mfn, level, slot) -> mfn == seen[0] && slot == 1)
                .domain(DomainConfig.of(script))
                .build());
        return Finding.of(seen[2] == 0, "a chain of three tables", "a table with a link is no target of one")
                .with("table", seen[0])
                .with("pin", seen[1])
                .with("link", seen[2]);
    }
}
