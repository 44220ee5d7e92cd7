package io.github.paravane.api.profile;

import java.util.Locale;
import java.util.Objects;

/**
 * A published bug of some version of the hypervisor that no other {@link Knob} expresses. Present in a profile's
 * {@link QuirkSet}, the faulty behaviour is there; absent, the correct one.
 *
 * <p>Each quirk is read in exactly one place, once, when a machine is built. The testkit's known bugs give each one its
 * story and a guest that tells the two behaviours apart.
 */
public enum Quirk {
    /** XSA-193, 2016: the base of FS or GS is loaded without a check that it is canonical, and the hypervisor dies. */
    NON_CANONICAL_BASE_LOADED("XSA-193", "the hypervisor loads a non-canonical FS or GS base and dies of the fault"),

    /** 2020: the user GS base of before survives the load of a user GS selector. */
    USER_SELECTOR_KEEPS_BASE("afe018e041", "set_segment_base with a selector keeps the old base of the user GS"),

    /** 7e98fc5ba6, 2012: UNPIN_TABLE of a frame that cannot be had reports success. */
    UNPIN_OF_NOTHING_SUCCEEDS("7e98fc5ba6", "UNPIN_TABLE of a frame that does not exist or is another's succeeds"),

    /** XSA-279, 2018: update_va_mapping flushes an address that is not canonical with INVPCID, and the hypervisor dies. */
    FLUSH_OF_ANY_ADDRESS_KILLS("XSA-279", "a requested flush of a non-canonical address kills the hypervisor"),

    /** fe30060046, 2007: the emulation of page-table writes honours REP before every instruction. */
    REP_ON_ANY_INSTRUCTION("fe30060046", "a REP prefix counts RCX down on emulated stores that take none"),

    /** 2232628ecb, 2015: an emulated CMPXCHG that fails sets the flags of memory minus accumulator. */
    CMPXCHG_FLAGS_REVERSED("2232628ecb", "an emulated CMPXCHG compares its operands the wrong way round"),

    /** 045094933d, 2017: CMPXCHG8B is not among the instructions that write memory. */
    CMPXCHG8B_NOT_A_WRITE("045094933d", "CMPXCHG8B of a page-table entry is not emulated"),

    /** c1a3a8bd90, 2005: an emulated exchange of part of an entry compares the whole entry with that part. */
    HALF_EXCHANGE_COMPARES_HALF("c1a3a8bd90", "an emulated CMPXCHG of half an entry expects the other half to be 0"),

    /** XSA-227, 2017: the entry for a grant may lie across two entries. */
    MISALIGNED_GRANT_ENTRY("XSA-227", "a grant may be mapped by a machine address that is no multiple of 8"),

    /** XSA-234, 2017: an entry that maps the granted frame with other rights ends a grant mapping. */
    GRANT_END_IGNORES_RIGHTS("XSA-234", "the rights of an entry are not compared when a grant mapping ends"),

    /** 4ec4b58e00, 2008: the flags above bit 51 are part of the frame when a grant mapped by entry ends. */
    GRANT_FRAME_UNMASKED("4ec4b58e00", "a grant mapped by entry cannot be ended if the entry has flags above bit 51"),

    /** XSA-316, 2020: the status of a refused grant is +1. */
    GRANT_REFUSAL_POSITIVE("XSA-316", "a grant that is refused has the status 1");

    private final String origin;
    private final String meaning;

    Quirk(String origin, String meaning) {
        this.origin = Objects.requireNonNull(origin, "origin");
        this.meaning = Objects.requireNonNull(meaning, "meaning");
    }

    /** Where it was published: {@code XSA-193}, or the abbreviated commit that repaired it. */
    public String origin() {
        return origin;
    }

    /** What goes wrong, in one line. */
    public String meaning() {
        return meaning;
    }

    /** The name for people and files: lower case with hyphens. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
