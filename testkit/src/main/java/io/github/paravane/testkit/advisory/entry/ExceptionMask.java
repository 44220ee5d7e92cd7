package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;

/** c9501438bb: an exception unmasks events. */
final class ExceptionMask {

    private ExceptionMask() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("c9501438bb", Layer.ENTRY, "An exception unmasks events")
                .names("c9501438bb")
                .mechanism("The upcall mask is set from the flag of the gate instead of being left alone by a gate "
                        + "that does not ask for masking, so an exception inside a critical section of the guest "
                        + "kernel ends the section.")
                .construction("The kernel, with events masked as at boot, executes INT3 through a gate that does not "
                        + "mask.")
                .telling("The mask in vcpu_info is clear or set in the handler.")
                .affected("before 3.0.0")
                .repaired("3.0.0 (c9501438bb)")
                .provenance("Xen commit c9501438bb; the faulty side is a profile of 3.0.2 with the bug put in")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_0_2.toBuilder("xen-3.0.2+exception-clears-mask")
                        .with(Quirk.EXCEPTION_CLEARS_MASK)
                        .build(),
                AbiProfiles.XEN_3_0_2,
                GuestTrial.of(BugGuest.elf(ExceptionMask::guest)));
    }

    private static void guest(BugGuest guest) {
        Label back = guest.label();
        guest.runtime().attempt(back, () -> guest.asm().int3());
        guest.asm().bind(back).movzx(EAX, bytePtr(ptr(guest.runtime().sharedInfo(), 1)));
        guest.evidence("upcall-mask", RAX);
        guest.judge(RAX, 0, "events are not masked any more", 1, "events are still masked");
    }
}
