package io.github.paravane.api.paging;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries met on the way from a root table to a page, for people and debuggers.
 *
 * @param linear the address walked
 * @param steps one per entry read, root first; none if the root does not exist
 * @param maddr where {@code linear} lies, or -1 if the walk ended early or at a frame that does not exist
 * @param rights RW and USER and-ed, NX or-ed, over all steps
 * @param fault why a plain read at CPL 3 would fail, or null
 */
public record PageWalk(
        long linear,
        List<Step> steps,
        long maddr,
        long rights,
        @Nullable PageFault fault) {

    public PageWalk {
        steps = List.copyOf(steps);
    }

    /**
     * One entry.
     *
     * @param level number of its {@link TableLevel}
     * @param entryMaddr its machine address
     * @param entry its value
     */
    public record Step(int level, long entryMaddr, long entry) {}

    /** Whether the address is mapped at all. */
    public boolean isMapped() {
        return maddr >= 0;
    }
}
