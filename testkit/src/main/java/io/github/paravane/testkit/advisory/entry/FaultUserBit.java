package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** 8ff6319e54: bit U of a page fault in the guest kernel. */
final class FaultUserBit {

    private FaultUserBit() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("8ff6319e54", Layer.ENTRY, "Bit U of a page fault in the guest kernel")
                .names("8ff6319e54")
                .mechanism("The guest kernel of a 64-bit domain runs in ring 3, so the processor reports every fault "
                        + "of it as one of user mode. Passed on unchanged, the error code makes a kernel take its "
                        + "own faults for those of a process.")
                .construction("The kernel loads from an address without a mapping.")
                .telling("Bit 2 of the error code is set or clear.")
                .affected("before 3.0.2")
                .repaired("3.0.2 (8ff6319e54)")
                .provenance("Xen commit 8ff6319e54; the faulty side is a profile of 3.0.2 with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2.toBuilder("xen-3.0.2+fault-code-always-user")
                        .with(Quirk.FAULT_CODE_ALWAYS_USER)
                        .build(),
                AbiProfiles.XEN_3_0_2,
                GuestTrial.of(BugGuest.elf(FaultUserBit::guest)));
    }

    private static void guest(BugGuest guest) {
        Label back = guest.label();
        guest.runtime()
                .attempt(back, () -> guest.asm().movabs(RAX, 0x70_0000_0000L).mov(RAX, ptr(RAX)));
        guest.failure("the load did not fault");
        guest.asm().bind(back);
        guest.evidence("error-code", TrapWord.ERROR).evidence("cr2", TrapWord.CR2);
        guest.load(RAX, TrapWord.ERROR);
        guest.judge(RAX, 4, "the fault looks like one of user mode", 0, "the fault is one of the kernel");
    }
}
