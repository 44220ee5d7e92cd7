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

/** Commit 3052b875c7: cache attributes of L1 entries. */
final class UncachedLeaf {

    private static final long LINEAR = 1L << 39;

    private UncachedLeaf() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "3052b875c7", Layer.PAGING, "Cache bits of an L1 entry (a difference of the ABI)")
                .names("3052b875c7")
                .mechanism("PWT and PCD of an L1 entry were every guest's to choose. A guest without devices has no "
                        + "reason to make memory uncached, and mappings of one frame with different caching are "
                        + "undefined on many processors.")
                .construction("update_va_mapping of an own page with PCD.")
                .telling("The entry is stored, or EINVAL.")
                .affected("to 3.1 (no bug: the older rule)")
                .repaired("3.2 (3052b875c7)")
                .provenance("Xen commit 3052b875c7")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, GuestTrial.of(BugGuest.elf(UncachedLeaf::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        Label data = steps.page("data");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.entry(data, TableSteps.PAGE | Pte.PCD).map(LINEAR);
        guest.asm().mov(R12, RAX);
        steps.show("l1-entry", l1, 0);
        guest.judge(R12, 0, "memory is mapped uncached", -22, "PCD is refused");
    }
}
