package io.github.paravane.testkit.inspect;

import java.util.ArrayList;
import java.util.List;

/**
 * Who maps a frame, as {@code ::report_maps} tells.
 *
 * @param table the table that the frame is, or 0 if it is none
 * @param tableSpace the address space of that table
 * @param maps one for each entry that maps it
 */
public record PageMaps(long table, long tableSpace, List<Map> maps) {

    public PageMaps {
        maps = List.copyOf(maps);
    }

    /**
     * A mapping.
     *
     * @param space the address space: where the kernel sees its root table
     * @param linear the address
     */
    public record Map(long space, long linear) {}

    /** The lines that MDB prints. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (table != 0) {
            lines.add("Pagetable for hat=%x htable=%x".formatted(tableSpace, table));
        }
        maps.forEach(each -> lines.add("hat=%x maps addr=%x".formatted(each.space, each.linear)));
        return lines;
    }
}
