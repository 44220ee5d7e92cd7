package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-193: WRMSR of a non-canonical FS base kills the host. */
final class NonCanonicalBase {

    private static final int FS_BASE = 0xC000_0100;

    private NonCanonicalBase() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-193", Layer.PRIVILEGED, "Non-canonical FS or GS base")
                .names("XSA-193", "CVE-2016-9385", "f3fa3abf3e")
                .mechanism(
                        "The guest kernel's WRMSR of FS_BASE, GS_BASE and SHADOW_GS_BASE is emulated by the same write"
                                + " on the processor. A non-canonical value raises #GP there, in the hypervisor, which has no"
                                + " handler for it.")
                .construction("WRMSR of 0x8000000000000000 to FS_BASE in kernel mode.")
                .telling("The host dies, or the guest kernel gets #GP with error code 0.")
                .affected("4.4 to 4.7 (introduced by c42494acb2)")
                .repaired("4.8 (f3fa3abf3e)")
                .provenance("XSA-193; Xen commits c42494acb2 and f3fa3abf3e; XTF test xsa-193")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_7,
                AbiProfiles.XEN_4_8,
                GuestTrial.of(BugGuest.elf(NonCanonicalBase::guest)));
    }

    private static void guest(BugGuest guest) {
        Label caught = guest.label();
        guest.runtime().attempt(caught, () -> {
            guest.asm().mov(ECX, FS_BASE).xor(EAX, EAX).mov(EDX, 1L << 31).wrmsr();
        });
        guest.failure("the base was accepted");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        guest.asm().mov(RAX, guest.runtime().trap(TrapWord.VECTOR));
        guest.judge(RAX, -1, "", Trap.GP, "the guest kernel got #GP");
    }
}
