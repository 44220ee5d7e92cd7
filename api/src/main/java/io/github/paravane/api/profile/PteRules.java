package io.github.paravane.api.profile;

import java.util.List;

/** Knobs: which page-table entries a guest may store, and what is stored instead (abi-reference 1.4 to 1.7, 2.5, 2.6). */
public final class PteRules {

    /** Bits no present L1 entry may have, for a domain without cache control. */
    public static final Knob<BitMask> L1_DISALLOWED =
            Knob.of("pte.l1-disallowed", BitMask.class, "bits that make a present L1 entry fail (64-bit positions)");

    /** Bits no present L2 entry may have. */
    public static final Knob<BitMask> L2_DISALLOWED =
            Knob.of("pte.l2-disallowed", BitMask.class, "bits that make a present L2 entry fail");

    /** Bits no present L3 or L4 entry may have. */
    public static final Knob<BitMask> L3_L4_DISALLOWED =
            Knob.of("pte.l3-l4-disallowed", BitMask.class, "bits that make a present L3 or L4 entry fail");

    /** What is stored for a present L1 entry. */
    public static final Knob<L1Adjustment> L1_ADJUSTMENT = Knob.of(
            "pte.l1-adjustment", L1Adjustment.class, "what is changed in a present L1 entry before it is stored");

    /** Bits or-ed into a present L2 or L3 entry. */
    public static final Knob<BitMask> L2_L3_ADDED =
            Knob.of("pte.l2-l3-added", BitMask.class, "bits or-ed into a present L2 or L3 entry");

    /** Bits or-ed into a present L4 entry. */
    public static final Knob<BitMask> L4_ADDED =
            Knob.of("pte.l4-added", BitMask.class, "bits or-ed into a present L4 entry");

    /** Bits in which an L1 store may differ from the old entry and skip validation. */
    public static final Knob<BitMask> L1_FAST_PATH = Knob.of(
            "pte.l1-fast-path", BitMask.class, "bits a present L1 entry may change without being validated again");

    /** Bits in which an L2 to L4 store may differ from the old entry and skip validation. */
    public static final Knob<BitMask> UPPER_FAST_PATH = Knob.of(
            "pte.upper-fast-path",
            BitMask.class,
            "bits a present L2 to L4 entry may change without being validated again");

    /** Levels at which a table may name a table of its own level, as bits (bit 4 = L4). */
    public static final Knob<BitMask> LINEAR_LEVELS = Knob.of(
            "pte.linear-levels", BitMask.class, "levels that may hold linear (self-map) entries; bit n = level n");

    /** Whether linear entries are limited to depth one. */
    public static final Knob<Boolean> LINEAR_DEPTH_ONE = Knob.of(
            "pte.linear-depth-one", Boolean.class, "a table used as a linear target may hold no linear entries itself");

    /** Whether entry errors are precise. */
    public static final Knob<Boolean> PRECISE_ERRNO = Knob.of(
            "pte.precise-errno", Boolean.class, "entry errors are EPERM, EBUSY, EACCES... instead of EINVAL always");

    /** Whether a table is bound to the linear address it is hooked at. */
    public static final Knob<Boolean> BACK_POINTERS = Knob.of(
            "pte.back-pointers", Boolean.class, "an L2 or L3 table may be referenced at one linear position only");

    /** Flags of an entry that maps a grant, before R/W, the application bit and the L1 adjustment. */
    public static final Knob<BitMask> GRANT_FLAGS = Knob.of(
            "pte.grant-flags", BitMask.class, "flags of an entry that maps a grant, before R/W and the L1 adjustment");

    /** Whether NX fails where the processor has none; else the entry is stored and its use faults. */
    public static final Knob<Boolean> NX_NEEDS_PROCESSOR =
            Knob.of("pte.nx-needs-processor", Boolean.class, "NX in a present entry fails on a processor without NX");

    /** Whether the boot option that permits superpages exists. */
    public static final Knob<Boolean> SUPERPAGE_OPTION = Knob.of(
            "pte.superpage-option", Boolean.class, "with the boot option allowsuperpage an L2 entry may map 2 MiB");

    /** Whether mappings of device memory are made uncached. */
    public static final Knob<Boolean> DEVICES_UNCACHED = Knob.of(
            "pte.devices-uncached", Boolean.class, "a cached mapping of device memory is stored uncached (XSA-154)");

    /** Whether the read-only set of device frames is respected. */
    public static final Knob<Boolean> READ_ONLY_DEVICES =
            Knob.of("pte.read-only-devices", Boolean.class, "R/W is removed from mappings of read-only device frames");

    /** Whether dom0's right to device memory ends where the processor's machine addresses do. */
    public static final Knob<Boolean> DEVICES_WITHIN_WIDTH = Knob.of(
            "pte.devices-within-width",
            Boolean.class,
            "dom0 may map no frame beyond the machine addresses of the processor");

    /** Whether entries that are not present are looked at for L1TF. */
    public static final Knob<Boolean> L1TF_CHECK = Knob.of(
            "pte.l1tf-check",
            Boolean.class,
            "on a vulnerable host without shadow paging a non-present entry that names memory crashes the domain");

    /** Whether an L2 entry's refusal says what is wrong with the L1 table. */
    public static final Knob<Boolean> L1_REASON_IN_L2 = Knob.of(
            "pte.l1-reason-in-l2",
            Boolean.class,
            "an L2 entry, or a table above, is refused with the errno of the L1 table's entry, else with EINVAL");

    /** Whether a target domain lends its rights to the table's owner. */
    public static final Knob<Boolean> TARGET_LENDS_RIGHTS = Knob.of(
            "pte.target-lends-rights",
            Boolean.class,
            "an L1 entry of another domain than the target may name what the target may manage");

    private PteRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                L1_DISALLOWED,
                L2_DISALLOWED,
                L3_L4_DISALLOWED,
                L1_ADJUSTMENT,
                L2_L3_ADDED,
                L4_ADDED,
                L1_FAST_PATH,
                UPPER_FAST_PATH,
                LINEAR_LEVELS,
                LINEAR_DEPTH_ONE,
                PRECISE_ERRNO,
                BACK_POINTERS,
                GRANT_FLAGS,
                NX_NEEDS_PROCESSOR,
                SUPERPAGE_OPTION,
                DEVICES_UNCACHED,
                READ_ONLY_DEVICES,
                DEVICES_WITHIN_WIDTH,
                L1TF_CHECK,
                L1_REASON_IN_L2,
                TARGET_LENDS_RIGHTS);
    }

    /** What is changed in a present L1 entry before it is stored (abi-reference 1.5). */
    public enum L1Adjustment {
        /** Nothing: the guest sets U/S itself. */
        NONE,
        /**
         * U/S clear: set U/S and bit 52 (a kernel mapping). Then bit 52 clear: set G and U/S (a user mapping, global).
         */
        KERNEL_BIT_52_USER_GLOBAL
    }
}
