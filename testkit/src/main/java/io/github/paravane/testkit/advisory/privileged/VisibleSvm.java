package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;

/** 589263031c: EFER as the hypervisor has it. */
final class VisibleSvm {

    private static final int EFER = 0xC000_0080;
    private static final int SVME = 1 << 12;

    private VisibleSvm() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("589263031c", Layer.PRIVILEGED, "EFER shows what the hypervisor uses")
                .names("589263031c")
                .mechanism(
                        "RDMSR of EFER reads the processor's. On an AMD host that runs HVM guests bit SVME is set, of"
                                + " a feature that CPUID does not show to the guest.")
                .construction("RDMSR of EFER.")
                .telling("SVME is set, or clear.")
                .affected("to 4.10, on AMD processors")
                .repaired("4.11 (589263031c)")
                .provenance("Xen commit 589263031c")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_10, AbiProfiles.XEN_4_11, GuestTrial.of(BugGuest.elf(VisibleSvm::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.asm().mov(ECX, EFER).rdmsr();
        guest.evidence("efer", RAX).asm().and(RAX, SVME);
        guest.judge(RAX, SVME, "SVME is set", 0, "SVME is clear");
    }
}
