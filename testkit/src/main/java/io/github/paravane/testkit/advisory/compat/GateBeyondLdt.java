package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.SegmentRegister;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-298: a far call through a gate where the LDT would be if there were one. */
final class GateBeyondLdt {

    /** Where entry 512 of an LDT at address 0 is. */
    private static final int PLACE = 0x1000;

    /** TI and RPL 3. */
    private static final int SELECTOR = PLACE | 7;

    private static final int INVLPG = 2;

    private GateBeyondLdt() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-298", Layer.DESCRIPTOR, "A process makes its own call gate into the kernel")
                .names("XSA-298", "CVE-2019-18425", "93021cbe88")
                .mechanism(
                        "The call gates of a 32-bit guest are emulated, because a processor in long mode has none. The"
                                + " emulation does not compare the selector with the limit of the LDT; without an LDT, whose "
                                + "address is 0 then, a page of the first 64 KiB that the process may not write is taken for a part "
                                + "of it, and a gate that the process wrote there before leads into the kernel's segment.")
                .construction(
                        "No LDT; a call gate to the kernel at 1000h, in a page that is read-only; ring 3 makes a far "
                                + "call to selector 1007h.")
                .telling("The target runs in ring 1, or the kernel gets #GP with the selector.")
                .affected("3.2 to 4.12")
                .repaired("4.13 (93021cbe88)")
                .provenance("XSA-298; Xen commits 70ad570b27 and 93021cbe88; XTF test xsa-298")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_12, AbiProfiles.XEN_4_13, CompatGuest.trial(GateBeyondLdt::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        GateSteps steps = new GateSteps(guest);
        Label gates = runtime.page("gates");
        Label target = guest.label();
        Label caught = guest.label();
        steps.write(gates, 0, target, 0);
        runtime.remap(gates, GateSteps.USER_READ_ONLY);
        runtime.machineAddress(gates);
        guest.asm().or(EAX, GateSteps.USER_READ_ONLY);
        runtime.call(Hypercalls.UPDATE_VA_MAPPING, PLACE, EAX, 0, INVLPG);
        guest.evidence("mapping", EAX);
        runtime.enterUser(steps.program(SELECTOR, () -> guest.asm().bytes(0xFF, 0x1B)), caught);
        guest.asm().bind(target).mov(EAX, SegmentRegister.CS);
        guest.evidence("cs", EAX).verdict(Outcome.FAILURE, "a process called its own code in the kernel's ring");
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("error-code", CompatTrapWord.ERROR);
        guest.asm().mov(EAX, runtime.trap(CompatTrapWord.ERROR));
        guest.judge(EAX, -1, "", SELECTOR & ~3, "the kernel gets #GP with the selector");
    }
}
