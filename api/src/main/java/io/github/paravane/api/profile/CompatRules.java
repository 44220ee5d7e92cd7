package io.github.paravane.api.profile;

import java.util.List;

/** Knobs: 32-bit PAE domains on the 64-bit hypervisor (abi-reference 8). */
public final class CompatRules {

    /** Whether there are such domains. */
    public static final Knob<Offer> OFFERED =
            Knob.of("compat.offered", Offer.class, "whether the hypervisor runs 32-bit PAE domains");

    /** Bits no present entry of the L3 table may have. */
    public static final Knob<BitMask> L3_DISALLOWED =
            Knob.of("compat.l3-disallowed", BitMask.class, "bits that make a present L3 entry of a 32-bit domain fail");

    /** Whether an L3 entry is validated with the bits that the hypervisor adds. */
    public static final Knob<Boolean> L3_ADJUSTED_FIRST = Knob.of(
            "compat.l3-adjusted-first",
            Boolean.class,
            "an L3 entry of a 32-bit domain is validated with R/W and U/S, which the hypervisor adds");

    /** Levels at which a table of a 32-bit domain may name a table of its own level, as bits. */
    public static final Knob<BitMask> LINEAR_LEVELS = Knob.of(
            "compat.linear-levels",
            BitMask.class,
            "levels of a 32-bit domain's tables that may hold linear entries; bit n = level n");

    /** Whether the L3 table must lie below 4 GiB for a domain without pae_extended_cr3. */
    public static final Knob<Boolean> ROOT_BELOW_4G = Knob.of(
            "compat.root-below-4g",
            Boolean.class,
            "the L3 table of a 32-bit domain without the assist pae_extended_cr3 lies below 4 GiB");

    /** Whether a store to the upper half of an entry that makes it invalid is stored without P. */
    public static final Knob<Boolean> UPPER_HALF_COMPLETED = Knob.of(
            "compat.upper-half-completed",
            Boolean.class,
            "an emulated store to the upper half of a 32-bit domain's L1 entry that makes it invalid is stored without P");

    /** Whether flat segments that end above the start of the hole are widened to 4 GiB. */
    public static final Knob<Boolean> FLAT_LIMITS_WIDENED = Knob.of(
            "compat.flat-limits-widened",
            Boolean.class,
            "a flat segment of a 32-bit domain that ends above the start of the hypervisor's hole gets a limit of 4 GiB");

    /** Whether a SYSCALL frame shows the selectors of a 64-bit guest. */
    public static final Knob<Boolean> SYSCALL_SHOWS_NATIVE_SELECTORS = Knob.of(
            "compat.syscall-shows-native-selectors",
            Boolean.class,
            "the frame of SYSCALL in a 32-bit domain shows CS e023 and SS e02b, which are others there");

    private CompatRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                OFFERED,
                L3_DISALLOWED,
                L3_ADJUSTED_FIRST,
                LINEAR_LEVELS,
                ROOT_BELOW_4G,
                UPPER_HALF_COMPLETED,
                FLAT_LIMITS_WIDENED,
                SYSCALL_SHOWS_NATIVE_SELECTORS);
    }

    /** Whether there are 32-bit domains. */
    public enum Offer {
        /** Never. */
        NONE,
        /** Always. */
        ALWAYS,
        /** Unless the host's boot option {@code pv=no-32} says no. */
        OPTIONAL
    }
}
