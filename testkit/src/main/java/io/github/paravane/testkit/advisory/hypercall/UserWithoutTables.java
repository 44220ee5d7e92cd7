package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** CVE-2011-1166: a vCPU in user mode without user page tables. */
final class UserWithoutTables {

    /** Offset of pt_base in start_info, and of ctrlreg[3] in struct vcpu_guest_context. */
    private static final int PT_BASE = 88;

    private static final int CR3 = 5008;

    private UserWithoutTables() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "cve-2011-1166", Layer.HYPERCALL, "A vCPU in user mode without user page tables")
                .names("CVE-2011-1166", "XSA-1", "d62b3c2276")
                .mechanism("VCPUOP_initialise accepts a context in user mode that has no user page tables. Running "
                        + "that vCPU locks a processor up.")
                .construction("VCPUOP_initialise of vCPU 1 with flags 0 and ctrlreg[1] 0.")
                .telling("The call succeeds, or EINVAL.")
                .affected("to 4.1")
                .repaired("4.2 (d62b3c2276)")
                .provenance("CVE-2011-1166; Xen commit d62b3c2276")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_1,
                AbiProfiles.XEN_4_2,
                GuestTrial.of(BugGuest.elf(UserWithoutTables::guest)).vcpus(2));
    }

    private static void guest(BugGuest guest) {
        Label context = guest.runtime().page("context");
        guest.runtime().page("context_rest");
        guest.asm().mov(RBX, guest.runtime().startInfo()).mov(RAX, ptr(RBX, PT_BASE));
        guest.runtime().machineFrame();
        guest.asm().shl(RAX, 12).mov(ptr(context, CR3), RAX);
        guest.runtime().call(Hypercalls.VCPU_OP, 0, 1, context);
        guest.evidence("result", RAX);
        guest.judge(RAX, 0, "the context was accepted", -22, "EINVAL");
    }
}
