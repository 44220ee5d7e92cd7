package io.github.paravane.api.profile;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/** Knobs: memory_op, and how domains are named in it and in grant_table_op (abi-reference 3.14, 3.15). */
public final class MemoryRules {

    /** Who may name which domain. */
    public static final Knob<DomainLookup> DOMAIN_LOOKUP = Knob.of(
            "memory.domain-lookup",
            DomainLookup.class,
            "what a plain domain gets that names a domain, itself included, by its number in memory_op and grants");

    /** What the extent to go on with means where there is none. */
    public static final Knob<StartExtent> START_EXTENT = Knob.of(
            "memory.start-extent",
            StartExtent.class,
            "what an extent to go on with does to a memory_op command that has none");

    /** Whether the reservation calls refuse another domain with an errno. */
    public static final Knob<Boolean> FOREIGN_RESERVATION_REFUSED = Knob.of(
            "memory.foreign-reservation-refused",
            Boolean.class,
            "the reservation calls answer EPERM to a plain domain that names another one, else the extents done");

    /** Largest order of decrease_reservation. */
    public static final Knob<Integer> MAX_DECREASE_ORDER =
            Knob.of("memory.max-decrease-order", Integer.class, "largest extent order for a plain domain to give back");

    /** Smallest address width of a reservation call. */
    public static final Knob<Integer> MIN_ADDRESS_BITS = Knob.of(
            "memory.min-address-bits",
            Integer.class,
            "a reservation call for addresses of fewer bits does nothing, also where it gives back");

    /** Whether NUMA nodes are a matter of the control domain. */
    public static final Knob<Boolean> NODES_FOR_CONTROL_ONLY = Knob.of(
            "memory.nodes-for-control-only",
            Boolean.class,
            "a plain domain's NUMA node is ignored, and refused if it must be exact; else it counts");

    /** The checks of XENMEM_exchange. */
    public static final Knob<ExchangeChecks> EXCHANGE_CHECKS =
            Knob.of("memory.exchange-checks", ExchangeChecks.class, "which checks exchange makes, in which order");

    /** What remove_from_physmap does for a PV domain. */
    public static final Knob<Boolean> REMOVE_FROM_PHYSMAP_LOOKS = Knob.of(
            "memory.remove-from-physmap-looks",
            Boolean.class,
            "remove_from_physmap of a PV domain's own frame is 0 and of another ENOENT; else refused as a whole");

    /** Whether add_to_physmap knows the space of other domains' frames. */
    public static final Knob<Boolean> FOREIGN_SPACE = Knob.of(
            "memory.foreign-space",
            Boolean.class,
            "add_to_physmap refuses the space of other domains' frames with ENOSYS, before it looks for the domain");

    /** Who is told the real end of the M2P by machphys_mapping. */
    public static final Knob<MachphysEnd> MACHPHYS_END = Knob.of(
            "memory.machphys-end",
            MachphysEnd.class,
            "who is told the machine's last frame by machphys_mapping; others the last that could be");

    /** What set_pod_target and get_pod_target answer to a plain domain. */
    public static final Knob<XenErrno> POD_REFUSAL =
            Knob.of("memory.pod-refusal", XenErrno.class, "errno of the pod_target commands for a plain domain");

    /** Whether the control domain sets targets of PV domains. */
    public static final Knob<Boolean> POD_TAKEN = Knob.of(
            "memory.pod-taken", Boolean.class, "the pod_target commands of the control domain succeed for PV domains");

    /** Whether maximum_gpfn of a domain that has set no maximum is -1. */
    public static final Knob<Boolean> NO_MAXIMUM_IS_MINUS_1 = Knob.of(
            "memory.no-maximum-is-minus-1",
            Boolean.class,
            "maximum_gpfn is -1 where shared_info has no maximum, else 0");

    /** Frames that acquire_resource tells at once. */
    public static final Knob<Integer> RESOURCE_FRAMES = Knob.of(
            "memory.resource-frames",
            Integer.class,
            "most frames of one acquire_resource, more are E2BIG and their number is told to everybody; 0 no limit");

    /** Whether machine_memory_map without a buffer tells the number of entries. */
    public static final Knob<Boolean> MACHINE_MAP_SIZE = Knob.of(
            "memory.machine-map-size",
            Boolean.class,
            "machine_memory_map without a buffer tells the number of entries; else the buffer is at address 0");

    private MemoryRules() {}

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                DOMAIN_LOOKUP,
                START_EXTENT,
                FOREIGN_RESERVATION_REFUSED,
                MAX_DECREASE_ORDER,
                MIN_ADDRESS_BITS,
                NODES_FOR_CONTROL_ONLY,
                EXCHANGE_CHECKS,
                REMOVE_FROM_PHYSMAP_LOOKS,
                MACHPHYS_END,
                POD_REFUSAL,
                NO_MAXIMUM_IS_MINUS_1,
                RESOURCE_FRAMES,
                MACHINE_MAP_SIZE,
                POD_TAKEN,
                FOREIGN_SPACE);
    }

    /** What a domain that is not privileged gets for a domain id other than DOMID_SELF. */
    public enum DomainLookup {
        /** Refused whatever it is. */
        PRIVILEGE_FIRST,
        /** One that does not exist is told as such; the domain's own number is refused like that of another. */
        OWN_NUMBER_IS_FOREIGN,
        /** One that does not exist is told as such; the domain's own number is as good as DOMID_SELF. */
        OWN_NUMBER_IS_SELF
    }

    /** What bits above the command do to a memory_op command that cannot be continued. */
    public enum StartExtent {
        /** Nothing. */
        IGNORED,
        /** The command is unknown: ENOSYS. */
        UNKNOWN,
        /** EINVAL for the common commands, ENOSYS for those of the architecture. */
        INVALID
    }

    /** Which checks XENMEM_exchange makes and in which order; then come the frames. */
    public enum ExchangeChecks {
        /** Sizes, order, width, and no domain but DOMID_SELF; faults of the list of new frames do not count. */
        SELF_ONLY,
        /** Sizes, order, domain: one that does not exist is success; faults of the list do not count. */
        NOBODY_SUCCEEDS,
        /** Sizes, lists, order, domain; a fault of the list is told when all is done. */
        LISTS_CHECKED,
        /** Order, sizes, lists, domain; a fault of the list is told when all is done. */
        ORDER_FIRST,
        /** As ORDER_FIRST; a fault of the list ends the call. */
        FAULT_ENDS,
        /** As FAULT_ENDS; a call with nothing left to do is over after the sizes. */
        NOTHING_LEFT_IS_DONE
    }

    /** Who is told the machine's last frame. */
    public enum MachphysEnd {
        /** Nobody. */
        NOBODY,
        /** Every domain. */
        EVERYBODY,
        /** The control domain. */
        CONTROL
    }
}
