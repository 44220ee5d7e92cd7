package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** XSA-148: an L1 table becomes a writable superpage. */
final class LargePageFlag {

    private LargePageFlag() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-148", Layer.PAGING, "PSE is set in an L2 entry without validation")
                .names("XSA-148", "CVE-2015-7835", "fe360c90ea")
                .mechanism("PSE left the mask of forbidden L2 bits for the boot option that permits superpages, even "
                        + "where the option is off, and an update of flags alone is not validated. An L2 entry that "
                        + "names an L1 table becomes a writable mapping of 2 MiB around it.")
                .construction("A pinned L2 table names an L1 table; the same entry is stored with PSE.")
                .telling("The update succeeds, or is EINVAL.")
                .affected("3.4 (bd1cd81d64) to 4.6")
                .repaired("4.7 (fe360c90ea)")
                .provenance("XSA-148; Xen commits bd1cd81d64 and fe360c90ea")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_6, AbiProfiles.XEN_4_7, GuestTrial.of(BugGuest.elf(LargePageFlag::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l2 = steps.page("l2");
        Label l1 = steps.page("l1");
        steps.fill(l2, 0, l1, TableSteps.TABLE).freeze(l2, l1).pin(2, l2).require("pinning an L2 table");
        steps.set(l2, 0, l1, TableSteps.TABLE | Pte.PSE);
        guest.asm().mov(R12, RAX);
        steps.show("l2-entry", l2, 0);
        guest.judge(R12, 0, "the L2 entry maps 2 MiB around the L1 table", -22, "PSE is refused");
    }
}
