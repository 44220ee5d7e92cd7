package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.SysenterWithNt;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.PortStringBase;
import io.github.paravane.api.profile.Provenance;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.ServiceRules.ControlCallOrder;
import io.github.paravane.api.profile.VersionRules;

/** Xen 4.0 to 4.6 (2010 - 2015). */
final class Xen40 {

    /**
     * Extents of 2 MiB for everybody; mmu_update names the owner of the tables (c6b8bdfe3b); UNPIN_TABLE honours the
     * foreign domain (c261b5cbde).
     */
    static final AbiProfile XEN_4_0 = Xen32.XEN_3_4.toBuilder("xen-4.0")
            .provenance(new Provenance("4.0", "Xen tag RELEASE-4.0.0"))
            // 95b697252f, to 4.1 and 4.0.1 (e0a4694418)
            .with(Quirk.NODE_UNCHECKED, Quirk.NMI_MASK_INVERTED)
            // 6a30c4f8f6
            .set(MmuRules.FLUSHES_COLLECTED, false)
            .set(MmuRules.MAX_EXTENT_ORDER, 9)
            .without(Quirk.SUPERPAGE_FRAMES_UNCHECKED)
            // grants of version 2 (a98dc13703), to 4.11 (38bfcc165d); table domains (c6b8bdfe3b), to 4.5 (dc419f0a37)
            .with(Quirk.STATUS_FRAMES_FREED, Quirk.MACHPHYS_IGNORES_TABLE_DOMAIN)
            .set(MmuRules.TABLE_DOMAIN, true)
            .set(MemoryRules.EXCHANGE_CHECKS, MemoryRules.ExchangeChecks.NOBODY_SUCCEEDS)
            // d10651be94, to 4.2
            .set(MemoryRules.MACHPHYS_END, MemoryRules.MachphysEnd.EVERYBODY)
            .set(MmuRules.UNPIN_FOREIGN, true)
            .set(GrantRules.OPS, Masks.of(0b111_1111_0111))
            .set(ServiceRules.VCPU_NUMBERS, 8192)
            .set(VersionRules.MAJOR, 4)
            .set(VersionRules.VERSION_OPS, Masks.upTo(9))
            .set(MmuRules.PAGES_OF_FOREIGN, false)
            .set(MmuRules.MASK_DECIDES_RESULT, true)
            .set(ServiceRules.DEVICE_OPS, Xen32.deviceOps(21, 11, 18))
            .set(ServiceRules.PIRQS, 56)
            .set(ServiceRules.CONTROL_CALL_ORDER, ControlCallOrder.DOMCTL_ARGUMENT)
            .set(ServiceRules.DOMCTL_VERSION, 6)
            .set(GrantRules.MAX_COUNT, Integer.MAX_VALUE)
            .set(GrantRules.OWN_VERSION_HIDDEN, true)
            .set(VersionRules.MINOR, 0)
            .set(
                    VersionRules.HYPERCALLS,
                    Xen32.XEN_3_4.get(VersionRules.HYPERCALLS).with(38, "tmem_op"))
            .set(VersionRules.VCPU_OPS, Masks.upTo(13))
            .set(VersionRules.MEMORY_OPS, Masks.of(Masks.upTo(18).bits() & ~(1 << 8 | 1 << 15)))
            .build();

    /** FLUSH_CACHE_GLOBAL (c499509ef2); MARK_SUPER (06ef473029); read-only device frames (b5aadd4248); shutdown codes and watchdogs. */
    static final AbiProfile XEN_4_1 = CompatDomains.since41(XEN_4_0.toBuilder("xen-4.1"))
            .provenance(new Provenance("4.1", "Xen tag RELEASE-4.1.0"))
            .without(Quirk.DESCRIPTOR_WINDOW_CRASHES, Quirk.NMI_MASK_INVERTED)
            // 06ef473029, unchecked to 4.7 (47abf29a92)
            .set(MmuRules.LAST_MMUEXT_COMMAND, 20)
            .set(MmuRules.SUPERPAGE_MARKS, true)
            .with(Quirk.MARK_SUPER_UNCHECKED)
            .set(PteRules.READ_ONLY_DEVICES, true)
            // b5aadd4248, to 4.2 (70622118ee)
            .with(Quirk.READ_ONLY_DEVICE_RETURNS_1)
            .set(ServiceRules.DEVICE_OPS, Xen32.deviceOps(23, 11, 18, 22))
            .set(ServiceRules.DOMCTL_VERSION, 7)
            .set(VersionRules.MINOR, 1)
            .set(VersionRules.SCHED_OPS, Masks.upTo(6))
            .build();

    /** Errors of entries say what is wrong (be640b1800); XSA-7 (6b091fa445); trap addresses checked (73db9f65da). */
    static final AbiProfile XEN_4_2 = XEN_4_1.toBuilder("xen-4.2")
            .provenance(new Provenance("4.2", "Xen tag RELEASE-4.2.0"))
            .without(
                    Quirk.SYSENTER_FAULT_MASKS,
                    Quirk.LOWER_HALF_TWICE,
                    Quirk.USER_MODE_WITHOUT_TABLES,
                    Quirk.POPULATE_ON_DEMAND_CRASHES,
                    Quirk.DR7_HIGH_BITS_CRASH)
            .set(PteRules.PRECISE_ERRNO, true)
            .set(MemoryRules.REMOVE_FROM_PHYSMAP_LOOKS, true)
            .set(MemoryRules.MACHPHYS_END, MemoryRules.MachphysEnd.CONTROL)
            .set(MemoryRules.POD_REFUSAL, XenErrno.EPERM)
            .set(GrantRules.OPS, Masks.of(0b1111_1111_0111))
            // 6a2de353a9
            .set(VersionRules.RINGS_GRANTED, true)
            // with the command, to 4.5 (5d5c09d853)
            .with(Quirk.SWAP_BEFORE_SETUP_CRASHES)
            // d8cbecb1ee, to 4.22 (61b0a59ce2)
            .with(Quirk.COPY_TO_FORMER_FRAME)
            // only in 4.2: 7e98fc5ba6
            .with(Quirk.UNPIN_OF_NOTHING_SUCCEEDS)
            .without(Quirk.READ_ONLY_DEVICE_RETURNS_1)
            .set(MmuRules.MEMORY_MAP_ENTRIES, 128)
            .set(EntryRules.NON_CANONICAL_RIP_USES_IRET, true)
            .set(EntryRules.CANONICAL_TRAPS, true)
            .set(MmuRules.PIN_OF_NOTHING_GOES_ON, true)
            .set(MmuRules.READ_ONLY_DEVICE_STORES, true)
            .set(ServiceRules.DEVICE_OPS, Xen32.deviceOps(28, 11, 18, 22))
            .set(ServiceRules.DOMCTL_VERSION, 8)
            .set(GrantRules.BAD_PAGE, true)
            .set(GrantRules.OWN_VERSION_HIDDEN, false)
            .set(GrantRules.RESERVED_KEPT, true)
            .set(GrantRules.MAX_HANDLES, 131072)
            .set(VersionRules.MINOR, 2)
            .set(VersionRules.MEMORY_OPS, memoryOps(15, 19, 20, 21, 22))
            .build();

    /** Whose memory a domain may work on is asked of XSM: EPERM, at the first request; XSA-44 (fdac951560). */
    static final AbiProfile XEN_4_3 = CompatDomains.since43(XEN_4_2.toBuilder("xen-4.3"))
            .provenance(new Provenance("4.3 - 4.4", "Xen tags RELEASE-4.3.0, RELEASE-4.4.0"))
            .without(Quirk.EXCHANGE_UNCHECKED)
            .with(Quirk.EXCHANGE_OFFSET_UNCHECKED)
            .set(MmuRules.FOREIGN_REFUSAL, XenErrno.EPERM)
            .set(MemoryRules.DOMAIN_LOOKUP, MemoryRules.DomainLookup.OWN_NUMBER_IS_SELF)
            .set(MemoryRules.FOREIGN_RESERVATION_REFUSED, true)
            .set(MemoryRules.MAX_DECREASE_ORDER, 20)
            .set(MemoryRules.EXCHANGE_CHECKS, MemoryRules.ExchangeChecks.LISTS_CHECKED)
            .set(MemoryRules.NO_MAXIMUM_IS_MINUS_1, false)
            // XSA-45
            .set(MmuRules.INTERRUPTIBLE, MmuRules.Interruptible.EVERYTHING)
            // 4f3c473d51
            .set(MmuRules.MAX_EXTENTS, 0xFFFF_FFFFL >>> 6)
            .set(MmuRules.MACHINE_MAP_REFUSAL, XenErrno.EPERM)
            // 7e98fc5ba6
            .without(Quirk.UNPIN_OF_NOTHING_SUCCEEDS)
            .set(EntryRules.SYSENTER_WITH_NT, SysenterWithNt.GENERAL_PROTECTION)
            .set(MmuRules.PIN_OF_NOTHING_GOES_ON, false)
            .set(MmuRules.SAME_BASE_KEEPS_LDT, true)
            .set(MmuRules.EARLY_ERROR_TELLS_DONE, false)
            .set(PrivilegedRules.VIRTUAL_MACHINE_CHECK, true)
            .set(ServiceRules.DEVICE_OPS, Xen32.deviceOps(31, 11, 18, 22))
            .set(ServiceRules.DEVICES_REFUSED_UNREAD, false)
            .set(ServiceRules.CONTROL_CALL_ORDER, ControlCallOrder.ARGUMENT)
            .set(ServiceRules.DOMCTL_VERSION, 9)
            .set(ServiceRules.SYSCTL_VERSION, 0xA)
            .set(GrantRules.SETUP_CHECKS, GrantRules.SetupChecks.NUMBER_FIRST)
            .set(VersionRules.MINOR, 3)
            .set(VersionRules.MEMORY_OPS, memoryOps(15, 19, 20, 21, 22, 24))
            .build();

    /** Caller-local page-table operations refuse a foreign domain (1516b33961); FIFO event channels, since 4.4. */
    static final AbiProfile XEN_4_5 = CompatDomains.since45(XEN_4_3.toBuilder("xen-4.5"))
            .provenance(new Provenance("4.5", "Xen tag RELEASE-4.5.0"))
            .with(Quirk.BREAKPOINT_ON_TRANSLATION_AREA, Quirk.FSGSBASE_ALWAYS)
            // from 65e3554908 to 4.11 (adf8feba1a); 231d7f4098, since 4.4
            .with(Quirk.FIRST_DR7_LOST)
            // with the command, to 4.9 (c3d830b244)
            .with(Quirk.CACHE_FLUSH_OF_DEVICE_CRASHES)
            .without(Quirk.RUN_STATE_LOST_IN_USER_MODE)
            // 0771faba16, since 4.4
            .set(PrivilegedRules.PORT_STRING_BASE, PortStringBase.DESCRIPTOR)
            // 40d66baa46, since 4.4
            .without(Quirk.NON_CANONICAL_DESCRIPTOR_PAGE_FAULTS)
            .set(MmuRules.FOREIGN_LOCAL_REFUSED, true)
            .set(MemoryRules.START_EXTENT, MemoryRules.StartExtent.UNKNOWN)
            // since 4.4
            .set(MemoryRules.FOREIGN_SPACE, true)
            // dc419f0a37
            .without(Quirk.MACHPHYS_IGNORES_TABLE_DOMAIN)
            .set(GrantRules.OPS, Masks.of(0b1_1111_1111_0111))
            .set(MmuRules.FLUSH_CACHE_REFUSAL, XenErrno.EACCES)
            .set(MmuRules.PAGES_OF_FOREIGN, true)
            .set(MmuRules.LDT_MAPPED_AT_ONCE, false)
            .set(MmuRules.INTERRUPTIBLE_AT_ONCE, false)
            .set(ServiceRules.DOMCTL_VERSION, 0xA)
            .set(ServiceRules.SYSCTL_VERSION, 0xB)
            .set(VersionRules.MINOR, 5)
            .set(VersionRules.LAST_CPUID_LEAF, Masks.of(0x4000_0004L))
            .set(VersionRules.EVENT_OPS, Masks.upTo(13))
            .set(VersionRules.MEMORY_OPS, memoryOps(15, 19, 20, 21, 22, 23, 24, 25, 26))
            .with(Quirk.NON_CANONICAL_BASE_LOADED)
            .build();

    /** m2p_strict, and no M2P in user tables (d72a4605e1); wall clock beyond 2106 (e1890c4261). */
    static final AbiProfile XEN_4_6 = CompatDomains.since46(XEN_4_5.toBuilder("xen-4.6"))
            .provenance(new Provenance("4.6", "Xen tag RELEASE-4.6.0"))
            .without(Quirk.VERSION_LEAKS_STACK, Quirk.NARROW_IN_CLEARS_RAX)
            // 5d5c09d853; 1d4290342f, to 4.13 (0bf9f8d3e3)
            .without(Quirk.SWAP_BEFORE_SETUP_CRASHES)
            .with(Quirk.CONTINUED_VCPU_OP_CRASHES)
            .set(MmuRules.M2P_IN_USER_TABLES, false)
            .set(MemoryRules.FOREIGN_RESERVATION_REFUSED, false)
            // 2232628ecb
            .without(Quirk.CMPXCHG_FLAGS_REVERSED)
            .set(ServiceRules.VCPU_NUMBERS, Integer.MAX_VALUE)
            .set(ServiceRules.DOMCTL_VERSION, 0xB)
            .set(ServiceRules.SYSCTL_VERSION, 0xC)
            .set(GrantRules.COPY_RANGE_FIRST, false)
            .set(GrantRules.UNFIT_ENTRIES, GrantRules.UnfitEntries.FRAMES_REFUSED)
            .set(GrantRules.SWAP_SAME_CHECKED, false)
            .set(GrantRules.HANDLES_PER_VCPU, true)
            .set(GrantRules.MAX_HANDLES, 262144)
            .set(VersionRules.MINOR, 6)
            .set(VersionRules.FEATURES, Masks.of(0x20E0))
            .set(VersionRules.HYPERCALLS, XEN_4_5.get(VersionRules.HYPERCALLS).with(40, "xenpmu_op"))
            .set(VersionRules.ASSISTS, Masks.of(Masks.upTo(3).bits() | 1L << 32))
            .set(VersionRules.WIDE_WALL_CLOCK, true)
            .set(VersionRules.MEMORY_OPS, memoryOps(15, 19, 20, 21, 22, 23, 24, 25, 26, 27))
            .build();

    private Xen40() {}

    /** The commands of {@link #XEN_4_1} and {@code more}. */
    private static BitMask memoryOps(int... more) {
        long bits = XEN_4_1.get(VersionRules.MEMORY_OPS).bits();
        for (int command : more) {
            bits |= 1L << command;
        }
        return Masks.of(bits);
    }
}
