package io.github.paravane.testkit.advisory.entry;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.TrapWord;

/** XSA-8: #GP for SYSENTER without a callback masks events. */
final class SysenterFault {

    private static final long FLAGS = 0x202;

    private SysenterFault() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-8", Layer.ENTRY, "#GP for SYSENTER without a callback masks events")
                .names("XSA-8", "CVE-2012-0218", "63a9a8edb9")
                .mechanism("SYSENTER of a domain without a callback for it becomes #GP. The frame is set up by hand, "
                        + "with a flag that masks events whatever the gate of #GP says: any process can leave its "
                        + "kernel in a state in which no event comes, where the kernel does not expect it.")
                .construction("User mode executes SYSENTER; the kernel has registered no callback, and a gate for #GP "
                        + "that does not mask.")
                .telling("The mask in vcpu_info is set or clear in the handler.")
                .affected("3.2 to 4.1")
                .repaired("4.2 (63a9a8edb9, 8b0ea8ec8c)")
                .provenance("XSA-8; Xen commits cd75d47348, 63a9a8edb9 and 8b0ea8ec8c")
                .build();
        return new KnownBug(
                advisory, AbiProfiles.XEN_4_1, AbiProfiles.XEN_4_2, GuestTrial.of(BugGuest.elf(SysenterFault::guest)));
    }

    private static void guest(BugGuest guest) {
        Label there = guest.label();
        guest.user(FLAGS, user -> user.bytes(0x0F, 0x34));
        guest.evidence("vector", TrapWord.VECTOR);
        guest.load(RAX, TrapWord.VECTOR).asm().cmp(RAX, Trap.GP).je(there);
        guest.verdict(Outcome.SKIP, "this processor has no SYSENTER in 64-bit mode");
        guest.asm().bind(there).movzx(EAX, bytePtr(ptr(guest.runtime().sharedInfo(), 1)));
        guest.evidence("upcall-mask", RAX);
        guest.judge(RAX, 1, "events are masked in the handler", 0, "events are not masked in the handler");
    }
}
