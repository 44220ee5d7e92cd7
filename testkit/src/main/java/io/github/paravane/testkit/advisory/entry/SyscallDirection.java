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

/** c461d64b66: dF is not cleared when a system call is forwarded. */
final class SyscallDirection {

    private SyscallDirection() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("c461d64b66", Layer.ENTRY, "DF is not cleared when a system call is forwarded")
                .names("c461d64b66")
                .mechanism("A processor clears the flags that its mask says when SYSCALL enters a kernel. The "
                        + "hypervisor forwards the call with the DF of the user, so that string instructions of the "
                        + "guest kernel run backwards.")
                .construction("User mode sets DF and executes SYSCALL; the callback looks at its own RFLAGS.")
                .telling("DF is set at the first instruction of the callback, or clear there and set in the frame "
                        + "only.")
                .affected("to 3.1")
                .repaired("3.2 (c461d64b66)")
                .provenance("Xen commit c461d64b66")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_2,
                AbiProfiles.XEN_3_2,
                GuestTrial.of(BugGuest.elf(SyscallDirection::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.user(0x602, code -> code.syscall());
        guest.evidence("kernel-rflags", TrapWord.KERNEL_RFLAGS).evidence("rflags-slot", TrapWord.RFLAGS);
        guest.load(RAX, TrapWord.KERNEL_RFLAGS).asm().test(RAX, 0x400);
        guest.failIf(Condition.NE, "the kernel runs with the user's DF", "DF is clear in the kernel");
    }
}
