package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.ControlRegister;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-293: fSGSBASE against the will of the kernel. */
final class ForcedFsgsbase {

    private static final int FSGSBASE = 1 << 16;

    private ForcedFsgsbase() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-293", Layer.PRIVILEGED, "FSGSBASE against the will of the kernel")
                .names("XSA-293", "CVE-2019-17347", "b2dd00574a", "eccc170053")
                .mechanism("The processor's CR4.FSGSBASE stays set when the guest kernel clears the bit. Its "
                        + "applications can then write the GS base that the kernel trusts.")
                .construction("The kernel clears CR4.FSGSBASE; user mode executes RDFSBASE.")
                .telling("RDFSBASE works, or raises #UD.")
                .affected("4.5 to 4.11")
                .repaired("4.12 (b2dd00574a, eccc170053)")
                .provenance("XSA-293; Xen commits b2dd00574a and eccc170053; XTF test pv-fsgsbase")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_11,
                AbiProfiles.XEN_4_12,
                GuestTrial.of(BugGuest.elf(ForcedFsgsbase::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.asm().mov(RAX, ControlRegister.CR4).and(RAX, ~FSGSBASE).mov(ControlRegister.CR4, RAX);
        guest.user(0x202, code -> code.bytes(0xF3, 0x48, 0x0F, 0xAE, 0xC0).int3());
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, Trap.BP, "RDFSBASE works", Trap.UD, "#UD");
    }
}
