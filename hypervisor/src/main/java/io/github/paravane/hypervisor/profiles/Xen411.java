package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.SysenterWithNt;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.MmuRules.TlbContract;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.DebugRegisterRules;
import io.github.paravane.api.profile.Provenance;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;

/** Xen 4.11 to 4.14 (2018 - 2020): after Meltdown. */
final class Xen411 {

    /**
     * L4 entries get A (bd61fe94be); MMU_PT_UPDATE_NO_TRANSLATE (d3e69e89a2); a foreign upper update is refused
     * (7993e3be68); XSA-252: giving a page up does not unpin it (d798a09529); debug registers as a processor has them
     * (f539ae2706, 237c31b5a1).
     */
    static final AbiProfile XEN_4_11 = CompatDomains.since411(Xen47.XEN_4_10.toBuilder("xen-4.11"))
            .provenance(new Provenance("4.11", "Xen tag RELEASE-4.11.0"))
            .without(Quirk.IO_BITMAP_SHORT, Quirk.FIRST_DR7_LOST, Quirk.OVERTAKEN_EXCHANGE_RESTARTS)
            // 589263031c, 5d37af364d
            .without(Quirk.EFER_SHOWS_SVME, Quirk.DEBUG_ON_GUEST_STACK)
            .with(Quirk.MISC_ENABLE_CRASHES)
            .set(PteRules.L4_ADDED, Masks.of(Pte.USER | Pte.ACCESSED))
            .set(MmuRules.LAST_MMU_UPDATE_COMMAND, 3)
            .set(MmuRules.FOREIGN_UPPER_REFUSED, true)
            .set(MmuRules.DECREASE_UNPINS, false)
            .set(MmuRules.TLB_CONTRACT, TlbContract.XPTI_PCID)
            // with PCID (5c81d260c2), to 4.12 (6c8d502887)
            .with(Quirk.FLUSH_OF_ANY_ADDRESS_KILLS)
            .set(PrivilegedRules.DEBUG_REGISTERS, DebugRegisterRules.ALIASES)
            // bfa83bbc33, 38bfcc165d
            .without(Quirk.LDT_ALWAYS_FLUSHED, Quirk.STATUS_FRAMES_FREED)
            .set(ServiceRules.LAST_VCPU_DOWN_ENDS, true)
            .set(ServiceRules.DOMCTL_VERSION, 0x10)
            .set(ServiceRules.SYSCTL_VERSION, 0x11)
            .set(GrantRules.CACHE_FLAGS_FIRST, true)
            .set(VersionRules.MINOR, 11)
            .set(
                    VersionRules.MEMORY_OPS,
                    Masks.of(Xen47.XEN_4_10.get(VersionRules.MEMORY_OPS).bits() | 1 << 28))
            .build();

    /** A failing update_va_mapping does not flush (6c8d502887); CR4 is the guest's own (b2dd00574a). */
    static final AbiProfile XEN_4_12 = XEN_4_11.toBuilder("xen-4.12")
            .provenance(new Provenance("4.12", "Xen tag RELEASE-4.12.0"))
            // b2dd00574a, dfba4d2e91
            .without(Quirk.FSGSBASE_ALWAYS, Quirk.DR6_BEGINS_AS_0)
            .set(MmuRules.FLUSH_ON_FAILED_VA_MAPPING, false)
            .set(PteRules.L1TF_CHECK, true)
            .without(Quirk.FLUSH_OF_ANY_ADDRESS_KILLS)
            .set(PrivilegedRules.CR4_WRITABLE, Masks.of(1 << 2 | 1 << 3 | 1 << 16 | 1 << 18))
            .set(PteRules.L1_REASON_IN_L2, true)
            .set(MmuRules.MASK_DECIDES_RESULT, false)
            .set(ServiceRules.DOMCTL_VERSION, 0x11)
            .set(ServiceRules.SYSCTL_VERSION, 0x12)
            .set(MemoryRules.RESOURCE_FRAMES, 32)
            .set(VersionRules.MINOR, 12)
            .set(VersionRules.HYPERCALLS, XEN_4_11.get(VersionRules.HYPERCALLS).with(39, "argo_op"))
            .build();

    /** No tmem_op; the hypercall page is filled (e99203f4d2); memory sharing is an option, and off (0002467f12). */
    static final AbiProfile XEN_4_13 = XEN_4_12.toBuilder("xen-4.13")
            .provenance(new Provenance("4.13", "Xen tag RELEASE-4.13.0"))
            // 0bf9f8d3e3, 93021cbe88
            .without(Quirk.CONTINUED_VCPU_OP_CRASHES, Quirk.EMULATION_IGNORES_LDT_LIMIT)
            .set(ServiceRules.DOMCTL_VERSION, 0x12)
            .set(MmuRules.PHYSMAP_REFUSAL, XenErrno.EACCES)
            .set(MemoryRules.REMOVE_FROM_PHYSMAP_LOOKS, false)
            .set(MemoryRules.EXCHANGE_CHECKS, MemoryRules.ExchangeChecks.NOTHING_LEFT_IS_DONE)
            .set(VersionRules.MINOR, 13)
            .set(VersionRules.HYPERCALL_PAGE_FILLED, true)
            .set(
                    VersionRules.MEMORY_OPS,
                    Masks.of(XEN_4_12.get(VersionRules.MEMORY_OPS).bits() & ~(1L << 22)))
            .set(VersionRules.HYPERCALLS, XEN_4_12.get(VersionRules.HYPERCALLS).without(38))
            .build();

    /** hypfs_op; NT survives, as in the transcript: 5bcac98549 came back to 4.14.1. */
    static final AbiProfile XEN_4_14 = XEN_4_13.toBuilder("xen-4.14")
            .provenance(new Provenance(
                    "4.14", "Xen tag RELEASE-4.14.0; entry transcript and verdicts of known bugs of a real 4.14.6"))
            .without(Quirk.VCPU_INFO_MISALIGNED, Quirk.MISC_ENABLE_CRASHES)
            // 8cc5036bc3 came back to 4.14.5
            .without(Quirk.FLUSHED_BEFORE_TYPE)
            // 910093d54f and 61d4a04349 came back to 4.14.1
            .without(Quirk.SYSENTER_FAULTS_TWICE)
            .set(EntryRules.SYSENTER_WITH_NT, SysenterWithNt.ENTERED)
            // afe018e041 and a5eaac9245 came back to 4.14.1; XSA-444 did not
            .without(Quirk.USER_SELECTOR_KEEPS_BASE, Quirk.MSR_BASE_STALE)
            .set(EntryRules.EXIT_CLEARS_NT, false)
            .without(Quirk.PUSH_NOT_A_WRITE)
            // XSA-286: 16a20963b3 came back to 4.14.1
            .set(MmuRules.FLUSH_ON_UPPER_UPDATE, true)
            // as a real 4.14.6; older versions refuse fewer, the more the later the point release
            .set(PrivilegedRules.NAMED_MSRS_REFUSED, true)
            // XSA-343 and XSA-344, which came back to 4.14.1
            .set(ServiceRules.FREE_PORTS_INERT, true)
            .set(VersionRules.EVENT_OPS, Masks.upTo(14))
            .set(ServiceRules.SYSCTL_VERSION, 0x13)
            .set(VersionRules.MINOR, 14)
            .set(VersionRules.HYPERCALLS, XEN_4_13.get(VersionRules.HYPERCALLS).with(42, "hypfs_op"))
            .build();

    private Xen411() {}
}
