package io.github.paravane.testkit.property;

import io.github.paravane.api.memory.MachineMemory;
import java.util.List;

/**
 * Page tables as a value, to be stored into any memory: {@link #TABLES} frames from frame 0 on, each with entries at
 * {@link #INDEXES} only, so that random addresses meet them. An entry may name any of these frames, also its own.
 *
 * @param entries {@code TABLES * INDEXES.size()} values, table by table
 */
public record RandomTables(List<Long> entries) {
    /** Number of frames with tables; the frames behind them are data. */
    public static final int TABLES = 6;

    /** The indexes in a table that hold an entry. */
    public static final List<Integer> INDEXES = List.of(0, 1, 2, 3, 256, 511);

    /** Frames of a memory that fits: the tables and as many data frames again. */
    public static final int FRAMES = 2 * TABLES;

    public RandomTables {
        entries = List.copyOf(entries);
        if (entries.size() != TABLES * INDEXES.size()) {
            throw new IllegalArgumentException("0x" + Integer.toHexString(entries.size()) + " entries");
        }
    }

    /** Stores the tables. */
    public void storeTo(MachineMemory memory) {
        for (int i = 0; i < entries.size(); i++) {
            memory.writeU64(entryMaddr(i), entries.get(i));
        }
    }

    /** The machine address of an entry by its position in the list, which wraps around. */
    public static long entryMaddr(int position) {
        int entry = Math.floorMod(position, TABLES * INDEXES.size());
        long table = entry / INDEXES.size();
        return (table << MachineMemory.FRAME_SHIFT) + INDEXES.get(entry % INDEXES.size()) * 8L;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) != 0) {
                text.append(String.format("%n  0x%x: %016x", entryMaddr(i), entries.get(i)));
            }
        }
        return text.toString();
    }
}
