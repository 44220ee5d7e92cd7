package io.github.paravane.testkit.advisory.hypercall;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugGuest;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.Hypercalls;

/** XSA-327: vcpu_info may be misaligned. */
final class InfoMisaligned {

    private static final int REGISTER_VCPU_INFO = 10;

    private InfoMisaligned() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of("xsa-327", Layer.HYPERCALL, "vcpu_info may be misaligned")
                .names("XSA-327", "CVE-2020-15564", "3fdc211b01")
                .mechanism("The offset at which a guest places its vcpu_info is not checked for alignment; on some "
                        + "architectures the hypervisor's own accesses to it then fault.")
                .construction("VCPUOP_register_vcpu_info at offset 4 of a page.")
                .telling("The call succeeds, or EINVAL.")
                .affected("3.2 to 4.13")
                .repaired("4.14 (3fdc211b01)")
                .provenance("XSA-327; Xen commit 3fdc211b01")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_4_12,
                AbiProfiles.XEN_4_14,
                GuestTrial.of(BugGuest.elf(InfoMisaligned::guest)));
    }

    private static void guest(BugGuest guest) {
        Label info = guest.runtime().page("info");
        Label request = guest.label();
        guest.runtime()
                .data(() -> guest.asm().align(8).bind(request).u64(0).u32(4).u32(0));
        guest.runtime().machineFrame(info);
        guest.asm().mov(ptr(request), RAX);
        guest.runtime().call(Hypercalls.VCPU_OP, REGISTER_VCPU_INFO, 0, request);
        guest.evidence("result", RAX);
        Label known = guest.label();
        guest.asm().cmp(RAX, -38).jne(known);
        guest.verdict(Outcome.SKIP, "this version does not have the call");
        guest.asm().bind(known).test(RAX, RAX);
        guest.failIf(Condition.E, "the offset was accepted", "the offset was refused");
    }
}
