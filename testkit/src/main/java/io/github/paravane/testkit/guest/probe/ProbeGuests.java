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
                    TablesProbe::elf));

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
