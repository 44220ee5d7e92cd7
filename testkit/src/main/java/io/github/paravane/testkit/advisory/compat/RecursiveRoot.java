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

/** XSA-185: an L3 of a 32-bit domain may name itself, and gets R/W on top. */
final class RecursiveRoot {

    private static final int ACCESSED_DIRTY_USER_PRESENT = 0x65;
    private static final int SLOT_2 = 16;

    private RecursiveRoot() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-185", Layer.PAGING, "An L3 table of a 32-bit domain names itself and is writable")
                .names("XSA-185", "CVE-2016-7092", "c844d637d9")
                .mechanism(
                        "The rule that lets a table name a table of its own level asks for R/W to be clear in the guest's "
                                + "value. For the L3 of a 32-bit domain R/W is added afterwards, so that the table is mapped "
                                + "writable through itself.")
                .construction("mmu_update of slot 2 of the L3 to the L3's own frame, without R/W.")
                .telling("The entry is stored, with R/W, or EINVAL.")
                .affected("3.1 to 4.7")
                .repaired("4.8 (c844d637d9), and 4.4 to 4.7 with the patches of the advisory")
                .provenance("Xen Security Advisory 185; Xen commit c844d637d9")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_7, AbiProfiles.XEN_4_8, CompatGuest.trial(RecursiveRoot::guest));
    }

    private static void guest(CompatGuest guest) {
        guest.asm().mov(EAX, guest.runtime().tables());
        guest.runtime().machineAddress();
        guest.asm()
                .mov(ESI, EAX)
                .add(ESI, SLOT_2)
                .or(EAX, ACCESSED_DIRTY_USER_PRESENT)
                .xor(EDX, EDX);
        guest.runtime().update();
        guest.asm().mov(EBP, guest.runtime().tables()).mov(EBX, ptr(EBP, SLOT_2));
        guest.evidence("result", EAX).evidence("L3[2]", EBX);
        guest.judge(EAX, 0, "the L3 is mapped writable through itself", -22, "EINVAL");
    }
}
