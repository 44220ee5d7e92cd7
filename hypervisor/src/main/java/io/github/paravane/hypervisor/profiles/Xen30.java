package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.FailedReturn;
import io.github.paravane.api.profile.EntryRules.MissingCallback;
import io.github.paravane.api.profile.EntryRules.SyscallR11;
import io.github.paravane.api.profile.EntryRules.SysenterWithNt;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.HypercallNames;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.MmuRules.WritableTables;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.DebugRegisterRules;
import io.github.paravane.api.profile.PrivilegedRules.PortStringBase;
import io.github.paravane.api.profile.PrivilegedRules.TableStoreStep;
import io.github.paravane.api.profile.PrivilegedRules.UnknownMsr;
import io.github.paravane.api.profile.Provenance;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.PteRules.L1Adjustment;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.QuirkSet;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.ServiceRules.ControlCallOrder;
import io.github.paravane.api.profile.VersionRules;
import java.util.TreeMap;

/** Xen 3.0.2 to 3.0.4: the ABI's first years. The 64-bit guest kernel loses its ring, then its U/S bit. */
final class Xen30 {

    /** PAE, MCE, OSFXSR, OSXMMEXCPT: what is left of the hypervisor's CR4 when PGE and PSE are hidden. */
    private static final long CR4 = 0x660;

    static final AbiProfile XEN_3_0_2 = first();

    /**
     * Every present L1 entry gets U/S, and bit 52 tells kernel from user mappings (6f562e72cd); back pointers go
     * (4e828399fe); page-table writes are emulated one by one (228f081e08); 64 hypercalls (4f69360976).
     */
    static final AbiProfile XEN_3_0_3 = XEN_3_0_2.toBuilder("xen-3.0.3")
            .provenance(new Provenance("3.0.3", "Xen tag 3.0.3-branched; extra version nominal"))
            .with(Quirk.EXCHANGE_UNCHECKED)
            .set(PteRules.L1_DISALLOWED, Masks.of(Pte.PAT))
            .set(PteRules.L2_DISALLOWED, Masks.of(Pte.PSE | Pte.GLOBAL))
            .set(PteRules.L3_L4_DISALLOWED, Masks.of(Pte.PSE | Pte.GLOBAL))
            .set(PteRules.L1_ADJUSTMENT, L1Adjustment.KERNEL_BIT_52_USER_GLOBAL)
            .set(PteRules.L2_L3_ADDED, Masks.of(Pte.USER))
            .set(PteRules.L4_ADDED, Masks.of(Pte.USER))
            .set(PteRules.BACK_POINTERS, false)
            .set(GrantRules.OPS, Masks.of(0b11_0111))
            .set(PteRules.NX_NEEDS_PROCESSOR, false)
            .set(MmuRules.REAL_PINS, Masks.range(1, 4))
            .set(MmuRules.RESERVATION_ERRNOS, false)
            .set(MmuRules.WRITABLE_TABLES, WritableTables.EMULATED)
            .set(MmuRules.USER_BASE_ZERO_CLEARS, true)
            .set(EntryRules.CLEARED_FLAGS, Masks.of(Masks.TF | Masks.NT | Masks.RF | Masks.VM | Masks.AC))
            .set(EntryRules.SYSCALL_CAN_MASK, true)
            .set(EntryRules.IRET_WITHOUT_USER_TABLE_CRASHES, true)
            .set(PrivilegedRules.FORCED_EMULATION_FAULTS, true)
            .set(ServiceRules.FAR_TIMER_IS_SHORT, true)
            .set(ServiceRules.POLL_NEEDS_MASK, false)
            .set(ServiceRules.GLOBAL_VIRQS_MOVE, true)
            .set(ServiceRules.DEVICE_OPS, Masks.of(Masks.range(4, 10).bits() | 1L << 12))
            .set(VersionRules.VERSION_OPS, Masks.upTo(8))
            // with bit 52 (6f562e72cd), to 3.4 (4ec4b58e00)
            .with(Quirk.GRANT_FRAME_UNMASKED)
            .set(VersionRules.EXTRA, ".3")
            .set(VersionRules.HYPERCALLS, hypercallsOf303(XEN_3_0_2.get(VersionRules.HYPERCALLS)))
            .set(VersionRules.HYPERCALL_MASK, Masks.ALL)
            .set(VersionRules.ASSISTS, Masks.upTo(3))
            .set(VersionRules.LAST_CPUID_LEAF, Masks.of(0x4000_0002L))
            .set(VersionRules.SCHED_OPS, Masks.upTo(4))
            .set(VersionRules.MEMORY_OPS, Masks.upTo(12))
            .set(GrantRules.OWN_GRANTS_REFUSED, false)
            .build();

    /** Unknown page-table commands and callback types become ENOSYS (5d85a6d13c); a bad CR3 is #GP. */
    static final AbiProfile XEN_3_0_4 = XEN_3_0_3.toBuilder("xen-3.0.4")
            .provenance(new Provenance("3.0.4", "Xen tag 3.0.4-branched; extra version nominal"))
            .set(MmuRules.UNKNOWN_COMMAND, XenErrno.ENOSYS)
            .set(MemoryRules.MIN_ADDRESS_BITS, 30)
            .set(EntryRules.UNKNOWN_CALLBACK_ERRNO, XenErrno.ENOSYS)
            .set(ServiceRules.UNKNOWN_DEVICE_OP_ERRNO, XenErrno.ENOSYS)
            .set(PrivilegedRules.CR3_FAILURE_IGNORED, false)
            .set(VersionRules.EXTRA, ".4")
            .set(VersionRules.HYPERCALLS, XEN_3_0_3.get(VersionRules.HYPERCALLS).with(37, "kexec_op"))
            .set(VersionRules.MEMORY_OPS, Masks.upTo(13))
            .build();

    private Xen30() {}

    private static AbiProfile first() {
        AbiProfile.Builder profile = AbiProfile.builder("xen-3.0.2")
                .provenance(new Provenance("3.0.0 - 3.0.2", "Xen tag 3.0.2-branched; extra version nominal"));
        Xen30Memory.set(profile);
        entry(profile);
        privileged(profile);
        version(profile);
        CompatDomains.none(profile);
        // repaired in: 3.1 (fe30060046), 4.6 (2232628ecb), 4.10 (ce442926c2, 16b1414de9)
        profile.set(QuirkSet.QUIRKS, QuirkSet.none())
                .with(
                        Quirk.USER_SELECTOR_KEEPS_BASE,
                        Quirk.REP_ON_ANY_INSTRUCTION,
                        Quirk.CMPXCHG_FLAGS_REVERSED,
                        Quirk.MISALIGNED_GRANT_ENTRY,
                        // to 4.7 (828e114f7c), 4.11 (bfa83bbc33), 3.2 (606ab7a468), 3.3 (61730c75ce), 3.2 (76328d5bec)
                        Quirk.INVLPG_ANYWHERE,
                        Quirk.LDT_ALWAYS_FLUSHED,
                        Quirk.GRANT_DROPPED_BEFORE_FLUSH,
                        Quirk.TRANSFER_WITHOUT_FLUSH,
                        Quirk.STORE_TO_ANY_FRAME,
                        // to 3.3 (08286e1a3c), 4.9 (8fdfcb2b6b), 3.4 (8ebbe767aa), 4.10 (6e2a4c7356)
                        Quirk.RESERVED_BITS_EMULATED,
                        Quirk.GRANT_ENDS_TWICE,
                        Quirk.GRANT_AVAILABLE_IGNORED,
                        Quirk.COPY_CLEARS_DEVICE_MARKS,
                        Quirk.GRANT_END_IGNORES_RIGHTS)
                .with(
                        Quirk.MULTICALL_OUTLIVES_IRET,
                        Quirk.DESCRIPTOR_WINDOW_CRASHES,
                        Quirk.LOWER_HALF_TWICE,
                        Quirk.USER_MODE_WITHOUT_TABLES,
                        Quirk.VERSION_LEAKS_STACK,
                        Quirk.DR7_HIGH_BITS_CRASH,
                        Quirk.NARROW_IN_CLEARS_RAX,
                        Quirk.IO_BITMAP_SHORT,
                        Quirk.IO_BITMAP_UNREADABLE_REFUSES,
                        Quirk.NO_TRAP_AFTER_EMULATION,
                        Quirk.MSR_BASE_STALE,
                        Quirk.TYPE_0_CHANGED,
                        Quirk.WRMSR_WIDE)
                // to 4.8 (cbcaccb5e9), 3.1 (70ee40b004), 4.6 (cf6d39f819), 4.3 (231d7f4098), 3.1 (33b615a1ae), 4.17
                // (15987cb03f), 4.11 (3aaa72b3f1)
                .with(
                        // to 4.6 (d9b7ef209a), 4.3 (40d66baa46), 3.0.4 (0ada151b05)
                        Quirk.FAILSAFE_FRAME_IN_HYPERVISOR,
                        Quirk.NON_CANONICAL_DESCRIPTOR_PAGE_FAULTS,
                        Quirk.CONTEXT_WITHOUT_USER_ROOT,
                        // to 3.0.4 (b7a3ba02bd), 4.8 (54abe826c8)
                        Quirk.LOCK_IGNORED,
                        Quirk.EXCHANGE_HALVED,
                        // to 4.12 (8cc5036bc3, of the stable branches), 4.10 (589263031c)
                        Quirk.FLUSHED_BEFORE_TYPE,
                        Quirk.EFER_SHOWS_SVME,
                        // to 4.11 (dfba4d2e91), 4.10 (5d37af364d)
                        Quirk.DR6_BEGINS_AS_0,
                        Quirk.DEBUG_ON_GUEST_STACK,
                        Quirk.OVERTAKEN_EXCHANGE_RESTARTS,
                        Quirk.FAILSAFE_NOT_ALIGNED,
                        Quirk.NMI_GATE_MUST_MASK,
                        Quirk.DESCRIPTOR_GAP_FAULTS,
                        Quirk.RUN_STATE_LOST_IN_USER_MODE,
                        Quirk.CONTEXT_BREAKPOINTS_UNCHECKED,
                        Quirk.CONTEXT_DEBUG_BITS_DROPPED);
        services(profile);
        return profile.build();
    }

    private static void entry(AbiProfile.Builder profile) {
        profile.set(EntryRules.SYSCALL_R11, SyscallR11.USER_RFLAGS)
                .set(EntryRules.CLEARED_FLAGS, Masks.of(Masks.TF | Masks.NT | Masks.RF | Masks.VM))
                .set(EntryRules.SYSCALL_CLEARS_DF, false)
                .set(EntryRules.SYSCALL_CAN_MASK, false)
                .set(EntryRules.MISSING_SYSCALL_CALLBACK, MissingCallback.CRASH)
                .set(EntryRules.SYSCALL32_CALLBACKS, false)
                .set(EntryRules.INT80_FAST_GATE, false)
                .set(EntryRules.INT80_MASK_HONOURED, true)
                .set(EntryRules.INT_N_DECODED_LENGTH, false)
                .set(EntryRules.FAILED_RETURN, FailedReturn.FAILSAFE)
                .set(EntryRules.VIRTUAL_IOPL, false)
                .set(EntryRules.EXIT_CLEARS_NT, false)
                .set(EntryRules.IRET_FLAGS, Masks.of(~(Masks.IOPL | Masks.VM)))
                .set(EntryRules.IRET_WITHOUT_USER_TABLE_CRASHES, false)
                .set(EntryRules.NON_CANONICAL_RIP_USES_IRET, false)
                .set(EntryRules.STACK_MAY_END_AT_HOLE, false)
                .set(EntryRules.STACK_WINDOW_SLACK, 60)
                .set(EntryRules.CANONICAL_TRAPS, false)
                .set(EntryRules.CANONICAL_CALLBACKS, false)
                .set(EntryRules.NMI_IS_TRAP_2, false)
                .set(EntryRules.MISSING_CALLBACK_CLEARS_DF, true)
                .set(EntryRules.SYSENTER_WITH_NT, SysenterWithNt.CRASH)
                .set(EntryRules.UNKNOWN_CALLBACK_ERRNO, XenErrno.EINVAL);
    }

    private static void privileged(AbiProfile.Builder profile) {
        profile.set(PrivilegedRules.UNKNOWN_MSR_READ, UnknownMsr.IGNORED)
                .set(PrivilegedRules.UNKNOWN_MSR_WRITE, UnknownMsr.IGNORED)
                .set(PrivilegedRules.IO_BREAKPOINTS_ALIGNED, false)
                .set(PrivilegedRules.BREAKPOINT_HITS_REPLACED, false)
                .set(PrivilegedRules.TABLE_STORE_STEP, TableStoreStep.NONE)
                .set(PrivilegedRules.FLAG_INSTRUCTIONS_STEP, true)
                .set(PrivilegedRules.NAMED_MSRS_REFUSED, false)
                .set(PrivilegedRules.REFUSED_REP_IO_CLEARS_RF, false)
                .set(PrivilegedRules.P5_MACHINE_CHECK, false)
                .set(PrivilegedRules.VIRTUAL_MACHINE_CHECK, false)
                .set(PrivilegedRules.CR4_SHOWN, Masks.of(CR4))
                .set(PrivilegedRules.CR4_WRITABLE, Masks.NONE)
                .set(PrivilegedRules.CR4_MISMATCH_IGNORED, false)
                .set(PrivilegedRules.CALL_GATE_DPL_0, false)
                .set(PrivilegedRules.MERGED_DESCRIPTOR_TYPE, false)
                .set(PrivilegedRules.DEBUG_REGISTERS, DebugRegisterRules.NO_IO_BREAKPOINTS)
                .set(PrivilegedRules.CR3_FAILURE_IGNORED, true)
                .set(PrivilegedRules.FORCED_EMULATION_FAULTS, false)
                .set(PrivilegedRules.PORT_STRING_BASE, PortStringBase.FLAT)
                .set(PrivilegedRules.SEGMENT_BASE_ERRNO, XenErrno.EFAULT);
        CpuidMasks.first(profile);
    }

    private static void version(AbiProfile.Builder profile) {
        profile.set(VersionRules.MAJOR, 3)
                .set(VersionRules.MINOR, 0)
                .set(VersionRules.EXTRA, ".2")
                .set(VersionRules.CAPABILITIES, "xen-3.0-x86_64 ")
                .set(VersionRules.FEATURES, Masks.NONE)
                .set(VersionRules.HYPERCALLS, hypercallsOf302())
                .set(VersionRules.HYPERCALL_MASK, Masks.of(31))
                .set(VersionRules.ASSISTS, Masks.upTo(2))
                .set(VersionRules.LAST_CPUID_LEAF, Masks.NONE)
                .set(VersionRules.START_INFO_P2M_FIELDS, false)
                .set(VersionRules.RAMDISK_IN_PAGES, false)
                .set(VersionRules.RINGS_GRANTED, false)
                .set(VersionRules.WIDE_WALL_CLOCK, false)
                .set(VersionRules.EVENT_OPS, Masks.upTo(9))
                .set(VersionRules.VCPU_OPS, Masks.upTo(5))
                .set(VersionRules.SCHED_OPS, Masks.upTo(3))
                .set(VersionRules.MEMORY_OPS, Masks.upTo(8))
                .set(VersionRules.VERSION_OPS, Masks.upTo(6))
                .set(VersionRules.COMMAND_LINE_DENIED, false)
                .set(VersionRules.HYPERCALL_PAGE_FILLED, false);
    }

    private static void services(AbiProfile.Builder profile) {
        profile.set(ServiceRules.VCPU_NUMBERS, 32)
                .set(ServiceRules.LAST_VCPU_DOWN_ENDS, false)
                .set(ServiceRules.SINGLESHOT_FUTURE_FLAG, true)
                .set(ServiceRules.VCPU_INFO_PLACE_ERRNO, XenErrno.EINVAL)
                .set(ServiceRules.VCPU_INFO_FRAME_ERRNO, XenErrno.EINVAL)
                .set(ServiceRules.VCPU_INFO_TWICE_ERRNO, XenErrno.EINVAL)
                .set(ServiceRules.FAR_TIMER_IS_SHORT, false)
                .set(ServiceRules.POLL_NEEDS_MASK, true)
                .set(ServiceRules.POLL_SEES_EVENTS, false)
                .set(ServiceRules.CLOSE_CLEARS_PENDING, false)
                .set(ServiceRules.GLOBAL_VIRQS_MOVE, false)
                .set(ServiceRules.FREE_PORTS_INERT, false)
                .set(ServiceRules.FREE_PORTS_POLLED, true)
                .set(ServiceRules.OLD_EVENT_OPS, Masks.ALL)
                .set(ServiceRules.DEVICE_OPS, Masks.range(4, 10))
                .set(ServiceRules.UNKNOWN_DEVICE_OP_ERRNO, XenErrno.EINVAL)
                .set(ServiceRules.DEVICES_REFUSED_UNREAD, true)
                .set(ServiceRules.PIRQS, 256)
                .set(ServiceRules.HVM_OPS, Masks.NONE)
                .set(ServiceRules.CONTROL_CALL_ORDER, ControlCallOrder.CALLER)
                .set(ServiceRules.DOMCTL_VERSION, 0)
                .set(ServiceRules.SYSCTL_VERSION, 0);
    }

    /** 0 to 29 without 11. */
    private static HypercallNames hypercallsOf302() {
        String[] names = {
            "set_trap_table",
            "mmu_update",
            "set_gdt",
            "stack_switch",
            "set_callbacks",
            "fpu_taskswitch",
            "sched_op_compat",
            "dom0_op",
            "set_debugreg",
            "get_debugreg",
            "update_descriptor",
            "",
            "memory_op",
            "multicall",
            "update_va_mapping",
            "set_timer_op",
            "event_channel_op_compat",
            "xen_version",
            "console_io",
            "physdev_op_compat",
            "grant_table_op",
            "vm_assist",
            "update_va_mapping_otherdomain",
            "iret",
            "vcpu_op",
            "set_segment_base",
            "mmuext_op",
            "acm_op",
            "nmi_op",
            "sched_op"
        };
        TreeMap<Integer, String> table = new TreeMap<>();
        for (int number = 0; number < names.length; number++) {
            if (!names[number].isEmpty()) {
                table.put(number, names[number]);
            }
        }
        return new HypercallNames(table);
    }

    private static HypercallNames hypercallsOf303(HypercallNames earlier) {
        return earlier.with(7, "platform_op")
                .with(30, "callback_op")
                .with(31, "xenoprof_op")
                .with(32, "event_channel_op")
                .with(33, "physdev_op")
                .with(34, "hvm_op")
                .with(35, "sysctl")
                .with(36, "domctl");
    }
}
