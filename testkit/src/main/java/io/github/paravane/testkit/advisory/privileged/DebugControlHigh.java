package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-12: the upper half of DR7. */
final class DebugControlHigh {

    private DebugControlHigh() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-12", Layer.PRIVILEGED, "The upper half of DR7")
                .names("XSA-12", "CVE-2012-3494", "e89c6d0573", "398c39b6c1")
                .mechanism("set_debugreg hands all 64 bits of DR7 to the processor, which faults on the upper half: "
                        + "in the hypervisor.")
                .construction("set_debugreg(7, 0x100000400).")
                .telling("The host dies, or the call succeeds (4.2 to 4.10) or is EINVAL (since 4.11).")
                .affected("to 4.1")
                .repaired("4.2 (e89c6d0573)")
                .provenance("XSA-12; Xen commits e89c6d0573, 398c39b6c1 and 237c31b5a1")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_1,
                AbiProfiles.XEN_4_2,
                GuestTrial.of(BugGuest.elf(DebugControlHigh::guest)));
    }

    private static void guest(BugGuest guest) {
        Label dropped = guest.label();
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 7, 0x1_0000_0400L);
        guest.evidence("result", RAX);
        guest.asm().test(RAX, RAX).je(dropped);
        guest.judge(RAX, -1, "", -22, "EINVAL");
        guest.asm().bind(dropped);
        guest.success("the upper half was dropped");
    }
}
