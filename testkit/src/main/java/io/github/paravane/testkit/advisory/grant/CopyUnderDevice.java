package io.github.paravane.testkit.advisory.grant;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GrantSteps;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** XSA-230: a copy clears the flags of a grant that a device uses. */
final class CopyUnderDevice {

    private static final int REFERENCE = 8;
    private static final int WRITING = 1 << 4;

    private CopyUnderDevice() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-230", Layer.GRANT, "A copy takes away the marks of a device mapping")
                .names("XSA-230", "CVE-2017-12855", "6e2a4c7356")
                .mechanism(
                        "While a grant is in use its entry says \"reading\" and \"writing\", so that the granter leaves "
                                + "the frame alone. The end of a copy looks at mappings for the host only, and clears the marks"
                                + " while a device still writes the frame.")
                .construction(
                        "A grant is mapped for devices; eight bytes are copied to the same grant; its flags are read.")
                .telling("GTF_writing is clear, or set.")
                .affected("to 4.9")
                .repaired("4.10 (6e2a4c7356)")
                .provenance("XSA-230; Xen commit 6e2a4c7356")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_9,
                AbiProfiles.XEN_4_10,
                GuestTrial.of(BugGuest.elf(CopyUnderDevice::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        GrantSteps grants = new GrantSteps(guest, steps);
        Label data = steps.page("data");
        grants.start().permit(REFERENCE, data, GrantSteps.PERMIT_ACCESS);
        guest.asm().xor(EAX, EAX);
        grants.map(REFERENCE, GrantSteps.DEVICE_MAP).requireStatus("mapping the grant for devices");
        grants.flags(REFERENCE);
        guest.evidence("flags-before", RAX);
        grants.copyTo(REFERENCE, steps.page("source")).requireStatus("copying");
        grants.flags(REFERENCE);
        guest.evidence("flags-after", RAX);
        guest.asm().and(RAX, WRITING);
        guest.judge(RAX, 0, "the granter thinks that nobody writes", WRITING, "the device is known to write");
    }
}
