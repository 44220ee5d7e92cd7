package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** d9b7ef209a: what a fault of the final IRET becomes. */
final class BadIretFrame {

    private BadIretFrame() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("d9b7ef209a", Layer.ENTRY, "What a fault of the final IRET becomes")
                .names("d9b7ef209a")
                .mechanism("Before 4.7 a fault of the IRET that returns to the guest, which the guest caused by the "
                        + "frame it gave, ended in the failsafe callback with a frame of its own form. Since then "
                        + "it is delivered as the exception that it is, with the target of the IRET as its frame. A "
                        + "kernel that knows one form only fails on the other.")
                .construction("The iret hypercall to user mode with a selector in CS that no descriptor exists for.")
                .telling("The failsafe callback is entered, or the handler of #GP.")
                .affected("to 4.6")
                .repaired("4.7 (d9b7ef209a)")
                .provenance("Xen commit d9b7ef209a")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_6, AbiProfiles.XEN_4_7, GuestTrial.of(BugGuest.elf(BadIretFrame::guest)));
    }

    private static void guest(BugGuest guest) {
        Label back = guest.label();
        guest.runtime().attempt(back, () -> {
            guest.asm().push(0xE02B).push(0x1000).push(0x202).push(0xFFF3).push(0x2000);
            guest.asm().push(0).push(0).push(0).push(0);
            guest.runtime().hypercall(Hypercalls.IRET);
        });
        guest.asm().bind(back);
        guest.evidence("vector", TrapWord.VECTOR).evidence("error-code", TrapWord.ERROR);
        guest.load(RAX, TrapWord.VECTOR);
        guest.judge(RAX, TrapWord.FAILSAFE_VECTOR, "the failsafe callback was entered", Trap.GP, "#GP was delivered");
    }
}
