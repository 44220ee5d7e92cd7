package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Commit 0f120a302a: NEW_BASEPTR that fails. */
final class FailedBaseLoad {

    private FailedBaseLoad() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("0f120a302a", Layer.PAGING, "A failing base load takes the old tables away")
                .names("0f120a302a")
                .mechanism("NEW_BASEPTR drops the old root table before it has the new one, lest a guest run out of "
                        + "references. If the new one is refused even then, there is nothing to go back to, and the "
                        + "domain is killed.")
                .construction("NEW_BASEPTR of a frame that the kernel maps writable.")
                .telling("The domain crashes, or the result is EINVAL and the kernel runs on.")
                .affected("to 3.0.4")
                .repaired("3.1 (0f120a302a)")
                .provenance("Xen commit 0f120a302a")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_4,
                AbiProfiles.XEN_3_1_0,
                GuestTrial.of(BugGuest.elf(FailedBaseLoad::guest)).crashMeans(Outcome.FAILURE));
    }

    private static void guest(BugGuest guest) {
        guest.runtime().machineFrame(new TableSteps(guest).page("data"));
        guest.runtime().extended(Hypercalls.NEW_BASEPTR, RAX);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "a writable page became the root table", -22, "the old root table stays");
    }
}
