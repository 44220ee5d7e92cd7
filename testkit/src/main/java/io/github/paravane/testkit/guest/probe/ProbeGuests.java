package io.github.paravane.testkit.guest.probe;

import java.util.List;
import java.util.Optional;

/** All probe guests. */
public final class ProbeGuests {
    private static final List<ProbeGuest> ALL = List.of(
            new ProbeGuest(
                    "memory",
                    "memory_op, grant tables, descriptors, LDT and GDT, batches, with valid and invalid arguments",
                    MemoryProbe::elf),
            new ProbeGuest(
                    "tables",
                    "deep and self-mapped page tables, pins, base pointers, conflicts between levels, flushes",
                    TablesProbe::elf),
            new ProbeGuest(
                    "iret",
                    "random frames for the iret hypercall, to user and kernel mode, selectors of random descriptors",
                    IretProbe::elf),
            new ProbeGuest(
                    "segments",
                    "segment loads, LAR, LSL, VERR, VERW, far transfers and IRET with random descriptors",
                    SegmentsProbe::elf),
            new ProbeGuest(
                    "traps",
                    "INT n of every vector, memory operands, privileged instructions, in user and kernel mode",
                    TrapsProbe::elf),
            new ProbeGuest(
                    "events",
                    "entries on top of entries: handlers that fault, events at every boundary, batches cut short",
                    EventsProbe::elf));

    private ProbeGuests() {}

    /** Every probe guest, in a fixed order. */
    public static List<ProbeGuest> all() {
        return ALL;
    }

    /** The one of a name. */
    public static Optional<ProbeGuest> find(String name) {
        return ALL.stream().filter(probe -> probe.name().equals(name)).findFirst();
    }
}
