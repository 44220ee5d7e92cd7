package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
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
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** Commit b525c05cf9: the audit of an L1 table without consequence. */
final class AuditIgnored {

    private AuditIgnored() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("b525c05cf9", Layer.PAGING, "Any frame becomes an L1 table")
                .names("b525c05cf9")
                .mechanism("When validation became preemptible, the result of the audit of an L1 table was thrown away "
                        + "for some weeks: a frame with entries that the guest may not have becomes a page table all "
                        + "the same.")
                .construction("A frame with a writable entry for the root table is pinned as an L1 table.")
                .telling("The pin succeeds, or fails.")
                .affected("development of 3.4, from 76596d0d07")
                .repaired("3.4 (b525c05cf9)")
                .provenance("Xen commits 76596d0d07 and b525c05cf9")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_4.toBuilder("xen-3.4-dev")
                        .with(Quirk.L1_AUDIT_IGNORED)
                        .build(),
                AbiProfiles.XEN_3_4,
                GuestTrial.of(BugGuest.elf(AuditIgnored::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        Label l1 = steps.page("l1");
        steps.root(0);
        asm.and(RDX, -4096).or(RDX, (int) TableSteps.PAGE).mov(ptr(l1), RDX);
        steps.freeze(l1).pin(1, l1);
        guest.evidence("result", RAX);
        asm.shr(RAX, 63).mov(R12, RAX);
        steps.show("l1-entry", l1, 0);
        guest.judge(R12, 0, "a page table maps the root table writable", 1, "the frame was refused");
    }
}
