package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** XSA-37: the assertion on the error code of a refused type. */
final class RefusedType {

    private RefusedType() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-37", Layer.PAGING, "An assertion on the error of a refused type")
                .names("XSA-37", "CVE-2013-0154", "8bb51a72e2")
                .mechanism("A debug build asserts that a type can be refused with EINVAL only. Since the errors of "
                        + "entries became precise, the audit of an L1 table fails with EPERM or EBUSY, too, and the "
                        + "host dies.")
                .construction(
                        "An L2 entry is made to name a frame whose first word is a writable entry for the root table.")
                .telling("The host dies, or the update fails.")
                .affected("4.2 as a debug build (be640b1800)")
                .repaired("4.3 (8bb51a72e2)")
                .provenance("XSA-37; Xen commits be640b1800 and 8bb51a72e2")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_2.toBuilder("xen-4.2-debug")
                        .with(Quirk.REFUSED_TYPE_ASSERTS)
                        .build(),
                AbiProfiles.XEN_4_3,
                GuestTrial.of(BugGuest.elf(RefusedType::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l2 = steps.page("l2");
        Label l1 = steps.page("l1");
        steps.root(0);
        guest.asm().and(RDX, -4096).or(RDX, (int) TableSteps.PAGE).mov(ptr(l1), RDX);
        steps.freeze(l2, l1).pin(2, l2).require("pinning an L2 table");
        steps.set(l2, 0, l1, TableSteps.TABLE);
        guest.evidence("result", RAX);
        guest.asm().shr(RAX, 63);
        guest.judge(RAX, 0, "the frame became a table", 1, "the update failed");
    }
}
