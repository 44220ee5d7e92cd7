package io.github.paravane.testkit.advisory.compat;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatTrapWord;

/** XSA-136: the copy of an iret frame for virtual-8086 mode runs the wrong way, without end. */
final class EndlessCopy {

    private EndlessCopy() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-136", Layer.ENTRY, "An iret of a 32-bit guest copies without end")
                .names("XSA-136", "CVE-2015-4164", "1f07213779")
                .mechanism(
                        "A return to virtual-8086 mode becomes #GP on the kernel's registered stack, to which the frame is "
                                + "copied. Where that lies above the present one, words 9 to 1 are to be copied downwards, but the "
                                + "index counts up.")
                .construction("The iret hypercall with VM set, from a stack far below the one of stack_switch.")
                .telling("The hypervisor is gone for good, or #GP arrives 40 bytes below the registered stack.")
                .affected("3.1 to 4.5")
                .repaired("4.6 (1f07213779)")
                .provenance("Xen Security Advisory 136; Xen commit 1f07213779")
                .build();
        return new KnownBug(advisory, AbiProfiles.XEN_4_5, AbiProfiles.XEN_4_6, CompatGuest.trial(EndlessCopy::guest));
    }

    private static void guest(CompatGuest guest) {
        Label caught = guest.label();
        Vm86Return.attempt(guest, caught, 0);
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("frame", CompatTrapWord.EIP_PLACE);
        guest.evidence("eflags", CompatTrapWord.EFLAGS);
        guest.verdict(Outcome.SUCCESS, "the guest got #GP");
    }
}
