package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;

/** XSA-255: status frames freed while mapped. */
final class StatusFrames {

    private static final long LINEAR = 1L << 39;

    private StatusFrames() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-255", Layer.GRANT, "Status frames are freed while they are mapped")
                .names("XSA-255", "CVE-2018-7541", "38bfcc165d")
                .mechanism("A grant table of version 2 keeps its status in frames that the guest may map. When it goes "
                        + "back to version 1 they are freed, whoever maps them.")
                .construction("set_version 2, a status frame is mapped, set_version 1.")
                .telling("The result is 0, or EBUSY.")
                .affected("4.0 (a98dc13703) to 4.10")
                .repaired("4.11 (38bfcc165d)")
                .provenance("XSA-255; Xen commits a98dc13703 and 38bfcc165d; XTF test xsa-255")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_10, AbiProfiles.XEN_4_11, GuestTrial.of(BugGuest.elf(StatusFrames::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), steps.page("l1"));
        grants.start().setVersion(2);
        steps.orSkip("grant tables have one version");
        grants.statusFrame();
        guest.asm().shl(RAX, 12).or(RAX, (int) TableSteps.PAGE);
        steps.map(LINEAR).require("mapping a status frame");
        grants.setVersion(1);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "a frame was freed that the guest maps", -16, "the frame is in use");
    }
}
