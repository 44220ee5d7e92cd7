package io.github.paravane.testkit.guest;

import java.util.List;

/**
 * How a kernel's tables map an address, as the kernel itself reads them.
 *
 * @param linear the address
 * @param levels one per level, the leaf first
 * @param pfn the guest's number of the page, -1 if the kernel does not know it
 * @param mfn the machine's
 */
public record Mapping(long linear, List<Level> levels, long pfn, long mfn) {

    public Mapping {
        levels = List.copyOf(levels);
    }

    /**
     * One level.
     *
     * @param level 0 for the leaf, as Solaris counts
     * @param table where the kernel sees the table
     * @param entry the entry as stored
     */
    public record Level(int level, long table, long entry) {}

    /** The leaf entry. */
    public long leaf() {
        return levels.get(0).entry();
    }

    /** The lines of MDB's {@code ::vatopfn}; {@code htable} is the table itself. */
    public String vatopfn() {
        StringBuilder text = new StringBuilder();
        for (Level each : levels) {
            text.append("\tlevel=%d htable=%x pte=%x%n".formatted(each.level, each.table, each.entry));
        }
        return text.append("Virtual address 0x%x maps pfn 0x%x (mfn 0x%x)%n".formatted(linear, pfn, mfn))
                .toString();
    }
}
