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

/** eb97b7dc2b: aC survives into the guest kernel. */
final class AlignmentFlag {

    private AlignmentFlag() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("eb97b7dc2b", Layer.ENTRY, "AC survives into the guest kernel")
                .names("eb97b7dc2b")
                .mechanism("The guest kernel of a 64-bit domain runs in ring 3, where alignment checking works. A "
                        + "user process that sets AC and enters the kernel makes the kernel's own unaligned "
                        + "accesses fault: any application can crash the kernel.")
                .construction("User mode sets AC and executes SYSCALL; the callback looks at its own RFLAGS.")
                .telling("AC is set at the first instruction of the callback, or clear.")
                .affected("to 3.0.2")
                .repaired("3.0.3 (eb97b7dc2b)")
                .provenance("Xen commit eb97b7dc2b")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2,
                AbiProfiles.XEN_3_0_3,
                GuestTrial.of(BugGuest.elf(AlignmentFlag::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.user(0x4_0202, code -> code.syscall());
        guest.evidence("kernel-rflags", TrapWord.KERNEL_RFLAGS).evidence("rflags-slot", TrapWord.RFLAGS);
        guest.load(RAX, TrapWord.KERNEL_RFLAGS).asm().test(RAX, 0x4_0000);
        guest.failIf(Condition.NE, "the kernel runs with the user's AC", "AC is clear in the kernel");
    }
}
