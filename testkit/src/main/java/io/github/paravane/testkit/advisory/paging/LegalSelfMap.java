package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;

/** Commit 88c6403475: a linear entry that is right is an error. */
final class LegalSelfMap {

    private static final long SLOT = 100;

    private LegalSelfMap() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("88c6403475", Layer.PAGING, "A legal self-map is refused")
                .names("88c6403475")
                .mechanism("A table that is refused as the level below is tried as a linear entry. After validation "
                        + "became preemptible, success of that second attempt was turned into an error.")
                .construction("An entry of the root table names the root table, without R/W.")
                .telling("The update is EINVAL, or succeeds.")
                .affected("development of 3.4 (August and September 2008)")
                .repaired("3.4 (88c6403475)")
                .provenance("Xen commit 88c6403475")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_4.toBuilder("xen-3.4-dev")
                        .with(Quirk.LINEAR_RESULT_INVERTED)
                        .build(),
                AbiProfiles.XEN_3_4,
                GuestTrial.of(BugGuest.elf(LegalSelfMap::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        steps.root(SLOT << 39);
        asm.mov(R12, RDX).mov(R13, RDX).and(R13, -4096).or(R13, (int) TableSteps.LINEAR);
        guest.runtime().update(R12, R13);
        guest.evidence("result", RAX);
        guest.judge(RAX, -22, "a self-map without R/W is refused", 0, "a self-map without R/W is legal");
    }
}
