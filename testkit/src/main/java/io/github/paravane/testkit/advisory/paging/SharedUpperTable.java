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

/** Commit 4e828399fe: tables are not bound to an address. */
final class SharedUpperTable {

    private static final long LINEAR = 1L << 39;

    private SharedUpperTable() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "4e828399fe", Layer.PAGING, "A table is bound to one address (a difference of the ABI)")
                .names("4e828399fe")
                .mechanism("A type reference of an L2 or L1 table remembers the linear address at which the table is "
                        + "hooked, and the table can be hooked at no other. A kernel that shares tables between address"
                        + " ranges cannot run.")
                .construction("Two entries of an L3 table name the same L2 table.")
                .telling("The second is EINVAL, or 0.")
                .affected("to 3.0.2 (no bug: the older rule)")
                .repaired("3.0.3 (4e828399fe)")
                .provenance("Xen commit 4e828399fe")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2,
                AbiProfiles.XEN_3_0_3,
                GuestTrial.of(BugGuest.elf(SharedUpperTable::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l3 = steps.page("l3");
        Label l2 = steps.page("l2");
        steps.hook(LINEAR, l3, l2, steps.page("l1"));
        steps.set(l3, 1, l2, TableSteps.TABLE);
        guest.asm().mov(R12, RAX);
        steps.show("l3-entry", l3, 1);
        guest.judge(R12, -22, "the table is bound to its first address", 0, "the table is at two addresses");
    }
}
