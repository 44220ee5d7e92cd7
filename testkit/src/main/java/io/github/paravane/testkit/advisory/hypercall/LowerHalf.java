package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.Hypercalls;

/** CVE-2011-2901: the lower half of the address space ends too late. */
final class LowerHalf {

    private LowerHalf() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "cve-2011-2901", Layer.HYPERCALL, "The lower half of the address space ends too late")
                .names("CVE-2011-2901", "XSA-4", "773f372b6b")
                .mechanism("The check of guest addresses lets the lower half end at 2^48 instead of 2^47, so that "
                        + "non-canonical addresses count as the guest's. The use of an LDT there looks up slots of "
                        + "the hypervisor.")
                .construction("MMUEXT_SET_LDT with one entry at 0x800000000000.")
                .telling("The call succeeds, or EINVAL.")
                .affected("to 4.1")
                .repaired("4.2 (773f372b6b)")
                .provenance("CVE-2011-2901; Xen commit 773f372b6b")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_1, AbiProfiles.XEN_4_2, GuestTrial.of(BugGuest.elf(LowerHalf::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().extended(Hypercalls.SET_LDT, 1L << 47, 1);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the LDT was accepted", -22, "EINVAL");
    }
}
