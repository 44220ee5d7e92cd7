package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.word;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-134: entries exchanged in a grant table that was never set up. */
final class SwapBeforeSetup {

    private static final int SWAP = 11;
    private static final int REFERENCE = 8;

    private SwapBeforeSetup() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-134", Layer.GRANT, "swap_grant_ref before the table is set up kills the host")
                .names("XSA-134", "CVE-2015-4163", "5d5c09d853")
                .mechanism("A grant table has no version before GNTTABOP_setup_table or set_version. "
                        + "GNTTABOP_swap_grant_ref takes every version but 1 for 2, and follows the pointers of a table "
                        + "of version 2 that does not exist.")
                .construction(
                        "GNTTABOP_swap_grant_ref as the first use of the grant table, by the control domain: the toolstack has "
                                + "set up the tables of others.")
                .telling("The host dies, or the call has a status.")
                .affected("4.2 to 4.5")
                .repaired("4.6 (5d5c09d853)")
                .provenance("XSA-134; Xen commit 5d5c09d853")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_5,
                AbiProfiles.XEN_4_6,
                GuestTrial.of(BugGuest.elf(SwapBeforeSetup::guest)).inControlDomain());
    }

    private static void guest(BugGuest guest) {
        Label operation = guest.label();
        guest.runtime()
                .data(() -> guest.asm()
                        .align(8)
                        .bind(operation)
                        .u32(REFERENCE)
                        .u32(REFERENCE + 1)
                        .u32(0));
        guest.runtime().call(Hypercalls.GRANT_TABLE_OP, SWAP, operation, 1);
        guest.evidence("result", RAX);
        guest.asm().movsx(RAX, word(ptr(operation, 8)));
        guest.evidence("status", RAX).success("the hypervisor is alive");
    }
}
