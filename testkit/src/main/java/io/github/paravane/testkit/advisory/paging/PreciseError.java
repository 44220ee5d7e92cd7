package io.github.paravane.testkit.advisory.paging;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.TableSteps;
import io.github.paravane.testkit.asm.Assembler;

/** Commit be640b1800: errors of entries say what is wrong. */
final class PreciseError {

    private static final long LINEAR = 1L << 39;

    private PreciseError() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "be640b1800", Layer.PAGING, "The error of a refused entry (a difference of the ABI)")
                .names("be640b1800")
                .mechanism(
                        "Whatever is wrong with an entry, the answer was EINVAL. Since then an entry for a frame that"
                                + " cannot be had that way is EBUSY, one for a frame that does not exist EPERM.")
                .construction("update_va_mapping of a page with a writable entry for the root table.")
                .telling("EINVAL, or EBUSY.")
                .affected("to 4.1 (no bug: the older rule)")
                .repaired("4.2 (be640b1800)")
                .provenance("Xen commit be640b1800")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_1, AbiProfiles.XEN_4_2, GuestTrial.of(BugGuest.elf(PreciseError::guest)));
    }

    private static void guest(BugGuest guest) {
        TableSteps steps = new TableSteps(guest);
        Assembler asm = guest.asm();
        steps.hook(LINEAR, steps.page("l3"), steps.page("l2"), steps.page("l1"));
        steps.root(0);
        asm.mov(RAX, RDX).and(RAX, -4096).or(RAX, (int) TableSteps.PAGE);
        steps.map(LINEAR);
        guest.evidence("result", RAX);
        guest.judge(RAX, -22, "the error says nothing", -16, "the frame is in use otherwise");
    }
}
