package io.github.paravane.hypervisor.pagetable;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far the validation of tables has come that was interrupted. */
final class PartialTables {

    private final Map<Long, Progress> tables = new HashMap<>();

    /**
     * Progress in a table.
     *
     * @param next the entry to go on with; those below hold references
     * @param times how often it was interrupted
     * @param resumedAt where it went on after the last of them
     */
    record Progress(int next, int times, int resumedAt) {}

    private static final Progress BEGINNING = new Progress(0, 0, 0);

    void put(long mfn, Progress progress) {
        tables.put(mfn, progress);
    }

    /** Where to begin, or to go on; it is forgotten. */
    Progress take(long mfn) {
        Progress progress = tables.isEmpty() ? null : tables.remove(mfn);
        return progress == null ? BEGINNING : progress;
    }

    /** Entries that hold references, 0 if the table is not here. */
    int held(long mfn) {
        @Nullable Progress progress = tables.get(mfn);
        return progress == null ? 0 : progress.next;
    }
}
