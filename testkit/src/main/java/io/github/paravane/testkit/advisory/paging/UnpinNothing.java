package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Commit 7e98fc5ba6: UNPIN_TABLE reports success for a bad frame. */
final class UnpinNothing {

    private static final long NO_FRAME = 0xF_FFFF_FFFFL;

    private UnpinNothing() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("7e98fc5ba6", Layer.PAGING, "UNPIN_TABLE of a bad frame succeeds")
                .names("7e98fc5ba6")
                .mechanism("When the frame of UNPIN_TABLE cannot be had, the message is printed and the flag that says "
                        + "\"this operation worked\" stays set: the operation counts as done.")
                .construction("UNPIN_TABLE of a frame far beyond memory.")
                .telling("The call returns 0 and counts one operation, or EINVAL.")
                .affected("4.2")
                .repaired("4.3 (7e98fc5ba6)")
                .provenance("Xen commit 7e98fc5ba6")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_2, AbiProfiles.XEN_4_3, GuestTrial.of(BugGuest.elf(UnpinNothing::guest)));
    }

    private static void guest(BugGuest guest) {
        GuestRuntime runtime = guest.runtime();
        Assembler asm = guest.asm();
        Label request = asm.label("request");
        Label done = asm.label("done");
        runtime.data(() -> asm.align(8)
                .bind(request)
                .u64(Hypercalls.UNPIN_TABLE)
                .u64(NO_FRAME)
                .u64(0));
        runtime.data(() -> asm.bind(done).u64(0));
        runtime.call(Hypercalls.MMUEXT_OP, request, 1, done, GuestRuntime.DOMID_SELF);
        asm.mov(R12, ptr(done));
        guest.evidence("result", RAX).evidence("done", R12);
        guest.judge(RAX, 0, "a frame that does not exist was unpinned", -22, "the frame was refused");
    }
}
