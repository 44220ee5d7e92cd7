package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** cbcaccb5e9: the frame of the failsafe callback is not aligned. */
final class FailsafeAlignment {

    private static final int STACK_SELECTOR = 0xE02B;
    private static final int STACK = 4096 - 1024 + 8;

    private FailsafeAlignment() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("cbcaccb5e9", Layer.ENTRY, "The frame of the failsafe callback is not aligned")
                .names("cbcaccb5e9")
                .mechanism("Every other frame begins below the stack pointer rounded down to 16, as those of a "
                        + "processor in 64-bit mode do. The one for the failsafe callback begins below the stack "
                        + "pointer as it is.")
                .construction("The kernel stack for entries from user mode is set to 8 more than a multiple of 16; the "
                        + "iret hypercall has a selector in CS that no descriptor exists for.")
                .telling("The frame of eleven words is at a multiple of 16, or 8 more than one. Since 4.7 such an "
                        + "iret is an exception.")
                .affected("to 4.8")
                .repaired("4.9 (cbcaccb5e9)")
                .provenance("Xen commit cbcaccb5e9; the fixed side is the profile of 4.6 with the bug taken away, "
                        + "because since 4.7 the callback is entered only where a context switch cannot load a "
                        + "selector")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_6,
                AbiProfiles.XEN_4_6.toBuilder("xen-4.6+failsafe-aligned")
                        .without(Quirk.FAILSAFE_NOT_ALIGNED)
                        .build(),
                GuestTrial.of(BugGuest.elf(FailsafeAlignment::guest)));
    }

    private static void guest(BugGuest guest) {
        Label back = guest.label();
        Label entered = guest.label();
        guest.asm().lea(RSI, ptr(guest.runtime().stack(), STACK));
        guest.runtime().call(Hypercalls.STACK_SWITCH, STACK_SELECTOR, RSI);
        guest.runtime().attempt(back, () -> {
            guest.asm()
                    .push(STACK_SELECTOR)
                    .push(0x1000)
                    .push(0x202)
                    .push(0xFFF3)
                    .push(0x2000);
            guest.asm().push(0).push(0).push(0).push(0);
            guest.runtime().hypercall(Hypercalls.IRET);
        });
        guest.asm().bind(back);
        guest.evidence("vector", TrapWord.VECTOR).evidence("frame", TrapWord.KERNEL_RSP);
        guest.load(RAX, TrapWord.VECTOR)
                .asm()
                .cmp(RAX, TrapWord.FAILSAFE_VECTOR)
                .je(entered);
        guest.verdict(Outcome.SKIP, "a bad frame for iret is an exception here");
        guest.asm().bind(entered);
        guest.load(RAX, TrapWord.KERNEL_RSP).asm().and(RAX, 15);
        guest.judge(
                RAX,
                0,
                "the frame begins right below the stack pointer",
                8,
                "the stack pointer was rounded down first");
    }
}
