package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;

/** 834e828123: wRMSR takes bits 63 to 32 of RAX. */
final class WideWrmsr {

    private WideWrmsr() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("834e828123", Layer.PRIVILEGED, "WRMSR takes bits 63 to 32 of RAX")
                .names("834e828123")
                .mechanism("The emulation of WRMSR takes RAX and RDX as they are instead of their lower halves.")
                .construction("WRMSR to FS_BASE with RAX 0xFFFFFFFF00001000 and RDX 0, then RDMSR.")
                .telling("The base has ones in its upper half, or is 0x1000.")
                .affected("to 3.1")
                .repaired("3.2 (834e828123)")
                .provenance("Xen commit 834e828123")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, GuestTrial.of(BugGuest.elf(WideWrmsr::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.asm()
                .mov(ECX, 0xC000_0100)
                .movabs(RAX, 0xFFFF_FFFF_0000_1000L)
                .xor(EDX, EDX)
                .wrmsr();
        guest.asm().mov(ECX, 0xC000_0100).rdmsr().shl(RDX, 32).or(RAX, RDX);
        guest.evidence("fs-base", RAX);
        guest.judge(RAX, 0xFFFF_FFFF_0000_1000L, "the upper half of RAX was stored", 0x1000, "EDX:EAX was stored");
    }
}
