package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.PteRules;
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

/** Commit 4ec4b58e00: the frame of a grant entry with its high flags. */
final class UnmaskedFrame {

    /** Grant entries of a guest kernel, as a kernel asks for them without U/S (03dc0c1ae5 made them so for all). */
    private static final BitMask KERNEL = new BitMask(Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY);

    private static final int REFERENCE = 8;

    private UnmaskedFrame() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("4ec4b58e00", Layer.GRANT, "A grant mapped by entry cannot be ended")
                .names("4ec4b58e00")
                .mechanism("When a grant mapping made by GNTMAP_contains_pte ends, the frame of the entry is taken as "
                        + "the entry shifted right by 12, the flags above bit 51 included. The entry of a kernel page "
                        + "has bit 52, so it never matches.")
                .construction("A grant is mapped by the machine address of an entry, and unmapped.")
                .telling("The status is -1, or 0.")
                .affected("3.0.3 to 3.3")
                .repaired("3.4 (4ec4b58e00)")
                .provenance("Xen commit 4ec4b58e00")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_3.toBuilder("xen-3.3-kernel-grants")
                        .set(PteRules.GRANT_FLAGS, KERNEL)
                        .build(),
                AbiProfiles.XEN_3_4,
                GuestTrial.of(BugGuest.elf(UnmaskedFrame::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        Label l1 = steps.page("l1");
        grants.start().permit(REFERENCE, data, GrantSteps.PERMIT_ACCESS);
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        steps.address(l1, 0);
        grants.map(REFERENCE, GrantSteps.HOST_MAP | GrantSteps.CONTAINS_PTE).requireStatus("mapping the grant");
        steps.show("l1-entry", l1, 0);
        steps.address(l1, 0);
        asm.xor(EBX, EBX).mov(ECX, grants.handle());
        grants.unmap();
        guest.evidence("status", RAX);
        guest.judge(RAX, -1, "the mapping cannot be ended", 0, "the mapping has ended");
    }
}
