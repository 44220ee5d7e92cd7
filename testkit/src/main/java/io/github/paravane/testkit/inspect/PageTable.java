package io.github.paravane.testkit.inspect;

import java.util.ArrayList;
import java.util.List;

/**
 * A page table as {@code ::ptable} lists it.
 *
 * @param table where the kernel sees it, its machine address if the kernel does not map it
 * @param level 0 for one of leaf entries
 * @param known whether it is in use as a table, so that its level is certain
 * @param entries those that are present
 */
public record PageTable(long table, int level, boolean known, List<Entry> entries) {

    public PageTable {
        entries = List.copyOf(entries);
    }

    /**
     * An entry.
     *
     * @param index its slot
     * @param linear the first address that it maps
     * @param pte the entry
     */
    public record Entry(int index, long linear, PteInfo pte) {}

    /** The lines that MDB prints. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!known) {
            lines.add("Unknown pagetable - assuming level/addr 0");
        }
        lines.add("htable=" + Long.toHexString(table));
        for (Entry each : entries) {
            lines.add("[%3d] va=%x %s".formatted(each.index, each.linear, each.pte.line()));
        }
        return lines;
    }
}
