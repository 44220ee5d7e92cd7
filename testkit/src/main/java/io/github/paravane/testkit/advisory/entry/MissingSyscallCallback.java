package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** ca6fcf4321: a system call without a callback kills the domain. */
final class MissingSyscallCallback {

    private static final int REGISTER = 0;
    private static final int SYSCALL = 2;

    private MissingSyscallCallback() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("ca6fcf4321", Layer.ENTRY, "A system call without a callback kills the domain")
                .names("ca6fcf4321", "464301737a")
                .mechanism("A guest kernel that has not registered a syscall callback is crashed by the first "
                        + "SYSCALL of its user mode, although a kernel that does not offer system calls does "
                        + "nothing wrong.")
                .construction("CALLBACKOP_unregister of the syscall callback, then SYSCALL in user mode.")
                .telling("The domain is crashed, or the kernel gets #UD with RIP at the instruction.")
                .affected("to 4.14")
                .repaired("4.15 (ca6fcf4321, 464301737a)")
                .provenance("Xen commits ca6fcf4321 and 464301737a")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_14,
                AbiProfiles.XEN_4_15,
                GuestTrial.of(BugGuest.elf(MissingSyscallCallback::guest)).crashMeans(Outcome.FAILURE));
    }

    private static void guest(BugGuest guest) {
        Label none = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(none)
                        .u16(SYSCALL)
                        .u16(0)
                        .u32(0)
                        .u64(0));
        guest.runtime().call(Hypercalls.CALLBACK_OP, REGISTER, none);
        guest.evidence("unregister", RAX);
        guest.user(0x202, code -> code.syscall());
        guest.evidence("vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        guest.load(RAX, TrapWord.VECTOR).asm().cmp(RAX, Trap.UD);
        guest.failIf(Condition.NE, "the system call did not raise #UD", "#UD at the instruction");
    }
}
