package io.github.paravane.testkit.paging;

import io.github.paravane.api.paging.PageFault;
import java.util.Map;

/** What a {@link ReferenceWalker} finds. */
public sealed interface WalkOutcome {
    /** For a switch. */
    Kind kind();

    /** The cases. */
    enum Kind {
        /** {@link Translated}. */
        TRANSLATED,
        /** {@link Faulted}. */
        FAULTED
    }

    /**
     * The access is granted.
     *
     * @param maddr the machine address
     * @param pageShift log2 of the size of the page: 12, 21 or 30
     * @param leaf the entry that maps the page, as it was before the walk
     * @param writable whether a store at the same privilege is granted too
     * @param updates entries whose A or D bit the processor sets: machine address to new value
     */
    record Translated(long maddr, int pageShift, long leaf, boolean writable, Map<Long, Long> updates)
            implements WalkOutcome {
        public Translated {
            updates = Map.copyOf(updates);
        }

        @Override
        public Kind kind() {
            return Kind.TRANSLATED;
        }
    }

    /**
     * The access is refused.
     *
     * @param fault why
     */
    record Faulted(PageFault fault) implements WalkOutcome {
        @Override
        public Kind kind() {
            return Kind.FAULTED;
        }
    }
}
