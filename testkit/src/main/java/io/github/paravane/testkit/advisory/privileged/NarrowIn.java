package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.DX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 1191aa9d19: iN clears the upper half of RAX. */
final class NarrowIn {

    private static final int SET_IOPL = 6;

    private NarrowIn() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("1191aa9d19", Layer.PRIVILEGED, "IN clears the upper half of RAX")
                .names("1191aa9d19")
                .mechanism("The result of an emulated IN of 8 or 16 bits is merged into RAX under an unsigned 32-bit "
                        + "mask, which clears bits 63 to 32.")
                .construction("IOPL 1, RAX all ones, IN AL, DX from a port that nobody has.")
                .telling("Bits 63 to 32 of RAX are clear, or set.")
                .affected("to 4.5")
                .repaired("4.6 (1191aa9d19)")
                .provenance("Xen commit 1191aa9d19")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_5, AbiProfiles.XEN_4_6, GuestTrial.of(BugGuest.elf(NarrowIn::guest)));
    }

    private static void guest(BugGuest guest) {
        Label iopl = guest.label();
        guest.runtime().data(() -> guest.asm().align(8).bind(iopl).u64(1));
        guest.runtime().call(Hypercalls.PHYSDEV_OP, SET_IOPL, iopl);

        guest.asm().mov(RAX, -1).mov(EDX, 0x510).in(AL, DX);
        guest.evidence("rax", RAX);
        guest.asm().shr(RAX, 32);
        guest.judge(RAX, 0, "the upper half was cleared", 0xFFFF_FFFFL, "only AL changed");
    }
}
