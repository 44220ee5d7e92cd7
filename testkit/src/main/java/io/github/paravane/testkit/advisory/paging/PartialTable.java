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
import java.util.function.IntPredicate;

/** XSA-299: references of a table that is half validated. */
final class PartialTable {

    private static final int BAD_SLOT = 5;

    private PartialTable() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-299", Layer.PAGING, "An interrupted table that fails is dropped twice")
                .names("XSA-299", "CVE-2019-18421", "3165ffef09", "ff0b9a5d69", "18b0ab6978")
                .mechanism("Validation of a large table is interrupted now and then, and goes on when the hypercall is "
                        + "continued. A table half-way through holds no reference of its own. When the second half "
                        + "fails, the entry that names it drops one, and the code that undoes the first half another.")
                .construction(
                        "PIN_L4 of a tree whose L3 table is interrupted at slot 1 and has a wrong entry in slot 5.")
                .telling("The L3 frame has one reference less than before, or as many.")
                .affected("4.0 to 4.12")
                .repaired("4.13 (3165ffef09 and seven more)")
                .provenance("XSA-299; Xen commits 3165ffef09, ff0b9a5d69, 18b0ab6978")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12.toBuilder("xen-4.12-xsa-299")
                        .with(Quirk.INTERRUPTED_TABLE_DROPPED_TWICE)
                        .build(),
                AbiProfiles.XEN_4_14,
                stand -> play(stand, slot -> slot == 1));
    }

    /** Pins a tree whose L3 table is interrupted at some slots and has a wrong entry further on. */
    static Finding play(Stand stand, IntPredicate interrupted) {
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
                .preemption((mfn, level, slot) -> mfn == seen[0] && interrupted.test(slot))
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
