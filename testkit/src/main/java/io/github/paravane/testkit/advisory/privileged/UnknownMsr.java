package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** 322ec7c89f: an unknown model-specific register. */
final class UnknownMsr {

    private UnknownMsr() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("322ec7c89f", Layer.PRIVILEGED, "An unknown model-specific register")
                .names("322ec7c89f", "6eef0a9926")
                .mechanism("RDMSR of a register that the hypervisor does not know goes to the processor and shows "
                        + "the host's state; WRMSR is dropped, and the guest believes that it happened.")
                .construction("WRMSR of 0 to register 0x12345678 in kernel mode.")
                .telling("No fault, or #GP.")
                .affected("to 4.14")
                .repaired("4.15 (322ec7c89f)")
                .provenance("Xen commits 322ec7c89f and 6eef0a9926")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_14, AbiProfiles.XEN_4_15, GuestTrial.of(BugGuest.elf(UnknownMsr::guest)));
    }

    private static void guest(BugGuest guest) {
        Label caught = guest.label();
        guest.runtime()
                .attempt(
                        caught,
                        () -> guest.asm()
                                .mov(ECX, 0x1234_5678)
                                .xor(EAX, EAX)
                                .xor(EDX, EDX)
                                .wrmsr());
        guest.failure("the write was dropped");
        guest.asm().bind(caught);
        guest.evidence("vector", TrapWord.VECTOR);
        guest.success("#GP");
    }
}
