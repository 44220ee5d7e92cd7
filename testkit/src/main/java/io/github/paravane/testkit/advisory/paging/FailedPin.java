package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.Finding;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.ScriptSteps;
import io.github.paravane.testkit.advisory.Stand;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.guest.BootScript;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-58: the error path of a pin drops a reference too many. */
final class FailedPin {

    private FailedPin() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-58", Layer.PAGING, "A failing pin drops its reference twice")
                .names("XSA-58", "CVE-2013-1432", "9b167bd2f3")
                .mechanism(
                        "Since validation can be preempted, a table whose validation fails below its own level is put"
                                + " aside, together with its reference, to be dropped later; the error path of the pin drops "
                                + "the reference at once as well.")
                .construction("An L3 table whose first entry names a good L2 table and whose second names one with a "
                        + "forbidden entry is pinned.")
                .telling("The pin is EINVAL, and the frame has one reference less than before, or as many.")
                .affected("development of 4.3 and stable branches with the repair of XSA-45")
                .repaired("4.3 (9b167bd2f3)")
                .provenance("XSA-58; Xen commit 9b167bd2f3")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_2.toBuilder("xen-4.2-xsa-45")
                        .with(Quirk.FAILED_PIN_DROPS_TWICE)
                        .build(),
                AbiProfiles.XEN_4_3,
                FailedPin::play);
    }

    private static Finding play(Stand stand) {
        long[] seen = new long[3];
        PvMachine[] machine = new PvMachine[1];
        machine[0] = stand.machine()
                .domain(DomainConfig.of(new BootScript((port, space) -> {
                    ScriptSteps steps = new ScriptSteps(port, space);
                    long l3 = space.allocate();
                    long good = space.allocate();
                    long bad = space.allocate();
                    port.store(l3, 8, steps.entry(good, TableSteps.TABLE));
                    port.store(l3 + 8, 8, steps.entry(bad, TableSteps.TABLE));
                    port.store(bad, 8, steps.entry(good, TableSteps.TABLE | Pte.GLOBAL));
                    space.protect(l3);
                    space.protect(good);
                    space.protect(bad);
                    seen[0] = machine[0].frame(space.mfn(l3)).count();
                    seen[1] = steps.extended(Hypercalls.PIN_L3_TABLE, space.mfn(l3), 0);
                    seen[2] = machine[0].frame(space.mfn(l3)).count();
                })))
                .build();
        stand.run(machine[0]);
        return Finding.of(seen[2] < seen[0], "a reference of the frame is gone", "the frame has its references")
                .with("result", seen[1])
                .with("references-before", seen[0])
                .with("references-after", seen[2]);
    }
}
