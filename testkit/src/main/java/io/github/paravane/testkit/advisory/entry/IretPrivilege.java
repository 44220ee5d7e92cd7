package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.runtime.TrapWord;

/** 8a790edb70: iret takes IOPL from the guest. */
final class IretPrivilege {

    private IretPrivilege() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("8a790edb70", Layer.ENTRY, "iret takes IOPL from the guest")
                .names("8a790edb70")
                .mechanism("The flags given to the iret hypercall are loaded with their IOPL, so that user mode may "
                        + "do I/O and CLI on the processor itself.")
                .construction("The kernel returns to user mode with IOPL 3; user mode reads its flags by PUSHF.")
                .telling("IOPL is 3 or 0.")
                .affected("before 3.0.2")
                .repaired("3.0.2 (8a790edb70)")
                .provenance("Xen commit 8a790edb70; the faulty side is a profile of 3.0.2 with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2.toBuilder("xen-3.0.2+iret-takes-iopl")
                        .with(Quirk.IRET_TAKES_IOPL)
                        .build(),
                AbiProfiles.XEN_3_0_2,
                GuestTrial.of(BugGuest.elf(IretPrivilege::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.user(0x3202, code -> code.pushf().pop(RAX).int3());
        guest.load(RAX, TrapWord.RAX).evidence("user-rflags", RAX).asm().test(RAX, 0x3000);
        guest.failIf(Condition.NE, "user mode runs with the IOPL it wished for", "user mode runs with IOPL 0");
    }
}
