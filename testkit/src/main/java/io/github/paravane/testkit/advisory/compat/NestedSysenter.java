package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ESP;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;

/** XSA-339: SYSENTER with NT in a 32-bit guest raises #GP in the handler of its own #GP. */
final class NestedSysenter {

    private static final int USER_PAGE = 0x67;
    private static final int NT = 1 << 14;

    private NestedSysenter() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-339", Layer.ENTRY, "SYSENTER with NT kills the kernel of a 32-bit guest")
                .names("XSA-339", "CVE-2020-25596", "910093d54f")
                .mechanism(
                        "SYSENTER with NT set was turned into #GP. The exception stays marked as pending when it has been "
                                + "delivered, and is delivered once more before the first instruction of its handler: a fault of "
                                + "the kernel's, as it seems.")
                .construction("A program in ring 3 sets NT and executes SYSENTER, for which there is no callback.")
                .telling(
                        "The frame that the handler finds is of ring 1 and points at the handler, or is the program's.")
                .affected("4.11 to 4.14.0")
                .repaired("4.15 and 4.14.1 (910093d54f), and back to 4.10 with the patches of the advisory")
                .provenance("Xen Security Advisory 339; Xen commits 0c6c2b1428, 910093d54f; XTF test xsa-339")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_13, AbiProfiles.XEN_4_14, CompatGuest.trial(NestedSysenter::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label caught = guest.label();
        Label program = guest.label();
        runtime.data(() -> guest.asm()
                .align(4096)
                .bind(program)
                .pushf()
                .or(dword(ptr(ESP)), NT)
                .popf()
                .sysenter()
                .ud2()
                .align(4096));
        runtime.remap(program, USER_PAGE);
        runtime.remap(runtime.userStackPage(), USER_PAGE);
        runtime.enterUser(program, caught);
        guest.asm().bind(caught);
        guest.evidence("vector", CompatTrapWord.VECTOR).evidence("eip", CompatTrapWord.EIP);
        guest.asm().mov(EAX, runtime.trap(CompatTrapWord.CS)).and(EAX, 0xFFFF);
        guest.evidence("cs", EAX);
        guest.judge(EAX, CompatRuntime.KERNEL_CS, "#GP in the handler of #GP", 3, "one #GP, of SYSENTER");
    }
}
