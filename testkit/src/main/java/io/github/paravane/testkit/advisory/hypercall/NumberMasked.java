package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 4f69360976: hypercall numbers are masked. */
final class NumberMasked {

    private NumberMasked() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("4f69360976", Layer.HYPERCALL, "Hypercall numbers are masked")
                .names("4f69360976")
                .mechanism("The number of a hypercall is masked to the size of the table instead of being compared "
                        + "with it, so that an unknown number runs some other call.")
                .construction("Hypercall 64 + 17, where 17 is xen_version.")
                .telling("A version number comes back, or ENOSYS.")
                .affected("to 3.0.2")
                .repaired("3.0.3 (4f69360976)")
                .provenance("Xen commit 4f69360976")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2,
                AbiProfiles.XEN_3_0_3,
                GuestTrial.of(BugGuest.elf(NumberMasked::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().call(64 + Hypercalls.XEN_VERSION, 0, 0);
        guest.evidence("result", RAX);
        guest.asm().cmp(RAX, -38);
        guest.failIf(Condition.NE, "the call ran as number 17", "ENOSYS");
    }
}
