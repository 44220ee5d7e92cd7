package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;

/** dba899de14: the frame of SYSCALL in a 32-bit domain shows selectors of a 64-bit one. */
final class NativeSelectors {

    private static final int USER_PAGE = 0x67;

    private NativeSelectors() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "dba899de14",
                        Layer.ENTRY,
                        "The frame of a 32-bit SYSCALL shows the selectors of 64-bit domains")
                .names("dba899de14")
                .mechanism(
                        "The entry of SYSCALL stores the flat 32-bit selectors of 64-bit domains. In the GDT of a 32-bit "
                                + "domain e023 is the kernel's data segment and e02b a code segment: a return with them faults.")
                .construction("A program in ring 3 executes SYSCALL, for which a callback is registered.")
                .telling("CS in the frame is e023, or e02b.")
                .affected("3.2 to 4.10")
                .repaired("4.11 (dba899de14)")
                .provenance("Xen commit dba899de14")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_10, AbiProfiles.XEN_4_11, CompatGuest.trial(NativeSelectors::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label caught = guest.label();
        Label program = guest.label();
        runtime.data(() -> guest.asm().align(4096).bind(program).syscall().ud2().align(4096));
        runtime.remap(program, USER_PAGE);
        runtime.enterUser(program, caught);
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR);
        guest.asm()
                .mov(EBX, runtime.trap(CompatTrapWord.SS))
                .mov(EAX, runtime.trap(CompatTrapWord.CS))
                .and(EAX, 0xFFFF);
        guest.evidence("cs", EAX).evidence("ss", EBX);
        guest.judge(EAX, 0xE023, "no code segment of this domain", CompatRuntime.USER_CS, "the user's code segment");
    }
}
