package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.HostOptions;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** Commit daf7926d53: the frames of a superpage are not checked. */
final class SuperpageBeyondMemory {

    private SuperpageBeyondMemory() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("daf7926d53", Layer.PAGING, "A superpage beyond memory")
                .names("daf7926d53")
                .mechanism(
                        "With the boot option allowsuperpage an L2 entry may map 2 MiB. Whether the 512 frames exist "
                                + "is not checked before their frame records are read.")
                .construction("An L2 entry with PSE names a frame far beyond memory.")
                .telling("The host dies, or the update is EINVAL.")
                .affected("3.4 with allowsuperpage")
                .repaired("4.0 (daf7926d53)")
                .provenance("Xen commit daf7926d53")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_4,
                AbiProfiles.XEN_4_0,
                GuestTrial.of(BugGuest.elf(SuperpageBeyondMemory::guest)).on(HostOptions.DEFAULT.withSuperpages(true)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l2 = steps.page("l2");
        steps.freeze(l2).pin(2, l2).require("pinning an L2 table");
        steps.load(RAX, Pte.of(0xF_FFFF_FE00L, TableSteps.TABLE | Pte.PSE)).store(l2, 0);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the frames were not looked at", -22, "the frames were looked at");
    }
}
