package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Label;

/** XSA-154: cached mappings of device memory. */
final class CachedDevice {

    private static final long LINEAR = 1L << 39;
    private static final long DEVICE = 0xE_0000L;

    private CachedDevice() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-154", Layer.PAGING, "Device memory mapped cached")
                .names("XSA-154", "CVE-2016-2270", "c61a6f74f8")
                .mechanism(
                        "A guest with devices chooses the caching of their memory. Mapped cached by one and uncached "
                                + "by another, a device can be made to stop the host with a machine check.")
                .construction("The control domain maps a device frame with R/W and no cache bits.")
                .telling("The entry is stored as it is, or with PCD and PWT.")
                .affected("to 4.6")
                .repaired("4.7 (c61a6f74f8)")
                .provenance("XSA-154; Xen commit c61a6f74f8")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_6,
                AbiProfiles.XEN_4_7,
                GuestTrial.of(BugGuest.elf(CachedDevice::guest)).inControlDomain());
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, Pte.of(DEVICE, TableSteps.PAGE)).map(LINEAR);
        steps.require("mapping a device frame");
        steps.show("l1-entry", l1, 0);
        guest.asm().and(RAX, (int) (Pte.PCD | Pte.PWT));
        guest.judge(RAX, 0, "the device is mapped cached", Pte.PCD | Pte.PWT, "the device is mapped uncached");
    }
}
