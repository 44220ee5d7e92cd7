package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.ESP;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;

/** XSA-183: the frame of an entry on a page of ring 3's is a fault of the hypervisor's own. */
final class FrameUnderSmap {

    private static final int USER_PAGE = 0x67;
    private static final int PAGE = 4096;

    private FrameUnderSmap() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "xsa-183", Layer.ENTRY, "SMAP stops the hypervisor from writing a 32-bit guest's frame")
                .names("XSA-183", "CVE-2016-6259", "9f1441487a")
                .mechanism(
                        "On a processor with SMAP the hypervisor must lift it to write to pages that ring 3 may use. The "
                                + "entries of 32-bit guests do not: a kernel stack on such a page is a page fault that the "
                                + "hypervisor does not expect of itself.")
                .construction("ESP at the end of a page with U/S; then UD2.")
                .telling("The hypervisor dies, or the guest gets #UD.")
                .affected("4.5 to 4.7, on processors with SMAP")
                .repaired("4.8 (9f1441487a)")
                .provenance("Xen Security Advisory 183; Xen commit 9f1441487a")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_7, AbiProfiles.XEN_4_8, CompatGuest.trial(FrameUnderSmap::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label page = runtime.page("user_stack_page");
        Label caught = guest.label();
        runtime.remap(page, USER_PAGE);
        runtime.attempt(caught, () -> guest.asm().mov(ESP, page).add(ESP, PAGE).ud2());
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("frame", CompatTrapWord.EIP_PLACE);
        guest.verdict(Outcome.SUCCESS, "the frame was written");
    }
}
