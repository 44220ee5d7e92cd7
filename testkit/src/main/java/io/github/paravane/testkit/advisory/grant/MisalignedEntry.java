package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.R12;
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

/** XSA-227: a grant mapping into a misaligned entry. */
final class MisalignedEntry {

    private static final int REFERENCE = 8;

    private MisalignedEntry() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-227", Layer.GRANT, "A grant is mapped across two entries")
                .names("XSA-227", "CVE-2017-12137", "ce442926c2")
                .mechanism("GNTMAP_contains_pte names the machine address of the entry to write. Its low bits are not "
                        + "looked at, and eight bytes are stored there: the end of one entry and the beginning of the "
                        + "next, neither of them validated.")
                .construction("The guest grants itself a page and maps it by the address of an entry less 2.")
                .telling("The status is 0 and two entries changed, or -1.")
                .affected("to 4.9")
                .repaired("4.10 (ce442926c2)")
                .provenance("XSA-227; Xen commit ce442926c2; XTF test xsa-227")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_9,
                AbiProfiles.XEN_4_10,
                GuestTrial.of(BugGuest.elf(MisalignedEntry::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        Label l1 = steps.page("l1");
        grants.start().permit(REFERENCE, data, GrantSteps.PERMIT_ACCESS);
        steps.freeze(l1).pin(1, l1).require("pinning an L1 table");
        steps.address(l1, 2);
        asm.sub(RAX, 2);
        grants.map(REFERENCE, GrantSteps.HOST_MAP | GrantSteps.CONTAINS_PTE);
        asm.mov(R12, RAX);
        steps.show("entry-1", l1, 1).show("entry-2", l1, 2);
        guest.judge(R12, 0, "one grant lies in two entries", -1, "the address was refused");
    }
}
