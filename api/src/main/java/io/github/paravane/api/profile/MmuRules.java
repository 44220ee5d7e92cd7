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

    /** Most entries of the memory map that set_memory_map takes. */
    public static final Knob<Integer> MEMORY_MAP_ENTRIES =
            Knob.of("mmu.memory-map-entries", Integer.class, "most entries of a domain's memory map; more are EINVAL");

    /** Largest extent order of an unprivileged memory_op. */
    public static final Knob<Integer> MAX_EXTENT_ORDER =
            Knob.of("mmu.max-extent-order", Integer.class, "largest extent order for a plain domain in memory_op");

    /** What an unprivileged domain gets that names another one. */
    public static final Knob<XenErrno> FOREIGN_REFUSAL = Knob.of(
            "mmu.foreign-refusal",
            XenErrno.class,
            "what a plain domain gets that names another domain: ESRCH before any request, EPERM at the first one");

    /** Whether the foreign domain is looked at before the array of requests. */
    public static final Knob<Boolean> FOREIGN_BEFORE_BUFFER = Knob.of(
            "mmu.foreign-before-buffer", Boolean.class, "a bad foreign domain is reported before a bad request array");

    /** Whether mmu_update's foreign-domain argument has a domain that owns the tables. */
    public static final Knob<Boolean> TABLE_DOMAIN = Knob.of(
            "mmu.table-domain",
            Boolean.class,
            "bits 31:16 of mmu_update's domain, less 1, name the owner of the tables; else they are ignored");

    /** Result of mmu_update with an unknown owner of tables. */
    public static final Knob<XenErrno> UNKNOWN_TABLE_DOMAIN = Knob.of(
            "mmu.unknown-table-domain", XenErrno.class, "errno of mmu_update for tables of a domain that is not there");

    /** Whether UNPIN_TABLE acts on a foreign domain. */
    public static final Knob<Boolean> UNPIN_FOREIGN = Knob.of(
            "mmu.unpin-foreign", Boolean.class, "UNPIN_TABLE acts on the foreign domain, else always on the caller");

    /** What FLUSH_CACHE answers to a domain without devices. */
    public static final Knob<XenErrno> FLUSH_CACHE_REFUSAL =
            Knob.of("mmu.flush-cache-refusal", XenErrno.class, "errno of FLUSH_CACHE for a plain domain");

    /** Whether the entries of a superpage share one set of writable references, which a mark keeps (4.1 to 4.9). */
    public static final Knob<Boolean> SUPERPAGE_MARKS =
            Knob.of("mmu.superpage-marks", Boolean.class, "with allowsuperpage, MARK_SUPER keeps 2 MiB writable");

    /** What MARK_SUPER and UNMARK_SUPER answer where superpages are not allowed. */
    public static final Knob<XenErrno> MARK_SUPER_REFUSAL =
            Knob.of("mmu.mark-super-refusal", XenErrno.class, "errno of MARK_SUPER without allowsuperpage");

    /** Whether MARK_SUPER and UNMARK_SUPER look at the boot option before the frame. */
    public static final Knob<Boolean> MARK_OPTION_FIRST = Knob.of(
            "mmu.mark-option-first",
            Boolean.class,
            "MARK_SUPER of a frame that is not aligned is refused like others without allowsuperpage");

    /** What FLUSH_CACHE_GLOBAL answers to a domain without devices. */
    public static final Knob<XenErrno> FLUSH_CACHE_GLOBAL_REFUSAL =
            Knob.of("mmu.flush-cache-global-refusal", XenErrno.class, "errno of FLUSH_CACHE_GLOBAL for a plain domain");

    /** Whether mmu_update validates a former table anew. */
    public static final Knob<Boolean> FORMER_TABLES_REVALIDATED = Knob.of(
            "mmu.former-tables-revalidated",
            Boolean.class,
            "mmu_update makes a frame that was a table one again for the store, else the frame is plain memory");

    /** Width of the type count. */
    public static final Knob<Integer> TYPE_COUNT_BITS = Knob.of(
            "mmu.type-count-bits",
            Integer.class,
            "bits of a frame's type count; a reference too many fails; 48 at most");

    /** Whether SET_LDT without entries ignores its address. */
    public static final Knob<Boolean> EMPTY_LDT_ANYWHERE =
            Knob.of("mmu.empty-ldt-anywhere", Boolean.class, "SET_LDT with no entries accepts any address");

    /** Whether update_va_mapping_otherdomain is for privileged domains only. */
    public static final Knob<Boolean> OTHER_DOMAIN_PRIVILEGED = Knob.of(
            "mmu.other-domain-privileged",
            Boolean.class,
            "update_va_mapping_otherdomain is EPERM for a plain domain, whatever domain it names");

    /** Whether the reservation calls report errnos. */
    public static final Knob<Boolean> RESERVATION_ERRNOS = Knob.of(
            "mmu.reservation-errnos",
            Boolean.class,
            "a bad structure for the reservation calls is an errno, else the number of extents done before it");

    /** Bits of a memory_op command below the extent to go on with. */
    public static final Knob<Integer> EXTENT_SHIFT =
            Knob.of("mmu.extent-shift", Integer.class, "bits of memory_op's first argument that are the command");

    /** The largest number of extents in one memory_op request. */
    public static final Knob<Long> MAX_EXTENTS =
            Knob.of("mmu.max-extents", Long.class, "largest number of extents in a memory_op request");

    /** What machine_memory_map answers to a plain domain. */
    public static final Knob<XenErrno> MACHINE_MAP_REFUSAL =
            Knob.of("mmu.machine-map-refusal", XenErrno.class, "errno of machine_memory_map for a plain domain");

    /** What the physmap commands answer to a PV domain. */
    public static final Knob<XenErrno> PHYSMAP_REFUSAL = Knob.of(
            "mmu.physmap-refusal", XenErrno.class, "errno of add_to_physmap and its kind for a PV domain's memory");

    /** Whether flushes of the caller's TLB wait for the end of a batch. */
    public static final Knob<Boolean> FLUSHES_COLLECTED = Knob.of(
            "mmu.flushes-collected",
            Boolean.class,
            "TLB_FLUSH_LOCAL and SET_LDT flush once, after the last request of the call, else at once");

    /** Whether a table that loses its last reference is flushed. */
    public static final Knob<Boolean> FLUSH_ON_DROPPED_TABLE = Knob.of(
            "mmu.flush-on-dropped-table",
            Boolean.class,
            "the domain's TLBs are flushed when a page table loses its last reference");

    /** Which page-table work can be interrupted. */
    public static final Knob<Interruptible> INTERRUPTIBLE = Knob.of(
            "mmu.interruptible",
            Interruptible.class,
            "page-table work that an event interrupts, so that the hypercall is continued after its delivery");

    /** What a TLB keeps across entries into the hypervisor; a matter of time, never of values. */
    public static final Knob<TlbContract> TLB_CONTRACT = Knob.of(
            "mmu.tlb-contract",
            TlbContract.class,
            "what a TLB keeps across entries into the hypervisor on a usual processor; costs misses, changes no value");

    /** Whether reading a mask of vCPUs decides what update_va_mapping answers. */
    public static final Knob<Boolean> MASK_DECIDES_RESULT = Knob.of(
            "mmu.mask-decides-result",
            Boolean.class,
            "update_va_mapping with a mask of vCPUs answers whether that could be read, whatever became of the entry");

    /** Whether SET_LDT maps the first page of the LDT. */
    public static final Knob<Boolean> LDT_MAPPED_AT_ONCE = Knob.of(
            "mmu.ldt-mapped-at-once",
            Boolean.class,
            "SET_LDT maps the LDT's first page at once, else its first use does");

    /** Whether NEW_BASEPTR of the loaded table only loads it. */
    public static final Knob<Boolean> SAME_BASE_KEEPS_LDT = Knob.of(
            "mmu.same-base-keeps-ldt", Boolean.class, "NEW_BASEPTR of the loaded table keeps the LDT's pages mapped");

    /** Whether PIN of a frame that is not the domain's ends the batch. */
    public static final Knob<Boolean> PIN_OF_NOTHING_GOES_ON = Knob.of(
            "mmu.pin-of-nothing-goes-on",
            Boolean.class,
            "the batch goes on after PIN of a frame that is not the domain's, and its EINVAL may come at the end");

    /** Whether a batch that cannot begin stores the number of requests done. */
    public static final Knob<Boolean> EARLY_ERROR_TELLS_DONE = Knob.of(
            "mmu.early-error-tells-done",
            Boolean.class,
            "the number of requests done is stored also where the array or a domain is refused");

    /** Whose frames CLEAR_PAGE and COPY_PAGE work on. */
    public static final Knob<Boolean> PAGES_OF_FOREIGN = Knob.of(
            "mmu.pages-of-foreign",
            Boolean.class,
            "CLEAR_PAGE and COPY_PAGE work on the foreign domain, else on the caller");

    /** Whether an event interrupts a hypercall before its first request. */
    public static final Knob<Boolean> INTERRUPTIBLE_AT_ONCE = Knob.of(
            "mmu.interruptible-at-once",
            Boolean.class,
            "an event that is due interrupts a hypercall before its first request, too");

    /** What a store to a read-only device frame is. */
    public static final Knob<Boolean> READ_ONLY_DEVICE_STORES = Knob.of(
            "mmu.read-only-device-stores",
            Boolean.class,
            "stores of the control domain to read-only device frames are emulated and go nowhere, else they fault");

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
                MEMORY_MAP_ENTRIES,
                MAX_EXTENT_ORDER,
                FOREIGN_REFUSAL,
                FOREIGN_BEFORE_BUFFER,
                TABLE_DOMAIN,
                UNKNOWN_TABLE_DOMAIN,
                UNPIN_FOREIGN,
                FLUSH_CACHE_REFUSAL,
                FLUSH_CACHE_GLOBAL_REFUSAL,
                SUPERPAGE_MARKS,
                MARK_SUPER_REFUSAL,
                MARK_OPTION_FIRST,
                FORMER_TABLES_REVALIDATED,
                TYPE_COUNT_BITS,
                EMPTY_LDT_ANYWHERE,
                OTHER_DOMAIN_PRIVILEGED,
                RESERVATION_ERRNOS,
                EXTENT_SHIFT,
                MAX_EXTENTS,
                MACHINE_MAP_REFUSAL,
                PHYSMAP_REFUSAL,
                FLUSHES_COLLECTED,
                FLUSH_ON_DROPPED_TABLE,
                INTERRUPTIBLE,
                TLB_CONTRACT,
                MASK_DECIDES_RESULT,
                LDT_MAPPED_AT_ONCE,
                SAME_BASE_KEEPS_LDT,
                PIN_OF_NOTHING_GOES_ON,
                EARLY_ERROR_TELLS_DONE,
                PAGES_OF_FOREIGN,
                INTERRUPTIBLE_AT_ONCE,
                READ_ONLY_DEVICE_STORES);
    }

    /** Which page-table work an event interrupts (abi-reference 2.3); L1 tables are always done at once. */
    public enum Interruptible {
        /** None: only whole requests are, one before another. */
        NOTHING,
        /** Validation in PIN and mmu_update, and what UNPIN drops (76596d0d07). */
        PINS_AND_UPDATES,
        /** Also new bases, and all that a hypercall drops (XSA-45). */
        EVERYTHING
    }

    /** What a TLB keeps (abi-reference 5.4). */
    public enum TlbContract {
        /** A switch of tables drops entries that are not global; an entry into the hypervisor drops nothing. */
        NATIVE,
        /** Page-table isolation without PCID: every way into the hypervisor and out drops everything. */
        XPTI,
        /** Page-table isolation with PCID: kernel and user tables have entries of their own, and both survive. */
        XPTI_PCID
    }

    /** How write faults on page tables are resolved (abi-reference 7.2). */
    public enum WritableTables {
        /** The faulting instruction is emulated. */
        EMULATED,
        /**
         * The table becomes writable and, if it is hooked in the running address space, is unhooked there; it is validated
         * as a whole at the next page-table hypercall, switch of tables or fault behind it. A wrong entry crashes the
         * domain then.
         */
        BATCHED
    }
}
