package io.github.paravane.testkit.inspect;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that the tables of a guest map, found by one pass over them: each table once, whoever links it. Bounded by the number
 * of frames: a table that links itself is not entered again.
 */
final class TableMap {

    private static final int SLOTS = 512;
    private static final int FIRST_HYPERVISOR_SLOT = 256;
    private static final int FIRST_KERNEL_SLOT = 272;

    private final MachineMemory memory;
    private final Map<Long, Table> tables = new LinkedHashMap<>();
    private final Map<Long, List<Leaf>> leaves = new HashMap<>();

    /**
     * A table.
     *
     * @param mfn its frame
     * @param level 0 for one of leaf entries, 3 for a root
     * @param linear first address that it maps
     * @param root the root under which it was found first
     */
    record Table(long mfn, int level, long linear, long root) {}

    /** An entry that maps a page. */
    record Leaf(long linear, long entry, long root) {}

    TableMap(MachineMemory memory, List<Long> roots) {
        this.memory = memory;
        for (long root : roots) {
            add(root);
        }
    }

    private void add(long root) {
        Deque<Table> waiting = new ArrayDeque<>();
        waiting.add(new Table(root, 3, 0, root));
        while (!waiting.isEmpty()) {
            Table table = waiting.remove();
            if (table.mfn >= memory.frames() || tables.putIfAbsent(table.mfn, table) != null) {
                continue;
            }
            for (int slot = 0; slot < SLOTS; slot++) {
                boolean hypervisor = table.level == 3 && slot >= FIRST_HYPERVISOR_SLOT && slot < FIRST_KERNEL_SLOT;
                long entry = memory.readU64((table.mfn << 12) + 8L * slot);
                if (Pte.isPresent(entry) && !hypervisor) {
                    visit(table, slot, entry, waiting);
                }
            }
        }
    }

    private void visit(Table table, int slot, long entry, Deque<Table> waiting) {
        long linear = linear(table, slot);
        if (table.level == 0 || (entry & Pte.PSE) != 0) {
            leaves.computeIfAbsent(Pte.mfn(entry), mfn -> new ArrayList<>()).add(new Leaf(linear, entry, table.root));
        } else {
            waiting.add(new Table(Pte.mfn(entry), table.level - 1, linear, table.root));
        }
    }

    /** The canonical address that a slot of a table maps first. */
    static long linear(Table table, int slot) {
        long linear = table.linear | (long) slot << 12 + 9 * table.level;
        return linear << 16 >> 16;
    }

    Map<Long, Table> tables() {
        return tables;
    }

    /** The entries that map a frame. */
    List<Leaf> leaves(long mfn) {
        return leaves.getOrDefault(mfn, List.of());
    }

    /** The frames that are mapped. */
    Iterable<Long> mapped() {
        return leaves.keySet();
    }
}
