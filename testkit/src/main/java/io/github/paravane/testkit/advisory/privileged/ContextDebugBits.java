package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.SecondVcpu;

/** 15987cb03f: reserved bits of DR7 in a context are dropped. */
final class ContextDebugBits {

    private ContextDebugBits() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("15987cb03f", Layer.PRIVILEGED, "Reserved bits of DR7 in a context are dropped")
                .names("15987cb03f")
                .mechanism("set_debugreg refuses a value of DR7 with bits in its upper half. In the context of a "
                        + "vCPU they are dropped without a word, and with them, in some versions, the rest of the "
                        + "register.")
                .construction("VCPUOP_initialise with bit 40 of debugreg[7] set.")
                .telling("The context is accepted, or EINVAL.")
                .affected("to 4.17")
                .repaired("4.18 (15987cb03f)")
                .provenance("Xen commit 15987cb03f")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_17,
                AbiProfiles.XEN_4_20,
                GuestTrial.of(BugGuest.elf(ContextDebugBits::guest)).vcpus(2));
    }

    private static void guest(BugGuest guest) {
        SecondVcpu other = new SecondVcpu(guest).runs(() -> {});
        guest.asm().movabs(RAX, 1L << 40).mov(other.debugRegister(7), RAX);
        other.initialise();
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the context was accepted", -22, "EINVAL");
    }
}
