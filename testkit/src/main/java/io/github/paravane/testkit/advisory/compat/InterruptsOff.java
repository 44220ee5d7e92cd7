package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Memory.dword;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatTrapWord;

/** a61e7a3565: a refused return to virtual-8086 mode leaves the processor without interrupts. */
final class InterruptsOff {

    private static final int MASK_EVENTS = 4;
    private static final int IF = 0x200;

    private InterruptsOff() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "a61e7a3565", Layer.ENTRY, "A 32-bit guest runs with the processor's interrupts off")
                .names("a61e7a3565")
                .mechanism(
                        "The #GP that takes the place of a return to virtual-8086 mode masks events if its gate says so. "
                                + "IF, which is cleared in the frame's flags for that, goes to the real flags as well.")
                .construction("A gate for #GP that masks events; the iret hypercall with VM set; PUSHF in the handler.")
                .telling("IF is clear in the handler, or set.")
                .affected("3.1 to 4.0")
                .repaired("4.1 (a61e7a3565)")
                .provenance("Xen commit a61e7a3565")
                .build();
        // The endless copy of the same time (XSA-136) would hide it.
        return new KnownBug(
                advisory,
                withEndingCopy(AbiProfiles.XEN_4_0),
                withEndingCopy(AbiProfiles.XEN_4_1),
                CompatGuest.trial(InterruptsOff::guest));
    }

    private static AbiProfile withEndingCopy(AbiProfile profile) {
        return profile.toBuilder(profile.name() + "-xsa-136")
                .without(Quirk.VM86_COPY_ENDLESS)
                .build();
    }

    private static void guest(CompatGuest guest) {
        Label caught = guest.label();
        Vm86Return.attempt(guest, caught, MASK_EVENTS);
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("handler-eflags", CompatTrapWord.KERNEL_EFLAGS);
        guest.asm().test(dword(guest.runtime().trap(CompatTrapWord.KERNEL_EFLAGS)), IF);
        guest.failIf(Condition.E, "the processor's interrupts are off", "the processor's interrupts are on");
    }
}
