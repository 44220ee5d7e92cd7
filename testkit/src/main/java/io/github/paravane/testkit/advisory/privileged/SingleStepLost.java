package io.github.paravane.testkit.advisory.privileged;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** d8b6ccfe2d: no single step after an emulated instruction. */
final class SingleStepLost {

    private SingleStepLost() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("d8b6ccfe2d", Layer.PRIVILEGED, "No single step after an emulated instruction")
                .names("d8b6ccfe2d", "8b831f4189")
                .mechanism("An instruction that the hypervisor emulates ends without the trap that TF asks for, so a "
                        + "debugger steps over two instructions at once.")
                .construction("User mode with TF set executes CPUID with the prefix of forced emulation, and then NOP.")
                .telling("RIP of the #DB is behind the NOP, or behind the CPUID.")
                .affected("to 3.1")
                .repaired("3.2 (d8b6ccfe2d, 8b831f4189)")
                .provenance("Xen commits d8b6ccfe2d and 8b831f4189")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_2,
                AbiProfiles.XEN_3_2,
                GuestTrial.of(BugGuest.elf(SingleStepLost::guest)));
    }

    private static void guest(BugGuest guest) {
        Label back = guest.label();
        Label code = guest.userCode(user ->
                user.bytes(0x0F, 0x0B, 0x78, 0x65, 0x6E, 0x0F, 0xA2).nop().nop());
        guest.runtime().enterUser(code, back, 0x302);
        guest.asm().bind(back);
        guest.evidence("vector", TrapWord.VECTOR).evidence("rip", TrapWord.RIP);
        guest.load(RAX, TrapWord.RIP).asm().lea(RDX, ptr(code)).sub(RAX, RDX);
        guest.judge(RAX, 8, "the step went over two instructions", 7, "the step ended with the emulated instruction");
    }
}
