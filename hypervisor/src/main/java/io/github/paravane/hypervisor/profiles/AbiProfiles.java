package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.QuirkSet;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The PV ABIs that the library knows, oldest first. Every one defines every knob of {@link #knobs()}.
 *
 * <p>{@link #XEN_4_17} is the reference: its behaviour was compared with a real Xen.
 */
public final class AbiProfiles {

    /** Xen 3.0.2 (2006): the guest sets U/S itself. */
    public static final AbiProfile XEN_3_0_2 = Xen30.XEN_3_0_2;

    /** Xen 3.0.3 (2006): U/S, bit 52 and G are set by the hypervisor. */
    public static final AbiProfile XEN_3_0_3 = Xen30.XEN_3_0_3;

    /** Xen 3.0.4 (2006). */
    public static final AbiProfile XEN_3_0_4 = Xen30.XEN_3_0_4;

    /** Xen 3.1.0 (2007). */
    public static final AbiProfile XEN_3_1_0 = Xen31.XEN_3_1_0;

    /** Xen 3.1.1 (2007): r11 of a syscall frame is an address in the hypervisor. */
    public static final AbiProfile XEN_3_1_1 = Xen31.XEN_3_1_1;

    /** Xen 3.1.2 (2007): r11 and the compare-and-exchange of page-table entries are repaired. */
    public static final AbiProfile XEN_3_1_2 = Xen31.XEN_3_1_2;

    /** Xen 3.2 (2008). */
    public static final AbiProfile XEN_3_2 = Xen32.XEN_3_2;

    /** Xen 3.3 (2008). */
    public static final AbiProfile XEN_3_3 = Xen32.XEN_3_3;

    /** Xen 3.4 (2009). */
    public static final AbiProfile XEN_3_4 = Xen32.XEN_3_4;

    /** Xen 4.0 (2010). */
    public static final AbiProfile XEN_4_0 = Xen40.XEN_4_0;

    /** Xen 4.1 (2011). */
    public static final AbiProfile XEN_4_1 = Xen40.XEN_4_1;

    /** Xen 4.2 (2012). */
    public static final AbiProfile XEN_4_2 = Xen40.XEN_4_2;

    /** Xen 4.3 (2013); also 4.4. */
    public static final AbiProfile XEN_4_3 = Xen40.XEN_4_3;

    /** Xen 4.5 (2015). */
    public static final AbiProfile XEN_4_5 = Xen40.XEN_4_5;

    /** Xen 4.6 (2015). */
    public static final AbiProfile XEN_4_6 = Xen40.XEN_4_6;

    /** Xen 4.7 (2016). */
    public static final AbiProfile XEN_4_7 = Xen47.XEN_4_7;

    /** Xen 4.8 (2016). */
    public static final AbiProfile XEN_4_8 = Xen47.XEN_4_8;

    /** Xen 4.9 (2017). */
    public static final AbiProfile XEN_4_9 = Xen47.XEN_4_9;

    /** Xen 4.10 (2017). */
    public static final AbiProfile XEN_4_10 = Xen47.XEN_4_10;

    /** Xen 4.11 (2018). */
    public static final AbiProfile XEN_4_11 = Xen411.XEN_4_11;

    /** Xen 4.12 (2019). */
    public static final AbiProfile XEN_4_12 = Xen411.XEN_4_12;

    /** Xen 4.13 (2019). */
    public static final AbiProfile XEN_4_13 = Xen411.XEN_4_13;

    /** Xen 4.14 (2020). */
    public static final AbiProfile XEN_4_14 = Xen411.XEN_4_14;

    /** Xen 4.15 (2021). */
    public static final AbiProfile XEN_4_15 = Xen415.XEN_4_15;

    /** Xen 4.16 (2021). */
    public static final AbiProfile XEN_4_16 = Xen415.XEN_4_16;

    /** Xen 4.17 (2022): the reference. */
    public static final AbiProfile XEN_4_17 = Xen415.XEN_4_17;

    /** Xen 4.18 (2023). */
    public static final AbiProfile XEN_4_18 = Xen415.XEN_4_18;

    /** Xen 4.19 (2024). */
    public static final AbiProfile XEN_4_19 = Xen415.XEN_4_19;

    /** Xen 4.20 (2025); also 4.21. */
    public static final AbiProfile XEN_4_20 = Xen415.XEN_4_20;

    /** Xen 4.22 (2026). */
    public static final AbiProfile XEN_4_22 = Xen415.XEN_4_22;

    private static final List<AbiProfile> ALL = List.of(
            XEN_3_0_2, XEN_3_0_3, XEN_3_0_4, XEN_3_1_0, XEN_3_1_1, XEN_3_1_2, XEN_3_2, XEN_3_3, XEN_3_4, XEN_4_0,
            XEN_4_1, XEN_4_2, XEN_4_3, XEN_4_5, XEN_4_6, XEN_4_7, XEN_4_8, XEN_4_9, XEN_4_10, XEN_4_11, XEN_4_12,
            XEN_4_13, XEN_4_14, XEN_4_15, XEN_4_16, XEN_4_17, XEN_4_18, XEN_4_19, XEN_4_20, XEN_4_22);

    private static final List<Knob<?>> KNOBS = allKnobs();

    private AbiProfiles() {}

    /** All profiles, oldest first; unmodifiable. */
    public static List<AbiProfile> all() {
        return ALL;
    }

    /** The profile of a name such as {@code xen-4.17}, empty if there is none. */
    public static Optional<AbiProfile> find(String name) {
        return ALL.stream().filter(profile -> profile.name().equals(name)).findFirst();
    }

    /** The knobs that every profile defines, group by group; unmodifiable. */
    public static List<Knob<?>> knobs() {
        return KNOBS;
    }

    private static List<Knob<?>> allKnobs() {
        List<Knob<?>> knobs = new ArrayList<>(PteRules.knobs());
        knobs.addAll(MmuRules.knobs());
        knobs.addAll(MemoryRules.knobs());
        knobs.addAll(GrantRules.knobs());
        knobs.addAll(EntryRules.knobs());
        knobs.addAll(PrivilegedRules.knobs());
        knobs.addAll(CompatRules.knobs());
        knobs.addAll(ServiceRules.knobs());
        knobs.addAll(VersionRules.knobs());
        knobs.addAll(QuirkSet.knobs());
        return Collections.unmodifiableList(knobs);
    }
}
