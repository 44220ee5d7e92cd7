package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.FailedReturn;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.PortStringBase;
import io.github.paravane.api.profile.PrivilegedRules.TableStoreStep;
import io.github.paravane.api.profile.Provenance;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;

/** Xen 4.7 to 4.10 (2016 - 2017). */
final class Xen47 {

    private static final BitMask HARMLESS =
            Masks.of(Pte.NX | Pte.AVAIL | Pte.AVAIL_HIGH | Pte.GLOBAL | Pte.DIRTY | Pte.ACCESSED | Pte.USER);

    /** The failsafe callback is never called again (d9b7ef209a); virtual IOPL (f71ecb6a19); XSA-154 (c61a6f74f8). */
    static final AbiProfile XEN_4_7 = CpuidMasks.since47(Xen40.XEN_4_6.toBuilder("xen-4.7"))
            .provenance(new Provenance("4.7", "Xen tag RELEASE-4.7.0"))
            .set(PteRules.L1_FAST_PATH, Masks.flagsBut(Pte.PRESENT | Pte.RW | Pte.PAT | Pte.PCD | Pte.PWT))
            .set(PteRules.DEVICES_UNCACHED, true)
            // 53de839fb4
            .set(PteRules.DEVICES_WITHIN_WIDTH, true)
            // XSA-148: fe360c90ea
            .set(PteRules.L2_DISALLOWED, Xen32.UPPER)
            // 828e114f7c
            .without(Quirk.INVLPG_ANYWHERE, Quirk.DESCRIPTOR_GAP_FAULTS)
            // d9b7ef209a
            .without(Quirk.FAILSAFE_FRAME_IN_HYPERVISOR)
            // 47abf29a92
            .without(Quirk.MARK_SUPER_UNCHECKED)
            .set(MmuRules.MARK_OPTION_FIRST, true)
            // 4a578b316e
            .set(MemoryRules.MAX_DECREASE_ORDER, 9)
            .set(MemoryRules.EXCHANGE_CHECKS, MemoryRules.ExchangeChecks.ORDER_FIRST)
            .set(MmuRules.EMPTY_LDT_ANYWHERE, true)
            .set(MmuRules.UNKNOWN_TABLE_DOMAIN, XenErrno.ESRCH)
            .set(EntryRules.FAILED_RETURN, FailedReturn.EXCEPTION)
            .set(EntryRules.VIRTUAL_IOPL, true)
            .set(ServiceRules.SYSCTL_VERSION, 0xD)
            .set(VersionRules.MINOR, 7)
            .set(VersionRules.VERSION_OPS, Masks.upTo(10))
            .set(VersionRules.COMMAND_LINE_DENIED, true)
            .set(VersionRules.ASSISTS, Masks.of(Masks.upTo(4).bits() | 1L << 32))
            .set(VersionRules.SCHED_OPS, Masks.upTo(7))
            .build();

    /** XSA-182: R/W of an upper entry no longer changes unchecked (e1bff4c2ea). */
    static final AbiProfile XEN_4_8 = CompatDomains.since48(XEN_4_7.toBuilder("xen-4.8"))
            .provenance(new Provenance("4.8", "Xen tag RELEASE-4.8.0"))
            // 82a9ae278c, ee1cc4bfdc
            .without(Quirk.TYPE_0_CHANGED, Quirk.GATE_SCALES_NO_INDEX)
            .set(PteRules.L1_FAST_PATH, HARMLESS)
            .set(PteRules.UPPER_FAST_PATH, HARMLESS)
            .set(MmuRules.MARK_SUPER_REFUSAL, XenErrno.EOPNOTSUPP)
            .set(MemoryRules.START_EXTENT, MemoryRules.StartExtent.INVALID)
            .without(Quirk.NON_CANONICAL_BASE_LOADED)
            .set(ServiceRules.DOMCTL_VERSION, 0xC)
            .set(ServiceRules.SYSCTL_VERSION, 0xE)
            .set(GrantRules.COMMAND_BITS_REFUSAL, XenErrno.EINVAL)
            .set(VersionRules.MINOR, 8)
            .set(VersionRules.ASSISTS, Masks.of(Masks.upTo(5).bits() | 1L << 32))
            .build();

    /**
     * The stack check covers a whole frame (1c5e242e6d); NT is cleared on exit (XSA-202, 0e47f92b07); only instructions
     * that write memory and do nothing else change page tables (ff913f68c9); int 0x80 masks again (55ab172a1f); larger memory maps (5b08f85689).
     */
    static final AbiProfile XEN_4_9 = CompatDomains.since49(XEN_4_8.toBuilder("xen-4.9"))
            .provenance(new Provenance("4.9", "Xen tag RELEASE-4.9.0"))
            .without(Quirk.MULTICALL_OUTLIVES_IRET, Quirk.EXCHANGE_OFFSET_UNCHECKED, Quirk.FAILSAFE_NOT_ALIGNED)
            // eaf537342c, 54abe826c8
            .without(Quirk.STOLEN_FRAME_KEEPS_TYPE, Quirk.EXCHANGE_HALVED)
            .set(MmuRules.PTWR_WRITERS_ONLY, true)
            // 0984d0dc12, ed583fd176, 520ec7b8aa of the stable branch (8fdfcb2b6b)
            .without(Quirk.GRANT_ENDS_TWICE)
            // with the limit to writers (ff913f68c9), to 4.14 (fc6fa977be)
            .with(Quirk.PUSH_NOT_A_WRITE)
            .set(MmuRules.MEMORY_MAP_ENTRIES, 1024)
            .set(MemoryRules.EXCHANGE_CHECKS, MemoryRules.ExchangeChecks.FAULT_ENDS)
            .set(MemoryRules.MACHINE_MAP_SIZE, true)
            .set(EntryRules.INT80_MASK_HONOURED, true)
            .set(EntryRules.EXIT_CLEARS_NT, true)
            .set(EntryRules.STACK_MAY_END_AT_HOLE, true)
            .set(EntryRules.STACK_WINDOW_SLACK, 64)
            .set(PrivilegedRules.SEGMENT_BASE_ERRNO, XenErrno.EINVAL)
            // with the generic emulator (4999bf3e8b)
            .set(PrivilegedRules.TABLE_STORE_STEP, TableStoreStep.SILENT)
            .set(PrivilegedRules.FLAG_INSTRUCTIONS_STEP, false)
            .set(ServiceRules.DOMCTL_VERSION, 0xD)
            .set(ServiceRules.SYSCTL_VERSION, 0xF)
            // without those for device models, which became dm_op
            .set(ServiceRules.HVM_OPS, Masks.of(0x380_8E23))
            .set(PrivilegedRules.PORT_STRING_BASE, PortStringBase.REGISTER)
            .set(VersionRules.MINOR, 9)
            .set(VersionRules.HYPERCALLS, XEN_4_8.get(VersionRules.HYPERCALLS).with(41, "dm_op"))
            .build();

    /** XSA-240: linear entries to depth one (6987fc7558); MARK_SUPER and UNMARK_SUPER are EOPNOTSUPP for ever. */
    static final AbiProfile XEN_4_10 = XEN_4_9.toBuilder("xen-4.10")
            .provenance(new Provenance("4.10", "Xen tag RELEASE-4.10.0"))
            .without(Quirk.NODE_UNCHECKED)
            .set(MemoryRules.NODES_FOR_CONTROL_ONLY, true)
            // 3724385e39, c3d830b244
            .without(Quirk.DEVICE_PAGES_CLEARED, Quirk.CACHE_FLUSH_OF_DEVICE_CRASHES)
            .set(PteRules.LINEAR_DEPTH_ONE, true)
            .set(GrantRules.INITIAL_FRAMES, 1)
            .set(GrantRules.MAX_FRAMES, 64)
            // ce442926c2, 16b1414de9
            .without(Quirk.MISALIGNED_GRANT_ENTRY, Quirk.GRANT_END_IGNORES_RIGHTS)
            // 6e2a4c7356
            .without(Quirk.COPY_CLEARS_DEVICE_MARKS)
            .set(PteRules.SUPERPAGE_OPTION, false)
            .set(MmuRules.SUPERPAGE_MARKS, false)
            .set(ServiceRules.OLD_EVENT_OPS, Masks.upTo(9))
            .set(ServiceRules.DOMCTL_VERSION, 0xE)
            .set(ServiceRules.SYSCTL_VERSION, 0x10)
            .set(GrantRules.SETUP_CHECKS, GrantRules.SetupChecks.LIST_FIRST)
            .set(GrantRules.UNFIT_ENTRIES, GrantRules.UnfitEntries.REFUSED)
            .set(VersionRules.MINOR, 10)
            .set(VersionRules.LAST_CPUID_LEAF, Masks.of(0x4000_0005L))
            .build();

    private Xen47() {}
}
