package io.github.paravane.testkit.advisory.descriptor;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.Hypercalls;

/** f289b9a4a7: sET_LDT looks at the address of an empty table. */
final class EmptyLdt {

    private EmptyLdt() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "f289b9a4a7", Layer.DESCRIPTOR, "SET_LDT looks at the address of an empty table")
                .names("f289b9a4a7", "40d66baa46")
                .mechanism("SET_LDT with no entries, which takes the LDT away, is refused if the address that comes "
                        + "with it is not the guest's or not aligned.")
                .construction("MMUEXT_SET_LDT with no entries at address 1.")
                .telling("EINVAL, or the call succeeds.")
                .affected("to 4.6")
                .repaired("4.7 (f289b9a4a7)")
                .provenance("Xen commits 40d66baa46 and f289b9a4a7")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_6, AbiProfiles.XEN_4_7, GuestTrial.of(BugGuest.elf(EmptyLdt::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().extended(Hypercalls.SET_LDT, 1, 0);
        guest.evidence("result", RAX);
        guest.judge(RAX, -22, "EINVAL", 0, "the address does not matter");
    }
}
