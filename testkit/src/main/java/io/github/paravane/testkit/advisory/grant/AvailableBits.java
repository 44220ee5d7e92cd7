package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** Commit 8ebbe767aa: guest-available bits of grant entries. */
final class AvailableBits {

    private static final long LINEAR = 1L << 39;
    private static final int REFERENCE = 8;
    private static final int AVAILABLE = 1 << 16;

    private AvailableBits() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "8ebbe767aa", Layer.GRANT, "The guest-available bits of a grant entry are ignored")
                .names("8ebbe767aa")
                .mechanism("GNTMAP_guest_avail0 to 2 become bits 9 to 11 of the entry that maps a grant. Before, they "
                        + "mean nothing: a kernel that marks its entries cannot mark these.")
                .construction("A grant is mapped with GNTMAP_guest_avail0, and the entry is read.")
                .telling("Bit 9 is clear, or set.")
                .affected("to 3.3 (no bug: a feature that is missing)")
                .repaired("3.4 (8ebbe767aa)")
                .provenance("Xen commit 8ebbe767aa")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_3, AbiProfiles.XEN_3_4, GuestTrial.of(BugGuest.elf(AvailableBits::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        Label l1 = steps.page("l1");
        grants.start().permit(REFERENCE, data, GrantSteps.PERMIT_ACCESS);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, LINEAR);
        grants.map(REFERENCE, GrantSteps.HOST_MAP | AVAILABLE).requireStatus("mapping the grant");
        steps.show("l1-entry", l1, 0);
        asm.shr(RAX, 9).and(RAX, 1);
        guest.judge(RAX, 0, "the bit was dropped", 1, "the bit is in the entry");
    }
}
