package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.Layer;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** 462eb0fc0e: the bitmap of vCPUs of a 32-bit guest is read as 8 bytes. */
final class WideVcpuMask {

    private static final int INVLPG = 2;
    private static final int LAST_WORD = 4092;
    private static final int READ_WRITE = 0x63;

    private WideVcpuMask() {}

    static KnownBug bug() {
        Advisory advisory = Advisory.of(
                        "462eb0fc0e", Layer.TLB, "A 32-bit guest's bitmap of vCPUs is read beyond its end")
                .names("462eb0fc0e")
                .mechanism(
                        "update_va_mapping reads the bitmap of vCPUs whose TLBs are to be flushed as one word of the "
                                + "hypervisor's, 8 bytes, where a 32-bit guest has 4: what follows becomes bits of it.")
                .construction(
                        "A bitmap in the last 4 bytes of a page before an unmapped one; update_va_mapping with INVLPG "
                                + "for these vCPUs.")
                .telling("EFAULT, or 0.")
                .affected("before 3.1")
                .repaired("3.1 (462eb0fc0e)")
                .provenance("Xen commit 462eb0fc0e")
                .build();
        return new KnownBug(
                advisory,
                AbiProfiles.XEN_3_1_0.toBuilder("xen-3.1.0-rc")
                        .with(Quirk.VCPU_MASK_WIDE)
                        .build(),
                AbiProfiles.XEN_3_1_0,
                CompatGuest.trial(WideVcpuMask::guest));
    }

    private static void guest(CompatGuest guest) {
        CompatRuntime runtime = guest.runtime();
        Label target = runtime.page("target");
        Label mask = runtime.page("mask");
        Label hole = runtime.page("hole");
        guest.asm().mov(EBX, mask).mov(dword(ptr(EBX, LAST_WORD)), 1);
        runtime.call(Hypercalls.UPDATE_VA_MAPPING, hole, 0, 0, INVLPG);
        runtime.machineAddress(target);
        guest.asm().or(EAX, READ_WRITE).mov(EBX, mask).add(EBX, LAST_WORD | INVLPG);
        runtime.call(Hypercalls.UPDATE_VA_MAPPING, target, EAX, 0, EBX);
        guest.evidence("result", EAX);
        guest.judge(EAX, -14, "the unmapped page behind the bitmap was read", 0, "4 bytes were read");
    }
}
