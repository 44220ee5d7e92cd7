package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RSP;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** c76b902135: the frame of an entry is not aligned. */
final class FrameAlignment {

    private FrameAlignment() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("c76b902135", Layer.ENTRY, "The frame of an entry is not aligned")
                .names("c76b902135")
                .mechanism("A processor in 64-bit mode rounds the stack pointer down to 16 before it pushes a frame. "
                        + "Without that a handler that uses aligned stores of SSE faults, depending on where the "
                        + "interrupted code had its stack.")
                .construction("The kernel executes INT3 with a stack pointer that is 8 more than a multiple of 16.")
                .telling("The address of the frame of seven words is a multiple of 16, or 8 more than one.")
                .affected("before 3.0.0")
                .repaired("3.0.0 (c76b902135)")
                .provenance("Xen commit c76b902135; the faulty side is a profile of 3.0.2 with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2.toBuilder("xen-3.0.2+frame-not-aligned")
                        .with(Quirk.FRAME_NOT_ALIGNED)
                        .build(),
                AbiProfiles.XEN_3_0_2,
                GuestTrial.of(BugGuest.elf(FrameAlignment::guest)));
    }

    private static void guest(BugGuest guest) {
        Label back = guest.label();
        guest.runtime()
                .attempt(back, () -> guest.asm().and(RSP, -16).sub(RSP, 8).int3());
        guest.asm().bind(back);
        guest.evidence("frame", TrapWord.KERNEL_RSP);
        guest.load(RAX, TrapWord.KERNEL_RSP).asm().and(RAX, 15);
        guest.judge(
                RAX,
                0,
                "the frame begins right below the stack pointer",
                8,
                "the stack pointer was rounded down first");
    }
}
