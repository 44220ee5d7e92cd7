package io.github.paravane.testkit.advisory.tlb;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;

/** XSA-279: INVPCID of an address that nobody checked. */
final class FlushAfterFailure {

    private FlushAfterFailure() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-279", Layer.TLB, "A flush of a guest address after a failed update")
                .names("XSA-279", "CVE-2018-19965", "6c8d502887")
                .mechanism("update_va_mapping flushes as asked even when the update failed, at an address that nothing "
                        + "has checked. On a processor where the hypervisor uses INVPCID, a non-canonical address "
                        + "raises #GP in the hypervisor.")
                .construction("update_va_mapping of 0x8000000000000000 with UVMF_INVLPG.")
                .telling("The host dies, or the result is EINVAL.")
                .affected("4.11, and older versions with the Meltdown repairs (5c81d260c2)")
                .repaired("4.12 (6c8d502887)")
                .provenance("XSA-279; Xen commits 5c81d260c2 and 6c8d502887; XTF test xsa-279")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_11,
                AbiProfiles.XEN_4_12,
                GuestTrial.of(BugGuest.elf(FlushAfterFailure::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        guest.asm().xor(EAX, EAX);
        steps.map(Long.MIN_VALUE);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "an entry was stored nowhere", -22, "the update was refused");
    }
}
