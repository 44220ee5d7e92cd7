package io.github.paravane.testkit.advisory.tlb;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** Commit 03dc0c1ae5: grant mappings of the kernel are global. */
final class GlobalGrantMapping {

    private static final long LINEAR = 1L << 39;
    private static final int REFERENCE = 8;

    private GlobalGrantMapping() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("03dc0c1ae5", Layer.TLB, "Grants are mapped as user pages")
                .names("03dc0c1ae5")
                .mechanism("The entry of a grant mapping begins with U/S set, so the adjustment of L1 entries takes "
                        + "every one for a user page and sets G: a kernel's mapping of somebody else's page survives "
                        + "the switch to user mode in the TLB. NX is not set either.")
                .construction("The guest grants itself a page, maps the grant at a kernel address and reads the entry.")
                .telling("G is set, or U/S and bit 52.")
                .affected("3.0.3 to 3.3")
                .repaired("3.4 (03dc0c1ae5)")
                .provenance("Xen commit 03dc0c1ae5")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_3,
                AbiProfiles.XEN_3_4,
                GuestTrial.of(BugGuest.elf(GlobalGrantMapping::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Label l1 = steps.page("l1");
        grants.start().permit(REFERENCE, steps.page("data"), GrantSteps.PERMIT_ACCESS);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, LINEAR);
        grants.map(REFERENCE, GrantSteps.HOST_MAP).requireStatus("mapping the grant");
        steps.show("l1-entry", l1, 0);
        guest.asm().and(RAX, (int) Pte.GLOBAL);
        guest.judge(RAX, Pte.GLOBAL, "the mapping is global", 0, "the mapping is the kernel's");
    }
}
