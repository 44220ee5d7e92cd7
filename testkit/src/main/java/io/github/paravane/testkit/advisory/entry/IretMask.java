package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;

/** 111ce84369: iret does not restore the upcall mask. */
final class IretMask {

    private IretMask() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("111ce84369", Layer.ENTRY, "iret does not restore the upcall mask")
                .names("111ce84369")
                .mechanism("The iret hypercall returns to flags in which IF is set, but leaves events masked: "
                        + "nothing is delivered until something else unmasks them.")
                .construction("The kernel, with events masked, returns to user mode with IF set; user mode executes "
                        + "INT3 through a gate that does not mask.")
                .telling("The mask is set or clear in the handler.")
                .affected("before 3.0.2")
                .repaired("3.0.2 (111ce84369)")
                .provenance("Xen commit 111ce84369; the faulty side is a profile of 3.0.2 with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2.toBuilder("xen-3.0.2+iret-keeps-mask")
                        .with(Quirk.IRET_KEEPS_MASK)
                        .build(),
                AbiProfiles.XEN_3_0_2,
                GuestTrial.of(BugGuest.elf(IretMask::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.user(0x202, code -> code.int3());
        guest.asm().movzx(EAX, bytePtr(ptr(guest.runtime().sharedInfo(), 1)));
        guest.evidence("upcall-mask", RAX);
        guest.judge(RAX, 1, "events stayed masked in user mode", 0, "events were unmasked by IF");
    }
}
