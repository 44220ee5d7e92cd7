package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.ControlRegister;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** CVE-2007-5907: cR4 as the guest sees it. */
final class Cr4Mismatch {

    private Cr4Mismatch() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("cve-2007-5907", Layer.PRIVILEGED, "CR4 as the guest sees it")
                .names("CVE-2007-5907", "17af24e189", "e33d4a7316")
                .mechanism("A write of CR4 that differs from the processor's value faults, so a kernel cannot set "
                        + "TSD for its processes.")
                .construction("MOV to CR4 with TSD set.")
                .telling("#GP, or the write is done.")
                .affected("to 3.1")
                .repaired("3.2 (17af24e189, e33d4a7316)")
                .provenance("CVE-2007-5907; Xen commits 17af24e189, e33d4a7316 and 731a2050ac")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, GuestTrial.of(BugGuest.elf(Cr4Mismatch::guest)));
    }

    private static void guest(BugGuest guest) {
        Label caught = guest.label();
        guest.runtime()
                .attempt(
                        caught,
                        () -> guest.asm()
                                .mov(RAX, ControlRegister.CR4)
                                .or(RAX, 4)
                                .mov(ControlRegister.CR4, RAX));
        guest.success("the write was done");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.failure("the write faulted");
    }
}
