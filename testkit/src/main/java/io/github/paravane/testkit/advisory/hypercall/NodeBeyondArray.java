package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-231: a NUMA node beyond the array. */
final class NodeBeyondArray {

    private static final int INCREASE = 0;
    private static final int NODE = 200 + 1 << 8;

    private NodeBeyondArray() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-231", Layer.HYPERCALL, "A NUMA node beyond the array")
                .names("XSA-231", "CVE-2017-14316", "2fece35303")
                .mechanism("The node that a reservation asks for indexes an array of nodes without a check. The "
                        + "field holds numbers up to 254, the array 64.")
                .construction("XENMEM_increase_reservation of one page on node 200.")
                .telling(
                        "The host dies, or the call returns: no extent is done, or one for a plain domain that may have more.")
                .affected("4.0 to 4.9")
                .repaired("4.10 (2fece35303)")
                .provenance("XSA-231; Xen commit 2fece35303; XTF test xsa-231")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_9,
                AbiProfiles.XEN_4_10,
                GuestTrial.of(BugGuest.elf(NodeBeyondArray::guest)));
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
                        .u32(NODE)
                        .u64(GuestRuntime.DOMID_SELF)
                        .bind(frames)
                        .u64(0));
        guest.runtime().call(Hypercalls.MEMORY_OP, INCREASE, request);
        guest.evidence("extents-done", RAX);
        // A plain domain has no say in the node, and gets the page if it may have more.
        Label whole = guest.label();
        guest.asm().cmp(RAX, 1).jb(whole).je(whole);
        guest.verdict(Outcome.ERROR, "neither a page nor none");
        guest.asm().bind(whole);
        guest.success("the hypervisor is alive");
    }
}
