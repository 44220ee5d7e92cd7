package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** Commit 363f33fde2: linear entries at L2 and L3. */
final class LinearUpperTable {

    private LinearUpperTable() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "363f33fde2", Layer.PAGING, "Only root tables may name themselves (a difference of the ABI)")
                .names("363f33fde2", "d96438b30a")
                .mechanism(
                        "A table may name a table of its own level, so that the guest can see its page tables in its "
                                + "address space. At first that was so for L4 tables only; a kernel with windows at L3 or L2 "
                                + "cannot run.")
                .construction("An entry of a pinned L3 table names the table itself, without R/W.")
                .telling("EINVAL, or 0.")
                .affected("to 3.0.4 (no bug: the older rule)")
                .repaired("3.1 (363f33fde2)")
                .provenance("Xen commit 363f33fde2")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_4,
                AbiProfiles.XEN_3_1_0,
                GuestTrial.of(BugGuest.elf(LinearUpperTable::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l3 = steps.page("l3");
        steps.freeze(l3).pin(3, l3).require("pinning an L3 table");
        steps.set(l3, 0, l3, TableSteps.LINEAR);
        guest.asm().mov(R12, RAX);
        steps.show("l3-entry", l3, 0);
        guest.judge(R12, -22, "an L3 table may not name itself", 0, "an L3 table may name itself");
    }
}
