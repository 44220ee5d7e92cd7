package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;

/** XSA-167: MARK_SUPER of frames that do not exist. */
final class MarkedSuperpage {

    private static final int MARK_SUPER = 19;
    private static final long NO_FRAME = 0xF_FFFF_FE00L;

    private MarkedSuperpage() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-167", Layer.PAGING, "A superpage mark beyond memory")
                .names("XSA-167", "CVE-2016-1570", "47abf29a92")
                .mechanism("MMUEXT_MARK_SUPER and UNMARK_SUPER write the record of the superpage, without a look "
                        + "whether the frames exist.")
                .construction("MARK_SUPER of a frame far beyond memory.")
                .telling("The host dies, or the result is an error.")
                .affected("4.1 (06ef473029) to 4.6 with allowsuperpage")
                .repaired("4.7 (47abf29a92); the operation went in 4.10 (56fff3e5e9)")
                .provenance("XSA-167; Xen commits 06ef473029, 47abf29a92 and 56fff3e5e9; XTF test xsa-167")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_6,
                AbiProfiles.XEN_4_7,
                GuestTrial.of(BugGuest.elf(MarkedSuperpage::guest)).on(HostOptions.DEFAULT.withSuperpages(true)));
    }

    private static void guest(BugGuest guest) {
        new TableSteps(guest).load(RAX, NO_FRAME);
        guest.runtime().extended(MARK_SUPER, RAX);
        guest.evidence("result", RAX);
        guest.asm().shr(RAX, 63);
        guest.judge(RAX, 0, "the frames were not looked at", 1, "the operation was refused");
    }
}
