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

/** 2f819e06d1: an L3 entry that was read from a running table cannot be written to another slot. */
final class OwnBitsRefused {

    private static final int SLOT_2 = 16;

    private OwnBitsRefused() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "2f819e06d1", Layer.PAGING, "A copy of an L3 entry of a 32-bit domain is refused")
                .names("2f819e06d1")
                .mechanism(
                        "An L3 entry in use has R/W and U/S from the hypervisor, and A from the processor. None of the "
                                + "three is allowed in what a guest stores, so that it cannot copy an entry as it stands.")
                .construction("Read slot 0 of the running L3, and mmu_update slot 2 to that value.")
                .telling("EINVAL, or the entry is stored.")
                .affected("3.1 to 3.3")
                .repaired("3.4 (2f819e06d1)")
                .provenance("Xen commit 2f819e06d1")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_3, AbiProfiles.XEN_3_4, CompatGuest.trial(OwnBitsRefused::guest));
    }

    private static void guest(CompatGuest guest) {
        guest.asm().mov(EAX, guest.runtime().tables());
        guest.runtime().machineAddress();
        guest.asm().lea(ESI, ptr(EAX, SLOT_2)).mov(EBP, guest.runtime().tables());
        guest.asm().mov(EAX, ptr(EBP)).mov(EDX, ptr(EBP, 4)).mov(EBX, EAX).and(EBX, 0xFFF);
        guest.evidence("flags", EBX);
        guest.runtime().update();
        guest.evidence("result", EAX);
        guest.judge(EAX, -22, "the hypervisor refuses what it has stored itself", 0, "the copy is stored");
    }
}
