package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.EAX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;

/** 834cb87610: the old physdev_op of a 32-bit guest is read with the structures of a 64-bit one. */
final class OldDeviceCall {

    private static final int PHYSDEV_OP_COMPAT = 19;
    private static final int SET_IOBITMAP = 7;
    private static final int PORTS = 1024;
    private static final int PORT = 0x61;

    private OldDeviceCall() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "834cb87610", Layer.HYPERCALL, "The old physdev_op of a 32-bit guest takes 64-bit structures")
                .names("834cb87610", "1252e28231")
                .mechanism(
                        "With the clean-up of 4.11 the old form of physdev_op lost its 32-bit handler. The 64-bit one finds "
                                + "the pointer to the I/O bitmap where a 32-bit guest has the number of ports.")
                .construction("physdev_op_compat(set_iobitmap) with a bitmap that allows every port; then IN from one.")
                .telling("#GP, or the port can be read.")
                .affected("4.11 to 4.15")
                .repaired("4.16 (834cb87610)")
                .provenance("Xen commits 1252e28231, 834cb87610")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_15, AbiProfiles.XEN_4_16, CompatGuest.trial(OldDeviceCall::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label bitmap = runtime.page("bitmap");
        Label structure = guest.label();
        Label caught = guest.label();
        runtime.data(() -> guest.asm()
                .align(16)
                .bind(structure)
                .u32(SET_IOBITMAP)
                .u32(bitmap)
                .u32(PORTS)
                .zeros(16));
        runtime.call(PHYSDEV_OP_COMPAT, structure);
        guest.evidence("result", EAX);
        runtime.attempt(caught, () -> guest.asm().in(AL, PORT));
        guest.verdict(Outcome.SUCCESS, "the bitmap counts");
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR);
        guest.verdict(Outcome.FAILURE, "the bitmap was not found");
    }
}
