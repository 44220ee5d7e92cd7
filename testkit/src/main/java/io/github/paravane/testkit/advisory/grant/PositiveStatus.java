package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;

/** XSA-316: a positive status for a bad grant. */
final class PositiveStatus {

    private static final long LINEAR = 1L << 39;
    private static final int REFERENCE = 8;

    private PositiveStatus() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-316", Layer.GRANT, "A grant that is refused has a positive status")
                .names("XSA-316", "CVE-2020-11743", "da0c66c8f4")
                .mechanism("A bracket in the wrong place: where the grant does not name the domain that maps it, the "
                        + "status is +1, which is no error by the rules, and Linux goes on with a mapping that is not "
                        + "there.")
                .construction("The guest grants a page to another domain and maps the grant itself.")
                .telling("The status is 1, or -1.")
                .affected("4.13 (863e74eb2c), and older versions with the repair of XSA-295")
                .repaired("4.14 (da0c66c8f4)")
                .provenance("XSA-316; Xen commits 863e74eb2c and da0c66c8f4; XTF test xsa-316")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12.toBuilder("xen-4.13")
                        .with(Quirk.GRANT_REFUSAL_POSITIVE)
                        .build(),
                AbiProfiles.XEN_4_14,
                GuestTrial.of(BugGuest.elf(PositiveStatus::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Assembler asm = guest.asm();
        Label data = steps.page("data");
        Label l1 = steps.page("l1");
        grants.start().permit(REFERENCE, data, GrantSteps.PERMIT_ACCESS, 1);
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, LINEAR);
        grants.map(REFERENCE, GrantSteps.HOST_MAP);
        asm.mov(R12, RAX);
        steps.show("l1-entry", l1, 0);
        guest.evidence("status", R12);
        guest.judge(R12, 1, "the refusal is no error", -1, "the refusal is an error");
    }
}
