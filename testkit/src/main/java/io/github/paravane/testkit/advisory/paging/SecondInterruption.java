package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;

/** XSA-310: a table that is interrupted twice. */
final class SecondInterruption {

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
                stand -> PartialTable.play(stand, slot -> slot == 1 || slot == 2));
    }
}
