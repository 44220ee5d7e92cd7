package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-333: mISC_ENABLE on AMD processors. */
final class MiscEnable {

    /** The last four letters of AuthenticAMD. */
    private static final int AMD = 0x444D_4163;

    private MiscEnable() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-333", Layer.PRIVILEGED, "MISC_ENABLE on AMD processors")
                .names("XSA-333", "CVE-2020-25602", "e71301ecd5")
                .mechanism("RDMSR of MISC_ENABLE is passed to the processor without a handler for its fault. AMD "
                        + "processors do not have the register.")
                .construction("RDMSR 0x1A0 in kernel mode.")
                .telling("The host dies, or the guest kernel gets #GP.")
                .affected("4.11 to 4.13")
                .repaired("4.15 (e71301ecd5), and stable releases")
                .provenance("XSA-333; Xen commits 4fdc932b3c and e71301ecd5; XTF test xsa-333")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_12, AbiProfiles.XEN_4_15, GuestTrial.of(BugGuest.elf(MiscEnable::guest)));
    }

    private static void guest(BugGuest guest) {
        Label caught = guest.label();
        Label amd = guest.label();
        guest.asm().xor(EAX, EAX).cpuid().cmp(ECX, AMD).je(amd);
        guest.verdict(Outcome.SKIP, "not an AMD processor");
        guest.asm().bind(amd);
        guest.runtime().attempt(caught, () -> guest.asm().mov(ECX, 0x1A0).rdmsr());
        guest.verdict(Outcome.SKIP, "this processor has the register");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, -1, "", Trap.GP, "#GP");
    }
}
