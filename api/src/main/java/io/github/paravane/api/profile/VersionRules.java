package io.github.paravane.api.profile;

import java.util.List;

/** Knobs: numbers, names and features that a guest can ask for (abi-reference 3.0, 3.12, 3.17, 3.18, 6). */
public final class VersionRules {

    /** Major version. */
    public static final Knob<Integer> MAJOR = Knob.of("version.major", Integer.class, "XENVER_version, high half");

    /** Minor version. */
    public static final Knob<Integer> MINOR = Knob.of("version.minor", Integer.class, "XENVER_version, low half");

    /** Extra version, starting with a dot. */
    public static final Knob<String> EXTRA = Knob.of("version.extra", String.class, "XENVER_extraversion");

    /** Capabilities string. */
    public static final Knob<String> CAPABILITIES =
            Knob.of("version.capabilities", String.class, "XENVER_capabilities");

    /** XENFEAT bits of submap 0 for an unprivileged PV64 domain. */
    public static final Knob<BitMask> FEATURES =
            Knob.of("version.features", BitMask.class, "XENFEAT bits of submap 0 for a plain PV64 domain");

    /** The hypercalls that exist. */
    public static final Knob<HypercallNames> HYPERCALLS =
            Knob.of("version.hypercalls", HypercallNames.class, "the hypercalls that exist");

    /** How a hypercall number is decoded: 0 for a range check against 64, else a mask. */
    public static final Knob<BitMask> HYPERCALL_MASK = Knob.of(
            "version.hypercall-mask",
            BitMask.class,
            "and-ed with a hypercall number first; all ones: 64 and up is ENOSYS");

    /** vm_assist types that exist, as bits. */
    public static final Knob<BitMask> ASSISTS =
            Knob.of("version.assists", BitMask.class, "vm_assist types that a PV64 domain may enable; bit n = type n");

    /** Highest hypervisor CPUID leaf, 0 if there are none. */
    public static final Knob<BitMask> LAST_CPUID_LEAF =
            Knob.of("version.last-cpuid-leaf", BitMask.class, "highest hypervisor CPUID leaf, 0 without any");

    /** Whether start_info has first_p2m_pfn, and INIT_P2M and MOD_START_PFN are honoured. */
    public static final Knob<Boolean> START_INFO_P2M_FIELDS =
            Knob.of("version.start-info-p2m-fields", Boolean.class, "start_info has first_p2m_pfn and nr_p2m_frames");

    /** Whether shared_info has wc_sec_hi. */
    public static final Knob<Boolean> WIDE_WALL_CLOCK =
            Knob.of("version.wide-wall-clock", Boolean.class, "shared_info has the high half of the wall clock");

    /** Event-channel operations that exist, as bits. */
    public static final Knob<BitMask> EVENT_OPS =
            Knob.of("version.event-ops", BitMask.class, "event_channel_op commands that exist; bit n = command n");

    /** vcpu_op operations that exist, as bits. */
    public static final Knob<BitMask> VCPU_OPS =
            Knob.of("version.vcpu-ops", BitMask.class, "vcpu_op commands that exist; bit n = command n");

    /** sched_op operations that exist, as bits. */
    public static final Knob<BitMask> SCHED_OPS =
            Knob.of("version.sched-ops", BitMask.class, "sched_op commands that exist; bit n = command n");

    /** memory_op operations that exist, as bits. */
    public static final Knob<BitMask> MEMORY_OPS =
            Knob.of("version.memory-ops", BitMask.class, "memory_op commands that exist; bit n = command n");

    /** Commands of xen_version that exist, as bits. */
    public static final Knob<BitMask> VERSION_OPS =
            Knob.of("version.version-ops", BitMask.class, "xen_version commands that exist; bit n = command n");

    /** Whether an unprivileged domain may read the hypervisor's command line. */
    public static final Knob<Boolean> COMMAND_LINE_DENIED =
            Knob.of("version.command-line-denied", Boolean.class, "XENVER_commandline tells a plain domain nothing");

    /** Whether the hypercall page is filled with INT3 before the stubs are written. */
    public static final Knob<Boolean> HYPERCALL_PAGE_FILLED = Knob.of(
            "version.hypercall-page-filled", Boolean.class, "bytes between the hypercall page's stubs become int3");

    /** Whether the toolstack grants the rings of console and store. */
    public static final Knob<Boolean> RINGS_GRANTED = Knob.of(
            "version.rings-granted",
            Boolean.class,
            "references 0 and 1 of a new domain grant the rings of console and store to domain 0, which maps them");

    /** What mod_len counts. */
    public static final Knob<Boolean> RAMDISK_IN_PAGES = Knob.of(
            "version.ramdisk-in-pages",
            Boolean.class,
            "mod_len is rounded up to whole pages, for a domain that tools build");

    private VersionRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                MAJOR,
                MINOR,
                EXTRA,
                CAPABILITIES,
                FEATURES,
                HYPERCALLS,
                HYPERCALL_MASK,
                ASSISTS,
                LAST_CPUID_LEAF,
                START_INFO_P2M_FIELDS,
                WIDE_WALL_CLOCK,
                EVENT_OPS,
                VCPU_OPS,
                SCHED_OPS,
                MEMORY_OPS,
                VERSION_OPS,
                COMMAND_LINE_DENIED,
                HYPERCALL_PAGE_FILLED,
                RAMDISK_IN_PAGES,
                RINGS_GRANTED);
    }
}
