package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatTrapWord;

/** 67b5d35497: a far call to what is not a gate. */
final class NoGate {

    private static final int SELECTOR = 0x83;
    private static final int OFFSET = 0x80;

    private NoGate() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("67b5d35497", Layer.DESCRIPTOR, "A far call to a data segment is an assertion")
                .names("67b5d35497")
                .mechanism(
                        "The emulation of call gates expects that a descriptor that faults is a gate, whose DPL is 0 by "
                                + "the rules for descriptors, and a debug build asserts that before it looks at the type. Every "
                                + "other descriptor has a DPL that is not 0.")
                .construction("Ring 3 makes a far call to a data segment of DPL 3 in the guest's own GDT.")
                .telling("The host dies, or the kernel gets #GP with the selector.")
                .affected("debug builds of 3.2")
                .repaired("3.3 (67b5d35497)")
                .provenance("Xen commit 67b5d35497; the faulty side is the profile of 3.2 as a debug build")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_2.toBuilder("xen-3.2+debug")
                        .with(Quirk.GATE_ASSERTS)
                        .build(),
                AbiProfiles.XEN_3_3,
                CompatGuest.trial(NoGate::guest));
    }

    private static void guest(CompatGuest guest) {
        GateSteps steps = new GateSteps(guest);
        Label gdt = guest.runtime().page("gdt");
        Label caught = guest.label();
        guest.asm().mov(dword(ptr(gdt, OFFSET)), 0xFFFF).mov(dword(ptr(gdt, OFFSET + 4)), 0x00CF_F300);
        steps.gdt(gdt);
        guest.runtime().enterUser(steps.program(SELECTOR, () -> guest.asm().bytes(0xFF, 0x1B)), caught);
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("error-code", CompatTrapWord.ERROR);
        guest.asm().mov(EAX, guest.runtime().trap(CompatTrapWord.ERROR));
        guest.judge(EAX, -1, "", SELECTOR & ~3, "the kernel gets #GP with the selector");
    }
}
