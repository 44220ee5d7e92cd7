package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 237c31b5a1: the upper half of DR6 is dropped. */
final class DebugStatusHigh {

    private DebugStatusHigh() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("237c31b5a1", Layer.PRIVILEGED, "The upper half of DR6 is dropped")
                .names("237c31b5a1", "f539ae2706")
                .mechanism("A write of DR6 or DR7 with bits 63 to 32 set, which is #GP on a processor, is taken "
                        + "without them.")
                .construction("set_debugreg(6, 0x100000000).")
                .telling("The call succeeds, or EINVAL.")
                .affected("to 4.10")
                .repaired("4.11 (f539ae2706, 237c31b5a1)")
                .provenance("Xen commits f539ae2706 and 237c31b5a1; XTF test debug-regs")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10,
                AbiProfiles.XEN_4_11,
                GuestTrial.of(BugGuest.elf(DebugStatusHigh::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 6, 1L << 32);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the upper half was dropped", -22, "EINVAL");
    }
}
