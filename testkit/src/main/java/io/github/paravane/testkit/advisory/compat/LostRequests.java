package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 2bdf72b25a: a long mmuext_op of a 32-bit guest goes on at the wrong request. */
final class LostRequests {

    private static final int REQUESTS = 700;
    private static final int PADDING = 400;
    private static final int SIZE = 12;
    private static final int INVLPG_LOCAL = 7;
    private static final int PIN_L1 = 0;
    private static final int UNPIN = 4;
    private static final int READ_ONLY = 0x21;

    /** The first request after a call was interrupted, and some that are passed over. */
    private static final int LOST = 512;

    private LostRequests() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "2bdf72b25a", Layer.HYPERCALL, "A long mmuext_op of a 32-bit guest loses requests")
                .names("2bdf72b25a")
                .mechanism(
                        "The requests of a 32-bit guest are translated 341 at a time. When such a call is interrupted, the "
                                + "pointer to go on with is reckoned from the number of all requests instead of those translated: it "
                                + "is too far, or the hypervisor's own check of it fails.")
                .construction(
                        "mmuext_op with 700 requests, of which the 513th pins an L1 table; here calls are interrupted "
                                + "after 512.")
                .telling("The table is not pinned, or is.")
                .affected("3.1")
                .repaired("3.2 (2bdf72b25a)")
                .provenance("Xen commit 2bdf72b25a")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_3_1_2, AbiProfiles.XEN_3_2, CompatGuest.trial(LostRequests::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label table = runtime.page("l1");
        Label requests = guest.label();
        Label fill = guest.label();
        runtime.data(() -> guest.asm().align(16).bind(requests).zeros(SIZE * (REQUESTS + PADDING)));
        runtime.remap(table, READ_ONLY);
        guest.asm().mov(ESI, requests).mov(ECX, REQUESTS + PADDING);
        guest.asm()
                .bind(fill)
                .mov(dword(ptr(ESI)), INVLPG_LOCAL)
                .add(ESI, SIZE)
                .dec(ECX)
                .jne(fill);
        runtime.machineAddress(table);
        guest.asm().shr(EAX, 12).mov(ESI, requests).mov(dword(ptr(ESI, SIZE * LOST)), PIN_L1);
        guest.asm().mov(ptr(ESI, SIZE * LOST + 4), EAX);
        runtime.call(Hypercalls.MMUEXT_OP, requests, REQUESTS, 0, GuestRuntime.DOMID_SELF);
        guest.evidence("result", EAX);
        runtime.machineAddress(table);
        guest.asm().shr(EAX, 12);
        runtime.extended(UNPIN, EAX, 0);
        guest.evidence("unpin", EAX);
        guest.judge(EAX, -22, "the request was passed over", 0, "the request was made");
    }
}
