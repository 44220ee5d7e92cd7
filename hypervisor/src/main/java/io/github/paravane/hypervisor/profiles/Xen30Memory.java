package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.GrantRules.ImplicitUnmap;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.MmuRules.TlbContract;
import io.github.paravane.api.profile.MmuRules.WritableTables;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.PteRules.L1Adjustment;

/** What Xen 3.0.2 does with memory: page tables, grants, memory_op; the start of all other profiles. */
final class Xen30Memory {

    private Xen30Memory() {}

    /** Sets them. */
    static void set(AbiProfile.Builder profile) {
        pageTableEntries(profile);
        pageTableCalls(profile);
        grants(profile);
        memoryCalls(profile);
    }

    private static void pageTableEntries(AbiProfile.Builder profile) {
        long disallowed = Pte.PAT | Pte.GLOBAL | Pte.AVAIL_HIGH;
        profile.set(PteRules.L1_DISALLOWED, Masks.of(disallowed))
                .set(PteRules.L2_DISALLOWED, Masks.of(disallowed))
                .set(PteRules.L3_L4_DISALLOWED, Masks.of(disallowed))
                .set(PteRules.L1_ADJUSTMENT, L1Adjustment.NONE)
                .set(PteRules.L2_L3_ADDED, Masks.NONE)
                .set(PteRules.L4_ADDED, Masks.NONE)
                .set(PteRules.L1_FAST_PATH, Masks.flagsBut(Pte.PRESENT | Pte.RW))
                .set(PteRules.UPPER_FAST_PATH, Masks.flagsBut(Pte.PRESENT))
                .set(PteRules.LINEAR_LEVELS, Masks.range(4, 4))
                .set(PteRules.LINEAR_DEPTH_ONE, false)
                .set(PteRules.PRECISE_ERRNO, false)
                .set(PteRules.BACK_POINTERS, true)
                .set(PteRules.GRANT_FLAGS, Masks.of(Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY | Pte.USER))
                .set(PteRules.NX_NEEDS_PROCESSOR, true)
                .set(PteRules.SUPERPAGE_OPTION, false)
                .set(PteRules.DEVICES_UNCACHED, false)
                .set(PteRules.READ_ONLY_DEVICES, false)
                .set(PteRules.DEVICES_WITHIN_WIDTH, false)
                .set(PteRules.L1TF_CHECK, false);
    }

    private static void pageTableCalls(AbiProfile.Builder profile) {
        profile.set(MmuRules.REAL_PINS, Masks.of(1 << 1 | 1 << 4))
                .set(MmuRules.UNKNOWN_COMMAND, XenErrno.EINVAL)
                .set(MmuRules.LAST_MMU_UPDATE_COMMAND, 1)
                .set(MmuRules.LAST_MMUEXT_COMMAND, 15)
                .set(MmuRules.SUPERPAGE_MARKS, false)
                .set(MmuRules.MARK_SUPER_REFUSAL, XenErrno.ENOSYS)
                .set(MmuRules.MARK_OPTION_FIRST, false)
                .set(MmuRules.FAILED_BASE_KEEPS_OLD, false)
                .set(MmuRules.USER_BASE_ZERO_CLEARS, false)
                .set(MmuRules.FOREIGN_UPPER_REFUSED, false)
                .set(MmuRules.FOREIGN_LOCAL_REFUSED, false)
                .set(MmuRules.DECREASE_UNPINS, true)
                .set(MmuRules.FLUSH_ON_FAILED_VA_MAPPING, true)
                .set(MmuRules.FLUSH_ON_UPPER_UPDATE, false)
                .set(MmuRules.WRITABLE_TABLES, WritableTables.BATCHED)
                .set(MmuRules.PTWR_CMPXCHG_ADJUSTS, false)
                .set(MmuRules.PTWR_WRITERS_ONLY, false)
                .set(MmuRules.M2P_IN_USER_TABLES, true)
                .set(MmuRules.MAX_EXTENT_ORDER, 0)
                .set(MmuRules.MEMORY_MAP_ENTRIES, 3)
                .set(MmuRules.FOREIGN_REFUSAL, XenErrno.ESRCH)
                .set(MmuRules.FOREIGN_BEFORE_BUFFER, true)
                .set(MmuRules.TABLE_DOMAIN, false)
                .set(MmuRules.UNKNOWN_TABLE_DOMAIN, XenErrno.EINVAL)
                .set(MmuRules.UNPIN_FOREIGN, false)
                .set(MmuRules.FLUSH_CACHE_REFUSAL, XenErrno.EINVAL)
                .set(MmuRules.FLUSH_CACHE_GLOBAL_REFUSAL, XenErrno.EINVAL)
                .set(MmuRules.FORMER_TABLES_REVALIDATED, true)
                .set(MmuRules.TYPE_COUNT_BITS, 16)
                .set(MmuRules.FLUSHES_COLLECTED, true)
                .set(MmuRules.FLUSH_ON_DROPPED_TABLE, true)
                .set(MmuRules.INTERRUPTIBLE, MmuRules.Interruptible.NOTHING)
                .set(MmuRules.EMPTY_LDT_ANYWHERE, false)
                .set(MmuRules.OTHER_DOMAIN_PRIVILEGED, true)
                .set(MmuRules.RESERVATION_ERRNOS, true)
                .set(MmuRules.EXTENT_SHIFT, 4)
                .set(MmuRules.MAX_EXTENTS, -1L >>> 4)
                .set(MmuRules.MACHINE_MAP_REFUSAL, XenErrno.EINVAL)
                .set(MmuRules.PHYSMAP_REFUSAL, XenErrno.EINVAL)
                .set(MmuRules.TLB_CONTRACT, TlbContract.NATIVE)
                .set(PteRules.L1_REASON_IN_L2, false)
                .set(PteRules.TARGET_LENDS_RIGHTS, false)
                .set(MmuRules.MASK_DECIDES_RESULT, false)
                .set(MmuRules.LDT_MAPPED_AT_ONCE, true)
                .set(MmuRules.SAME_BASE_KEEPS_LDT, false)
                .set(MmuRules.PIN_OF_NOTHING_GOES_ON, false)
                .set(MmuRules.EARLY_ERROR_TELLS_DONE, true)
                .set(MmuRules.PAGES_OF_FOREIGN, false)
                .set(MmuRules.INTERRUPTIBLE_AT_ONCE, true)
                .set(MmuRules.READ_ONLY_DEVICE_STORES, false);
    }

    private static void grants(AbiProfile.Builder profile) {
        profile.set(GrantRules.OPS, Masks.of(0b1_0111))
                .set(GrantRules.INITIAL_FRAMES, 4)
                .set(GrantRules.MAX_FRAMES, 4)
                .set(GrantRules.COPY_RIGHTS_AT_USE, false)
                .set(GrantRules.IMPLICIT_UNMAP, ImplicitUnmap.UNNOTICED)
                .set(GrantRules.BAD_PAGE, false)
                .set(GrantRules.MAX_COUNT, 512)
                .set(GrantRules.COMMAND_BITS_REFUSAL, XenErrno.ENOSYS)
                .set(GrantRules.SETUP_CHECKS, GrantRules.SetupChecks.FAULTS_IGNORED)
                .set(GrantRules.STATUS_LIST_CHECKED, false)
                .set(GrantRules.OWN_VERSION_HIDDEN, false)
                .set(GrantRules.COPY_RANGE_FIRST, true)
                .set(GrantRules.RESERVED_KEPT, false)
                .set(GrantRules.UNFIT_ENTRIES, GrantRules.UnfitEntries.LOST)
                .set(GrantRules.SWAP_SAME_CHECKED, true)
                .set(GrantRules.NO_HANDLE, -7)
                .set(GrantRules.MAX_HANDLES, 16383)
                .set(GrantRules.HANDLES_PER_VCPU, false)
                .set(GrantRules.CACHE_FLAGS_FIRST, false)
                .set(GrantRules.REFERENCE_FIRST, true)
                .set(GrantRules.OWN_GRANTS_REFUSED, true);
    }

    private static void memoryCalls(AbiProfile.Builder profile) {
        profile.set(MemoryRules.DOMAIN_LOOKUP, MemoryRules.DomainLookup.PRIVILEGE_FIRST)
                .set(MemoryRules.START_EXTENT, MemoryRules.StartExtent.IGNORED)
                .set(MemoryRules.FOREIGN_RESERVATION_REFUSED, false)
                .set(MemoryRules.MAX_DECREASE_ORDER, 31)
                .set(MemoryRules.MIN_ADDRESS_BITS, 31)
                .set(MemoryRules.NODES_FOR_CONTROL_ONLY, false)
                .set(MemoryRules.EXCHANGE_CHECKS, MemoryRules.ExchangeChecks.SELF_ONLY)
                .set(MemoryRules.REMOVE_FROM_PHYSMAP_LOOKS, false)
                .set(MemoryRules.MACHPHYS_END, MemoryRules.MachphysEnd.NOBODY)
                .set(MemoryRules.POD_REFUSAL, XenErrno.EINVAL)
                .set(MemoryRules.NO_MAXIMUM_IS_MINUS_1, true)
                .set(MemoryRules.RESOURCE_FRAMES, 2)
                .set(MemoryRules.MACHINE_MAP_SIZE, false)
                .set(MemoryRules.POD_TAKEN, true)
                .set(MemoryRules.FOREIGN_SPACE, false);
    }
}
