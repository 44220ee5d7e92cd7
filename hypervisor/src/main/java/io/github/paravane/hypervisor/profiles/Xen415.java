package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.MissingCallback;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.TableStoreStep;
import io.github.paravane.api.profile.PrivilegedRules.UnknownMsr;
import io.github.paravane.api.profile.Provenance;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;

/** Xen 4.15 to 4.22 (2021 - 2026). */
final class Xen415 {

    /** CF, PF, AF, ZF, SF, TF, IF, DF, OF, NT, RF, AC, VIF, VIP and ID: what RFLAGS defines, without IOPL and VM. */
    private static final long DEFINED_FLAGS = 0x3D_4FD5;

    /**
     * A syscall without callback is #UD (ca6fcf4321); unknown MSRs fault (322ec7c89f, 0562cbc14c).
     */
    static final AbiProfile XEN_4_15 = CompatDomains.since415(Xen411.XEN_4_14.toBuilder("xen-4.15"))
            .provenance(new Provenance("4.15", "Xen tag RELEASE-4.15.0"))
            .set(EntryRules.MISSING_SYSCALL_CALLBACK, MissingCallback.INVALID_OPCODE)
            .set(PrivilegedRules.UNKNOWN_MSR_READ, UnknownMsr.FAULT)
            .set(PrivilegedRules.UNKNOWN_MSR_WRITE, UnknownMsr.FAULT)
            .set(MemoryRules.RESOURCE_FRAMES, 0)
            .set(ServiceRules.DOMCTL_VERSION, 0x13)
            // d4bfa0c78f
            .set(ServiceRules.FREE_PORTS_POLLED, false)
            .set(VersionRules.MINOR, 15)
            .build();

    /** XENFEAT_direct_mapped (d66bf122c0). */
    static final AbiProfile XEN_4_16 = CompatDomains.since416(XEN_4_15.toBuilder("xen-4.16"))
            .provenance(new Provenance("4.16", "Xen tag RELEASE-4.16.0"))
            .set(ServiceRules.DOMCTL_VERSION, 0x14)
            .set(ServiceRules.SYSCTL_VERSION, 0x14)
            .set(GrantRules.STATUS_LIST_CHECKED, true)
            .set(GrantRules.NO_HANDLE, -13)
            .set(VersionRules.MINOR, 16)
            .set(VersionRules.FEATURES, Masks.of(0x2_20E0))
            // Paging is an option since 936830c99d, and off.
            .set(
                    VersionRules.MEMORY_OPS,
                    Masks.of(XEN_4_15.get(VersionRules.MEMORY_OPS).bits() & ~(1L << 20)))
            .build();

    /** The reference. */
    static final AbiProfile XEN_4_17 = XEN_4_16.toBuilder("xen-4.17")
            .provenance(new Provenance(
                    "4.17", "Xen tag RELEASE-4.17.0; entry and fuzz transcripts of a real 4.17.7 under QEMU"))
            .without(Quirk.BREAKPOINT_ON_TRANSLATION_AREA)
            // 49f1cd9478, of the stable branch
            .without(Quirk.COPY_TO_FORMER_FRAME)
            // with the repairs of XSA-523
            .set(GrantRules.COPY_RIGHTS_AT_USE, true)
            .set(PrivilegedRules.P5_MACHINE_CHECK, true)
            // 08aacc392d came back to 4.17.6
            .set(PrivilegedRules.IO_BREAKPOINTS_ALIGNED, true)
            // 19c6cbd909 is in 4.18; a real 4.17.7 has it as well
            .set(ServiceRules.SINGLESHOT_FUTURE_FLAG, false)
            .set(ServiceRules.VCPU_INFO_PLACE_ERRNO, XenErrno.ENXIO)
            .set(MemoryRules.POD_REFUSAL, XenErrno.EINVAL)
            .set(MemoryRules.POD_TAKEN, false)
            .set(ServiceRules.DOMCTL_VERSION, 0x15)
            .set(ServiceRules.SYSCTL_VERSION, 0x15)
            .set(VersionRules.MINOR, 17)
            .build();

    /** Run-state and time areas at machine addresses (d5df44275e). */
    static final AbiProfile XEN_4_18 = XEN_4_17.toBuilder("xen-4.18")
            .provenance(new Provenance("4.18", "Xen tag RELEASE-4.18.0"))
            .without(Quirk.CONTEXT_DEBUG_BITS_DROPPED)
            .set(ServiceRules.VCPU_INFO_FRAME_ERRNO, XenErrno.EACCES)
            .set(ServiceRules.VCPU_INFO_TWICE_ERRNO, XenErrno.EBUSY)
            .set(ServiceRules.DOMCTL_VERSION, 0x16)
            .set(VersionRules.MINOR, 18)
            .set(VersionRules.FEATURES, Masks.of(0xE_20E0))
            .set(VersionRules.VCPU_OPS, Masks.upTo(15))
            .build();

    /** #UD for a missing syscall callback keeps DF (d2fe9ab304); XENFEAT_dm_msix_all_writes (64b21662b1). */
    static final AbiProfile XEN_4_19 = CompatDomains.since419(XEN_4_18.toBuilder("xen-4.19"))
            .provenance(new Provenance("4.19", "Xen tag RELEASE-4.19.0"))
            .set(EntryRules.MISSING_CALLBACK_CLEARS_DF, false)
            .set(ServiceRules.DOMCTL_VERSION, 0x17)
            .set(VersionRules.MINOR, 19)
            .set(VersionRules.FEATURES, Masks.of(0x1E_20E0))
            .build();

    /** DR6 as a processor merges it (54ef601a66, db39fa4b27); version texts of any length (e3bb1b6525). */
    static final AbiProfile XEN_4_20 = XEN_4_19.toBuilder("xen-4.20")
            .provenance(new Provenance("4.20 - 4.21", "Xen tag RELEASE-4.20.0; entry transcript of a real 4.20"))
            .without(Quirk.IO_BITMAP_UNREADABLE_REFUSES)
            .set(PrivilegedRules.BREAKPOINT_HITS_REPLACED, true)
            .set(PrivilegedRules.TABLE_STORE_STEP, TableStoreStep.REPORTED)
            // 7429e1cc07, as in the transcript
            .set(PrivilegedRules.REFUSED_REP_IO_CLEARS_RF, true)
            .set(ServiceRules.DEVICE_OPS, Xen32.deviceOps(32, 11, 18, 22))
            .set(VersionRules.MINOR, 20)
            .set(VersionRules.VERSION_OPS, Masks.upTo(14))
            .build();

    /** int n by its decoded length (a934a600c4); iret takes defined flags only (dbd936248f); xenoprof_op goes. */
    static final AbiProfile XEN_4_22 = XEN_4_20.toBuilder("xen-4.22")
            .provenance(new Provenance("4.22", "Xen tag RELEASE-4.22.0"))
            // 03878fba4a
            .without(Quirk.GATE_FAULT_TOO_FAR)
            // repaired after 4.22.0 (61b0a59ce2)
            .with(Quirk.COPY_TO_FORMER_FRAME)
            .set(MmuRules.FLUSH_CACHE_GLOBAL_REFUSAL, XenErrno.EACCES)
            .set(EntryRules.INT_N_DECODED_LENGTH, true)
            .set(EntryRules.IRET_FLAGS, Masks.of(DEFINED_FLAGS))
            .set(ServiceRules.DOMCTL_VERSION, 0x18)
            .set(ServiceRules.SYSCTL_VERSION, 0x16)
            .set(GrantRules.OPS, Masks.of(0b1111_1111_0111))
            .set(VersionRules.MINOR, 22)
            .set(VersionRules.HYPERCALLS, XEN_4_20.get(VersionRules.HYPERCALLS).without(31))
            .build();

    private Xen415() {}
}
