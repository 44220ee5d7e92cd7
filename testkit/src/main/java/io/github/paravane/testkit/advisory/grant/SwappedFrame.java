package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
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

/** XSA-500: a copy writes to the frame that the grant had when it was first used. */
final class SwappedFrame {

    private static final long LINEAR = 1L << 39;
    private static final int REFERENCE = 8;

    /** An entry that is not present. */
    private static final int FORGED = 0x5A_0000;

    private SwappedFrame() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-500", Layer.GRANT, "A grant copy writes to another frame than it has checked")
                .names("XSA-500", "CVE-2026-62428", "61b0a59ce2")
                .mechanism(
                        "A grant that is in use for reading is looked up again when a copy is to write to it: rights and "
                                + "frame are taken from its entry, which may have changed, and the writable type of that frame "
                                + "is taken. The bytes go to the frame that the grant had when its use began, whatever that "
                                + "frame is now. A page table can be granted for reading.")
                .construction("An L1 table is granted for reading and mapped; the entry is rewritten for another page "
                        + "with the right to write; GNTTABOP_copy writes to the grant.")
                .telling("The page table has the bytes, or the copy has a status that is not 0.")
                .affected("4.2 to 4.22.0")
                .repaired("after 4.22.0, with back-ports (61b0a59ce2)")
                .provenance("XSA-500; Xen commits d8cbecb1ee and 61b0a59ce2")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_22,
                AbiProfiles.XEN_4_22.toBuilder("xen-4.22+xsa-500")
                        .without(Quirk.COPY_TO_FORMER_FRAME)
                        .build(),
                GuestTrial.of(BugGuest.elf(SwappedFrame::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label table = steps.page("table");
        Label other = steps.page("other");
        Label source = steps.page("source");
        grants.start();
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), steps.page("l1"));
        steps.freeze(table).pin(1, table).require("pinning an L1 table");
        grants.permit(REFERENCE, table, GrantSteps.PERMIT_READ);
        steps.load(RAX, LINEAR);
        grants.map(REFERENCE, GrantSteps.HOST_MAP | GrantSteps.READ_ONLY).requireStatus("mapping the grant");
        grants.permit(REFERENCE, other, GrantSteps.PERMIT_ACCESS);
        asm.mov(dword(ptr(source)), FORGED);
        grants.copyTo(REFERENCE, source);
        guest.evidence("status", RAX);
        steps.show("l1-entry", table, 0);
        guest.judge(RAX, FORGED, "the copy wrote to a page table", 0, "the page table is as it was");
    }
}
