package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Commit 1516b33961: local operations on a foreign domain. */
final class ForeignLocalOperation {

    private static final int DOMID_IO = 0x7FF1;

    private ForeignLocalOperation() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "1516b33961", Layer.PAGING, "The foreign domain of a local operation is ignored")
                .names("1516b33961")
                .mechanism("mmuext_op names a foreign domain. Flushes, base loads and SET_LDT can only be about the "
                        + "caller; they are done on the caller whatever domain is named.")
                .construction("The control domain asks for TLB_FLUSH_LOCAL with DOMID_IO.")
                .telling("The result is 0, or EPERM.")
                .affected("to 4.4")
                .repaired("4.5 (1516b33961)")
                .provenance("Xen commit 1516b33961")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_3,
                AbiProfiles.XEN_4_5,
                GuestTrial.of(BugGuest.elf(ForeignLocalOperation::guest)).inControlDomain());
    }

    private static void guest(BugGuest guest) {
        Assembler asm = guest.asm();
        Label request = asm.label("request");
        guest.runtime()
                .data(() -> asm.align(8)
                        .bind(request)
                        .u64(Hypercalls.TLB_FLUSH_LOCAL)
                        .u64(0)
                        .u64(0));
        guest.runtime().call(Hypercalls.MMUEXT_OP, request, 1, 0, DOMID_IO);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the caller's TLB was flushed", -1, "a foreign domain is refused");
    }
}
