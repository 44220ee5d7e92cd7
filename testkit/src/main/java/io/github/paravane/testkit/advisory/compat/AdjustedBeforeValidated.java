package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBP;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;

/** bffdfb4175: an L3 entry is validated with the bits that the hypervisor adds, which it refuses. */
final class AdjustedBeforeValidated {

    private static final int PRESENT = 1;
    private static final int READ_ONLY = 0x21;
    private static final int SLOT_2 = 16;

    private AdjustedBeforeValidated() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("bffdfb4175", Layer.PAGING, "No L3 entry of a 32-bit domain can be changed")
                .names("bffdfb4175")
                .mechanism(
                        "The hypervisor adds R/W and U/S to an L3 entry of a 32-bit domain before it validates the entry. "
                                + "Both are among the bits that such an entry may not have, so that every mmu_update of one fails.")
                .construction("mmu_update of slot 2 of the L3 to an empty page, mapped read-only, with P alone.")
                .telling("EINVAL, or the entry is stored with P, R/W and U/S.")
                .affected("3.1, 3.2")
                .repaired("3.3 (bffdfb4175)")
                .provenance("Xen commit bffdfb4175")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_2, AbiProfiles.XEN_3_3, CompatGuest.trial(AdjustedBeforeValidated::guest));
    }

    private static void guest(CompatGuest guest) {
        Label table = guest.runtime().page("new_l2");
        guest.runtime().remap(table, READ_ONLY);
        guest.asm().mov(EAX, guest.runtime().tables());
        guest.runtime().machineAddress();
        guest.asm().lea(ESI, ptr(EAX, SLOT_2));
        guest.runtime().machineAddress(table);
        guest.asm().or(EAX, PRESENT).xor(EDX, EDX);
        guest.runtime().update();
        guest.asm()
                .mov(EBP, guest.runtime().tables())
                .mov(EBX, ptr(EBP, SLOT_2))
                .and(EBX, 0xFFF);
        guest.evidence("result", EAX).evidence("flags", EBX);
        guest.judge(EAX, -22, "the hypervisor refuses its own bits", 0, "the entry is stored");
    }
}
