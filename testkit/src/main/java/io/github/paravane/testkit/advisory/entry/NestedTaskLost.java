package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.runtime.TrapWord;

/** 5bcac98549: nT disappears from the flags of the guest. */
final class NestedTaskLost {

    private NestedTaskLost() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("5bcac98549", Layer.ENTRY, "NT disappears from the flags of the guest")
                .names("5bcac98549", "0e47f92b07")
                .mechanism("The repair of XSA-202 forces the flags of every exit to the guest, and clears NT among "
                        + "them, so that it vanishes from a user context at any interrupt or fault that the "
                        + "hypervisor handles.")
                .construction("User mode is entered with NT set in the flags of the iret hypercall, and takes a "
                        + "breakpoint at once.")
                .telling("NT is clear in the frame of the breakpoint, or set.")
                .affected("4.9 to 4.14")
                .repaired("4.15 (5bcac98549)")
                .provenance("Xen commits 0e47f92b07 and 5bcac98549")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_10,
                AbiProfiles.XEN_4_15,
                GuestTrial.of(BugGuest.elf(NestedTaskLost::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.user(0x4202, code -> code.int3());
        guest.evidence("rflags-slot", TrapWord.RFLAGS);
        guest.load(RAX, TrapWord.RFLAGS).asm().test(RAX, 0x4000);
        guest.failIf(Condition.E, "NT is gone", "NT is where it was set");
    }
}
