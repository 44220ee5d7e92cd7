package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.runtime.Hypercalls;

/** afe018e041: sEGBASE_GS_USER_SEL loses the base. */
final class SegmentBaseSelector {

    private SegmentBaseSelector() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("afe018e041", Layer.ENTRY, "SEGBASE_GS_USER_SEL loses the base")
                .names("afe018e041")
                .mechanism("set_segment_base with a selector loads GS in the hypervisor, but the base that comes "
                        + "with it is not kept for the user context: the next change to user mode restores the old "
                        + "one. The selector is loaded with the privilege level as given.")
                .construction("set_segment_base(GS_USER, 0x12340000), then set_segment_base(GS_USER_SEL, 0); user mode "
                        + "reads through GS.")
                .telling("The base of the user context is still 0x12340000, or 0.")
                .affected("to 4.14.0")
                .repaired("4.15 (afe018e041), 4.14.1")
                .provenance("Xen commit afe018e041")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12,
                AbiProfiles.XEN_4_15,
                GuestTrial.of(BugGuest.elf(SegmentBaseSelector::guest)));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().call(Hypercalls.SET_SEGMENT_BASE, 1, 0x1234_0000);
        guest.runtime().call(Hypercalls.SET_SEGMENT_BASE, 3, 0);
        guest.asm().mov(ECX, 0xC000_0102).rdmsr().shl(RDX, 32).or(RAX, RDX);
        guest.evidence("user-gs-base", RAX);
        guest.judge(RAX, 0x1234_0000, "the base is the old one", 0, "the base is that of the selector");
    }
}
