package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Commit 7993e3be68: a foreign domain with an L2 entry. */
final class ForeignUpperEntry {

    private static final int DOMID_IO = 0x7FF1;

    private ForeignUpperEntry() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("7993e3be68", Layer.PAGING, "The foreign domain of an upper entry is ignored")
                .names("7993e3be68")
                .mechanism("mmu_update names the owner of the tables and the owner of the page that an L1 entry maps. "
                        + "For L2 to L4 entries the second has no meaning; it is not looked at.")
                .construction("mmu_update of an entry of a pinned L2 table, with DOMID_IO as the owner of the page.")
                .telling("The update succeeds, or is EINVAL.")
                .affected("to 4.10")
                .repaired("4.11 (7993e3be68)")
                .provenance("Xen commit 7993e3be68")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10,
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(ForeignUpperEntry::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label l2 = steps.page("l2");
        Label l1 = steps.page("l1");
        Label request = asm.label("request");
        runtime.data(() -> asm.align(8).bind(request).u64(0).u64(0));
        steps.freeze(l2, l1).pin(2, l2).require("pinning an L2 table");
        steps.address(l2, 0);
        asm.mov(ptr(request), RAX);
        steps.entry(l1, TableSteps.TABLE);
        asm.mov(ptr(request, 8), RAX);
        runtime.call(Hypercalls.MMU_UPDATE, request, 1, 0, DOMID_IO);
        asm.mov(R12, RAX);
        steps.show("l2-entry", l2, 0);
        guest.judge(R12, 0, "the foreign domain made no difference", -22, "a foreign domain is refused");
    }
}
