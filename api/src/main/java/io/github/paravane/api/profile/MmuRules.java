package io.github.paravane.api.profile;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/** Knobs: page-table hypercalls, base pointers, flushes and PTE-write emulation (abi-reference 2.7, 3.1 to 3.5, 5, 7). */
public final class MmuRules {

    /** Table levels whose pins are real, as bits. */
    public static final Knob<BitMask> REAL_PINS = Knob.of(
            "mmu.real-pins", BitMask.class, "levels whose PIN takes references; others succeed silently; bit n = Ln");

    /** Result of an unknown mmu_update or mmuext_op command. */
    public static final Knob<XenErrno> UNKNOWN_COMMAND =
            Knob.of("mmu.unknown-command", XenErrno.class, "errno of an unknown mmu_update or mmuext_op command");

    /** Highest mmu_update command known. */
    public static final Knob<Integer> LAST_MMU_UPDATE_COMMAND =
            Knob.of("mmu.last-update-command", Integer.class, "highest mmu_update command that exists");

    /** Highest mmuext_op command known. */
    public static final Knob<Integer> LAST_MMUEXT_COMMAND =
            Knob.of("mmu.last-mmuext-command", Integer.class, "highest mmuext_op command that exists");

    /** Whether a failed NEW_BASEPTR keeps the old tables. */
    public static final Knob<Boolean> FAILED_BASE_KEEPS_OLD = Knob.of(
            "mmu.failed-base-keeps-old",
            Boolean.class,
            "a failing NEW_BASEPTR keeps the old table, else retry or crash");

    /** Whether NEW_USER_BASEPTR accepts 0. */
    public static final Knob<Boolean> USER_BASE_ZERO_CLEARS =
            Knob.of("mmu.user-base-zero-clears", Boolean.class, "NEW_USER_BASEPTR with mfn 0 clears the user base");

    /** Whether a foreign domain with an L2 to L4 update is refused. */
    public static final Knob<Boolean> FOREIGN_UPPER_REFUSED = Knob.of(
            "mmu.foreign-upper-refused",
            Boolean.class,
            "an L2 to L4 update with a foreign domain is EINVAL, else self");

    /** Whether mmuext operations on the caller refuse a foreign domain. */
    public static final Knob<Boolean> FOREIGN_LOCAL_REFUSED = Knob.of(
            "mmu.foreign-local-refused",
            Boolean.class,
            "caller-local mmuext operations with a foreign domain are EPERM");

    /** Whether giving up a pinned page unpins it. */
    public static final Knob<Boolean> DECREASE_UNPINS =
            Knob.of("mmu.decrease-unpins", Boolean.class, "decrease_reservation unpins a pinned table");

    /** Whether a failing update_va_mapping flushes. */
    public static final Knob<Boolean> FLUSH_ON_FAILED_VA_MAPPING =
            Knob.of("mmu.flush-on-failed-va-mapping", Boolean.class, "update_va_mapping flushes even when it fails");

    /** Whether L2 to L4 updates flush. */
    public static final Knob<Boolean> FLUSH_ON_UPPER_UPDATE =
            Knob.of("mmu.flush-on-upper-update", Boolean.class, "L2 to L4 updates flush the domain's TLBs (XSA-286)");

    /** How write faults on page tables are resolved. */
    public static final Knob<WritableTables> WRITABLE_TABLES =
            Knob.of("mmu.writable-tables", WritableTables.class, "how a write fault on a page table is resolved");

    /** Whether an emulated compare-and-exchange stores the adjusted entry; false is the bug of 2007. */
    public static final Knob<Boolean> PTWR_CMPXCHG_ADJUSTS = Knob.of(
            "mmu.ptwr-cmpxchg-adjusts",
            Boolean.class,
            "an emulated compare-and-exchange of a PTE stores the adjusted entry, as an emulated store does");

    /** Whether ptwr accepts only pure memory writers. */
    public static final Knob<Boolean> PTWR_WRITERS_ONLY = Knob.of(
            "mmu.ptwr-writers-only", Boolean.class, "PTE-write emulation accepts memory-writing instructions only");

    /** Whether user tables show the M2P. */
    public static final Knob<Boolean> M2P_IN_USER_TABLES =
            Knob.of("mmu.m2p-in-user-tables", Boolean.class, "the M2P is always visible in user mode");

    /** Largest extent order of an unprivileged memory_op. */
    public static final Knob<Integer> MAX_EXTENT_ORDER =
            Knob.of("mmu.max-extent-order", Integer.class, "largest extent order for a plain domain in memory_op");

    private MmuRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                REAL_PINS,
                UNKNOWN_COMMAND,
                LAST_MMU_UPDATE_COMMAND,
                LAST_MMUEXT_COMMAND,
                FAILED_BASE_KEEPS_OLD,
                USER_BASE_ZERO_CLEARS,
                FOREIGN_UPPER_REFUSED,
                FOREIGN_LOCAL_REFUSED,
                DECREASE_UNPINS,
                FLUSH_ON_FAILED_VA_MAPPING,
                FLUSH_ON_UPPER_UPDATE,
                WRITABLE_TABLES,
                PTWR_CMPXCHG_ADJUSTS,
                PTWR_WRITERS_ONLY,
                M2P_IN_USER_TABLES,
                MAX_EXTENT_ORDER);
    }

    /** How write faults on page tables are resolved (abi-reference 7.2). */
    public enum WritableTables {
        /** The faulting instruction is emulated. For 3.0.2 this stands in for the batched form. */
        EMULATED
    }
}
