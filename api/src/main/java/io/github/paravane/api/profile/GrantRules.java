package io.github.paravane.api.profile;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/** Knobs: grant tables (abi-reference 3.15). */
public final class GrantRules {

    /** grant_table_op operations that exist, as bits. */
    public static final Knob<BitMask> OPS =
            Knob.of("grant.known-ops", BitMask.class, "grant_table_op commands that exist; bit n = command n");

    /** Frames of a new table. */
    public static final Knob<Integer> INITIAL_FRAMES =
            Knob.of("grant.initial-frames", Integer.class, "frames that a domain's grant table starts with");

    /** Most frames of a table. */
    public static final Knob<Integer> MAX_FRAMES =
            Knob.of("grant.max-frames", Integer.class, "frames that a domain's grant table may grow to");

    /** When a copy finds out that a frame by its number is another domain's. */
    public static final Knob<Boolean> COPY_RIGHTS_AT_USE = Knob.of(
            "grant.copy-rights-at-use",
            Boolean.class,
            "GNTTABOP_copy finds both domains and takes the source before it refuses a frame of another domain");

    /** What becomes of an entry for a grant that is replaced by another entry instead of unmapped. */
    public static final Knob<ImplicitUnmap> IMPLICIT_UNMAP = Knob.of(
            "grant.implicit-unmap",
            ImplicitUnmap.class,
            "what replacing a grant mapping by an update does; debug builds mark such entries in bit 62");

    /** The bit of an L1 entry by which a debug build knows a grant mapping, and which guests may not set there. */
    public static final long MARKER = 1L << 62;

    /** Whether a frame that may not be granted has a status of its own. */
    public static final Knob<Boolean> BAD_PAGE = Knob.of(
            "grant.bad-page",
            Boolean.class,
            "a frame that is not its granter's is told as BAD_PAGE, else as GENERAL_ERROR");

    /** Most elements of a call. */
    public static final Knob<Integer> MAX_COUNT = Knob.of(
            "grant.max-count", Integer.class, "most elements of a call, and where that is 512 no event interrupts it");

    /** What bits above those of the command are. */
    public static final Knob<XenErrno> COMMAND_BITS_REFUSAL =
            Knob.of("grant.command-bits-refusal", XenErrno.class, "errno of bits 12 and above of the command");

    /** The checks of setup_table. */
    public static final Knob<SetupChecks> SETUP_CHECKS =
            Knob.of("grant.setup-checks", SetupChecks.class, "which checks setup_table makes, in which order");

    /** Whether get_status_frames looks at the place of its list. */
    public static final Knob<Boolean> STATUS_LIST_CHECKED = Knob.of(
            "grant.status-list-checked",
            Boolean.class,
            "get_status_frames is EFAULT for a list in the hypervisor's range");

    /** Whether get_version knows DOMID_SELF. */
    public static final Knob<Boolean> OWN_VERSION_HIDDEN =
            Knob.of("grant.own-version-hidden", Boolean.class, "get_version of DOMID_SELF is ESRCH");

    /** Whether a copy beyond a page is told before all else. */
    public static final Knob<Boolean> COPY_RANGE_FIRST = Knob.of(
            "grant.copy-range-first",
            Boolean.class,
            "a copy beyond the end of a page is refused first, and an offset may lie beyond what is "
                    + "granted, where its length does not");

    /** Whether the reserved entries outlive a change of version. */
    public static final Knob<Boolean> RESERVED_KEPT = Knob.of(
            "grant.reserved-kept",
            Boolean.class,
            "set_version keeps the first 8 entries, which may be in use; else they are cleared and " + "must not be");

    /** What becomes of reserved entries that version 1 cannot hold. */
    public static final Knob<UnfitEntries> UNFIT_ENTRIES = Knob.of(
            "grant.unfit-entries",
            UnfitEntries.class,
            "what set_version 1 does with reserved entries that version 1 cannot hold");

    /** Whether a reference is exchanged with itself. */
    public static final Knob<Boolean> SWAP_SAME_CHECKED = Knob.of(
            "grant.swap-same-checked", Boolean.class, "the exchange of a reference in use with itself is refused");

    /** What a domain gets that has no handle left. */
    public static final Knob<Integer> NO_HANDLE =
            Knob.of("grant.no-handle", Integer.class, "status of a map without a handle for it");

    /** Most mappings of a domain. */
    public static final Knob<Integer> MAX_HANDLES =
            Knob.of("grant.max-handles", Integer.class, "most mappings that a domain may have");

    /** How handles are given. */
    public static final Knob<Boolean> HANDLES_PER_VCPU = Knob.of(
            "grant.handles-per-vcpu",
            Boolean.class,
            "each vCPU gives handles from its own list and takes them back at the end; else one "
                    + "list, the latest first");

    /** When cache_flush looks at its flags. */
    public static final Knob<Boolean> CACHE_FLAGS_FIRST = Knob.of(
            "grant.cache-flags-first",
            Boolean.class,
            "cache_flush refuses flags that are not known with EINVAL, before it finds nothing to "
                    + "do; else a reference is EOPNOTSUPP");

    /** Whether a bad reference is found before a bad domain. */
    public static final Knob<Boolean> REFERENCE_FIRST = Knob.of(
            "grant.reference-first",
            Boolean.class,
            "map refuses a reference beyond the table before it looks for the domain");

    /** Whether a domain may map its own grants. */
    public static final Knob<Boolean> OWN_GRANTS_REFUSED =
            Knob.of("grant.own-grants-refused", Boolean.class, "map refuses the caller itself as granter");

    private GrantRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                OPS,
                INITIAL_FRAMES,
                MAX_FRAMES,
                COPY_RIGHTS_AT_USE,
                IMPLICIT_UNMAP,
                BAD_PAGE,
                MAX_COUNT,
                COMMAND_BITS_REFUSAL,
                SETUP_CHECKS,
                STATUS_LIST_CHECKED,
                OWN_VERSION_HIDDEN,
                COPY_RANGE_FIRST,
                RESERVED_KEPT,
                UNFIT_ENTRIES,
                SWAP_SAME_CHECKED,
                NO_HANDLE,
                MAX_HANDLES,
                HANDLES_PER_VCPU,
                CACHE_FLAGS_FIRST,
                REFERENCE_FIRST,
                OWN_GRANTS_REFUSED);
    }

    /** What happens when an update of the page tables takes away a grant mapping. */
    public enum ImplicitUnmap {
        /** Nothing: the entry looks like any other. So do all builds that are released. */
        UNNOTICED,
        /** The owner of the table crashes; debug builds to 4.16. */
        CRASH,
        /** The update is done, and the caller gets #GP(0); debug builds since 4.17. */
        GENERAL_PROTECTION
    }

    /** The checks of setup_table; the domain is looked at in between. */
    public enum SetupChecks {
        /** The number of frames; faults of the list do not count. */
        FAULTS_IGNORED,
        /** The number of frames, then the range of the list; a fault is BAD_VIRT_ADDR. */
        NUMBER_FIRST,
        /** The range of the list, the domain, then the number of frames; a fault is BAD_VIRT_ADDR. */
        LIST_FIRST
    }

    /** What becomes of reserved entries that version 1 cannot hold. */
    public enum UnfitEntries {
        /** High bits of their frames are lost, transitive ones are cleared. */
        LOST,
        /** Frames with high bits are ERANGE, transitive entries are cleared. */
        FRAMES_REFUSED,
        /** ERANGE. */
        REFUSED
    }
}
