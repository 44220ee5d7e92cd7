package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.api.memory.FrameRange;
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

/** Commit 70622118ee: the result of mapping a read-only device frame. */
final class ReadOnlyDevice {

    private static final long LINEAR = 1L << 39;
    private static final long DEVICE = 0xE_0000L;

    private ReadOnlyDevice() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("70622118ee", Layer.PAGING, "A mapping of a read-only device frame reports 1")
                .names("70622118ee")
                .mechanism("R/W is taken out of an entry that maps a device frame which nobody may write. The function "
                        + "that replaces the entry keeps the 1 that means \"take R/W out\" as its own result, and the "
                        + "guest sees a failure that is none.")
                .construction("The control domain maps such a frame with R/W by update_va_mapping.")
                .telling("The result is 1, or 0; the entry is read-only both ways.")
                .affected("4.1 (b5aadd4248)")
                .repaired("4.2 (70622118ee)")
                .provenance("Xen commits b5aadd4248 and 70622118ee")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_1,
                AbiProfiles.XEN_4_2,
                GuestTrial.of(BugGuest.elf(ReadOnlyDevice::guest))
                        .inControlDomain()
                        .on(HostOptions.DEFAULT.withReadOnlyDevices(new FrameRange(DEVICE, DEVICE + 1))));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Label l1 = steps.page("l1");
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), l1);
        steps.load(RAX, Pte.of(DEVICE, TableSteps.PAGE)).map(LINEAR);
        guest.asm().mov(R12, RAX);
        steps.show("l1-entry", l1, 0);
        guest.judge(R12, 1, "success looks like a failure", 0, "the mapping is made and reported");
    }
}
