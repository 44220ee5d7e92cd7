package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.Hypercalls;

/** dfba4d2e91: DR6 before the first debug exception. */
final class FirstDebugStatus {

    private static final long RESET = 0xFFFF_0FF0L;

    private FirstDebugStatus() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("dfba4d2e91", Layer.PRIVILEGED, "DR6 begins as 0")
                .names("dfba4d2e91")
                .mechanism("Some bits of DR6 are set where nothing happened, among them one that a transaction clears "
                        + "in which a breakpoint was hit. The vCPU of the control domain begins with a DR6 of 0, "
                        + "which says that this happened. What a toolstack makes has other values.")
                .construction("The control domain asks for DR6 before anything else.")
                .telling("DR6 is 0, or 0xffff0ff0.")
                .affected("to 4.11")
                .repaired("4.12 (dfba4d2e91)")
                .provenance("Xen commit dfba4d2e91")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_11,
                AbiProfiles.XEN_4_12,
                GuestTrial.of(BugGuest.elf(FirstDebugStatus::guest)).inControlDomain());
    }

    private static void guest(BugGuest guest) {
        guest.runtime().call(Hypercalls.GET_DEBUGREG, 6);
        guest.evidence("dr6", RAX);
        guest.judge(RAX, 0, "DR6 says that something happened", RESET, "DR6 is as a processor has it");
    }
}
