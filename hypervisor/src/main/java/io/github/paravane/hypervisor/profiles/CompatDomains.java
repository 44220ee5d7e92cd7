package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.CompatRules.Offer;
import io.github.paravane.api.profile.Quirk;

/** 32-bit domains on the 64-bit hypervisor, by version (abi-reference 8). */
final class CompatDomains {

    private static final long UPPER_FLAGS = 0xFFF0_0000_0000_0000L;

    private CompatDomains() {}

    /** 3.0: none. */
    static void none(AbiProfile.Builder profile) {
        profile.set(CompatRules.OFFERED, Offer.NONE)
                .set(CompatRules.L3_DISALLOWED, Masks.of(UPPER_FLAGS | 0x1E6))
                .set(CompatRules.L3_ADJUSTED_FIRST, true)
                .set(CompatRules.LINEAR_LEVELS, Masks.range(2, 3))
                .set(CompatRules.ROOT_BELOW_4G, true)
                .set(CompatRules.UPPER_HALF_COMPLETED, false)
                .set(CompatRules.FLAT_LIMITS_WIDENED, false)
                .set(CompatRules.SYSCALL_SHOWS_NATIVE_SELECTORS, true);
    }

    /** 3bddff4a58: an entry of the L3 has as few bits as on a native 32-bit hypervisor. */
    static AbiProfile.Builder since31(AbiProfile.Builder profile) {
        // to 4.6 (1f07213779), 4.1 (a61e7a3565)
        return profile.set(CompatRules.OFFERED, Offer.ALWAYS)
                .with(
                        Quirk.VM86_COPY_ENDLESS,
                        Quirk.VM86_CLEARS_IF,
                        // to 3.3 (06efa7c664), 3.2 (2bdf72b25a), 4.9 (55ab172a1f)
                        Quirk.FAILED_ROOT_KEEPS_BITS,
                        Quirk.LONG_MMUEXT_LOSES_PLACE,
                        Quirk.INT80_SURVIVES_RESET);
    }

    /** Neither PWT nor PCD in an L3 entry (3052b875c7); half-written entries are completed (4730f50174). */
    static AbiProfile.Builder since32(AbiProfile.Builder profile) {
        return profile.set(CompatRules.L3_DISALLOWED, Masks.of(UPPER_FLAGS | 0x1FE))
                .set(CompatRules.UPPER_HALF_COMPLETED, true)
                .without(Quirk.LONG_MMUEXT_LOSES_PLACE);
    }

    /** Entries are adjusted after they are validated (bffdfb4175); flat segments reach the larger M2P (7139eef57f). */
    static AbiProfile.Builder since33(AbiProfile.Builder profile) {
        return profile.set(CompatRules.L3_ADJUSTED_FIRST, false)
                .set(CompatRules.FLAT_LIMITS_WIDENED, true)
                .without(Quirk.FAILED_ROOT_KEEPS_BITS);
    }

    /** The bits that the hypervisor and the processor set themselves are allowed in an L3 entry (2f819e06d1). */
    static AbiProfile.Builder since34(AbiProfile.Builder profile) {
        return profile.set(CompatRules.L3_DISALLOWED, Masks.of(UPPER_FLAGS | 0x198));
    }

    /** A refused return to virtual-8086 mode leaves the processor's flags alone (a61e7a3565). */
    static AbiProfile.Builder since41(AbiProfile.Builder profile) {
        return profile.without(Quirk.VM86_CLEARS_IF);
    }

    /** With the native 32-bit hypervisor went the look at how high an L3 table lies (5d1181a5ea). */
    static AbiProfile.Builder since43(AbiProfile.Builder profile) {
        return profile.set(CompatRules.ROOT_BELOW_4G, false);
    }

    /** SMAP, which the entries do not lift. */
    static AbiProfile.Builder since45(AbiProfile.Builder profile) {
        return profile.with(Quirk.FRAME_UNDER_SMAP);
    }

    /** The copy of a frame for virtual-8086 mode ends (1f07213779, XSA-136). */
    static AbiProfile.Builder since46(AbiProfile.Builder profile) {
        return profile.without(Quirk.VM86_COPY_ENDLESS);
    }

    /** No linear entry in an L3 table (c844d637d9, XSA-185); frames on user pages (9f1441487a, XSA-183). */
    static AbiProfile.Builder since48(AbiProfile.Builder profile) {
        return profile.set(CompatRules.LINEAR_LEVELS, Masks.of(1 << 2)).without(Quirk.FRAME_UNDER_SMAP);
    }

    /** A trap table that is cleared has no INT 80h either (55ab172a1f). */
    static AbiProfile.Builder since49(AbiProfile.Builder profile) {
        return profile.without(Quirk.INT80_SURVIVES_RESET);
    }

    /**
     * A SYSCALL frame shows selectors that a 32-bit guest can return to (dba899de14); the old physdev_op has lost its own
     * structures (1252e28231).
     */
    static AbiProfile.Builder since411(AbiProfile.Builder profile) {
        return profile.set(CompatRules.SYSCALL_SHOWS_NATIVE_SELECTORS, false)
                .with(
                        Quirk.OLD_PHYSDEV_WIDE,
                        // with pending exceptions (0c6c2b1428), to 4.14.0 (910093d54f)
                        Quirk.SYSENTER_FAULTS_TWICE);
    }

    /** A build option, and the boot option {@code pv}. */
    static AbiProfile.Builder since415(AbiProfile.Builder profile) {
        return profile.set(CompatRules.OFFERED, Offer.OPTIONAL);
    }

    /** The old physdev_op has them again (834cb87610). */
    static AbiProfile.Builder since416(AbiProfile.Builder profile) {
        return profile.without(Quirk.OLD_PHYSDEV_WIDE);
    }

    /** The look is back (a773adedbd). */
    static AbiProfile.Builder since419(AbiProfile.Builder profile) {
        return profile.set(CompatRules.ROOT_BELOW_4G, true);
    }
}
