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

/** XSA-310: a table that is interrupted twice. */
final class SecondInterruption {

    private static final int BAD_SLOT = 5;

    private SecondInterruption() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-310", Layer.PAGING, "A second interruption forgets what the first one held")
                .names("XSA-310", "CVE-2019-19580", "4e70f4476c", "66bdc16aee", "ececa12b2c")
                .mechanism("Validation of a large table is interrupted now and then, and goes on when the hypercall is "
                        + "continued. The state of a table half-way through says which references it holds. A second "
                        + "interruption in the same table loses that, and if the table fails then, a reference is "
                        + "dropped that was not there.")
                .construction(
                        "PIN_L4 of a tree whose L3 table is interrupted at slots 1 and 2 and has a wrong entry in "
                                + "slot 5.")
                .telling("The L3 frame has one reference less than before, or as many.")
                .affected("4.13, and older versions with the repair of XSA-299")
                .repaired("4.14 (4e70f4476c, 66bdc16aee, ececa12b2c)")
                .provenance("XSA-310; Xen commit 4e70f4476c")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12.toBuilder("xen-4.13-xsa-310")
                        .with(Quirk.SECOND_INTERRUPTION_FORGETS)
                        .build(),
                AbiProfiles.XEN_4_14,
                SecondInterruption::play);
    }

    private static Finding play(Stand stand) {
        long[] seen = {-1, 0, 0, 0};
        PvMachine[] machine = new PvMachine[1];
        BootScript script = new BootScript((port, space) -> {
            ScriptSteps steps = new ScriptSteps(port, space);
            long l4 = space.allocate();
            long l3 = space.allocate();
            long l2 = space.allocate();
            port.store(l4, 8, steps.entry(l3, TableSteps.TABLE));
            port.store(l3, 8, steps.entry(l2, TableSteps.TABLE));
            port.store(l3 + 8 * BAD_SLOT, 8, steps.entry(l2, TableSteps.TABLE | Pte.GLOBAL));
            space.protect(l4);
            space.protect(l3);
            space.protect(l2);
            seen[0] = space.mfn(l3);
            seen[1] = machine[0].frame(seen[0]).count();
            seen[2] = steps.extended(Hypercalls.PIN_L4_TABLE, space.mfn(l4), 0);
            seen[3] = machine[0].frame(seen[0]).count();
        });
        machine[0] = stand.machine()
                .preemption((mfn, level, slot) -> mfn == seen[0] && (slot == 1 || slot == 2))
                .domain(DomainConfig.of(script))
                .build();
        stand.run(machine[0]);
        return Finding.of(seen[3] < seen[1], "a reference of the table is gone", "the table has its references")
                .with("table", seen[0])
                .with("pin", seen[2])
                .with("references-before", seen[1])
                .with("references-after", seen[3]);
    }
}
