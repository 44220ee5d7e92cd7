package io.github.paravane.testkit.advisory.paging;

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

/** Commit bd61fe94be: L4 entries get the accessed bit. */
final class RootAccessedBit {

    private RootAccessedBit() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("bd61fe94be", Layer.PAGING, "A of a root entry (a difference of the ABI)")
                .names("bd61fe94be")
                .mechanism(
                        "Since the hypervisor keeps a copy of the root table for each processor, against Meltdown, an"
                                + " A bit that the processor sets in the copy would be lost. So a present L4 entry has it from "
                                + "the start. A guest that compares entries sees it.")
                .construction("mmu_update of an L4 entry without A; the entry is read back.")
                .telling("A is as the guest gave it, or set.")
                .affected("to 4.10 (no bug: the older rule)")
                .repaired("4.11 (bd61fe94be)")
                .provenance("Xen commit bd61fe94be")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10,
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(RootAccessedBit::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l4 = steps.page("l4");
        Label l3 = steps.page("l3");
        steps.freeze(l4, l3).pin(4, l4).require("pinning an L4 table");
        steps.set(l4, 1, l3, Pte.PRESENT | Pte.RW | Pte.USER).require("an L4 entry");
        steps.show("l4-entry", l4, 1);
        guest.asm().and(RAX, (int) Pte.ACCESSED);
        guest.judge(RAX, 0, "A is as the guest gave it", Pte.ACCESSED, "A is set");
    }
}
