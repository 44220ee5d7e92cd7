package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 3724385e39: CLEAR_PAGE of what is not memory. */
final class ClearedDevice {

    private static final int CLEAR_PAGE = 16;
    private static final int DOMID_IO = 0x7FF1;

    /** The frame buffer of a VGA card. */
    private static final long DEVICE = 0xA0;

    private ClearedDevice() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("3724385e39", Layer.PAGING, "CLEAR_PAGE and COPY_PAGE write to devices")
                .names("3724385e39")
                .mechanism("MMUEXT_CLEAR_PAGE and COPY_PAGE take any frame of the domain that is named with them. With "
                        + "DOMID_IO that is a frame of a device, which is no memory to be cleared.")
                .construction("The control domain calls CLEAR_PAGE of a frame below 1 MiB with DOMID_IO.")
                .telling("The frame is cleared, or the call is EINVAL.")
                .affected("3.4 to 4.9")
                .repaired("4.10 (3724385e39)")
                .provenance("Xen commit 3724385e39")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_9,
                AbiProfiles.XEN_4_10,
                GuestTrial.of(BugGuest.elf(ClearedDevice::guest)).inControlDomain());
    }

    private static void guest(BugGuest guest) {
        Label operation = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(operation)
                        .u64(CLEAR_PAGE)
                        .u64(DEVICE)
                        .u64(0));
        guest.runtime().call(Hypercalls.MMUEXT_OP, operation, 1, 0, DOMID_IO);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the frame was cleared", -22, "EINVAL");
    }
}
