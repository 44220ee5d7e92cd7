package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** d965e2ee07: dR6 does not show which breakpoint was hit. */
final class LostHits {

    /** L0, R/W0 = 1, LEN0 = 3, and bit 10, which is always set. */
    private static final int STORE_OF_4 = 0xD_0401;

    private LostHits() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("d965e2ee07", Layer.PRIVILEGED, "DR6 does not show which breakpoint was hit")
                .names("d965e2ee07", "db39fa4b27")
                .mechanism("The status of a debug exception is merged into the DR6 of the guest twice, the second "
                        + "time as nothing. Bits 0 to 3, which every exception replaces, are lost that way; the "
                        + "others, which gather, are not.")
                .construction("A breakpoint on stores to a word; a store to the word; get_debugreg of DR6 in the "
                        + "handler of #DB.")
                .telling("Bit 0 of DR6 is clear, or set.")
                .affected("4.20.0")
                .repaired("4.20.1 and 4.21 (d965e2ee07)")
                .provenance("Xen commits db39fa4b27 and d965e2ee07; the faulty side is the profile of 4.20, which is "
                        + "that of a later stable release, with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_20.toBuilder("xen-4.20.0+breakpoint-hits-lost")
                        .with(Quirk.BREAKPOINT_HITS_LOST)
                        .build(),
                AbiProfiles.XEN_4_20,
                GuestTrial.of(BugGuest.elf(LostHits::guest)));
    }

    private static void guest(BugGuest guest) {
        Label data = guest.runtime().page("watched");
        Label caught = guest.label();
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 0, data);
        // twice, for the versions that lose the first one
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 7, STORE_OF_4);
        guest.runtime().call(Hypercalls.SET_DEBUGREG, 7, STORE_OF_4);
        guest.runtime().attempt(caught, () -> guest.asm().mov(dword(ptr(data)), 1));
        guest.verdict(Outcome.SKIP, "this version or its processor has no breakpoints");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.runtime().call(Hypercalls.GET_DEBUGREG, 6);
        guest.evidence("dr6", RAX);
        guest.asm().and(RAX, 1);
        guest.judge(RAX, 0, "the breakpoint is not to be seen", 1, "the breakpoint is to be seen");
    }
}
