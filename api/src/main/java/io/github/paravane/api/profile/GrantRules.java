package io.github.paravane.api.profile;

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

    private GrantRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(OPS, INITIAL_FRAMES, MAX_FRAMES, COPY_RIGHTS_AT_USE, IMPLICIT_UNMAP);
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
}
