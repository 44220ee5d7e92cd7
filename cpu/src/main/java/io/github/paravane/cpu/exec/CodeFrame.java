package io.github.paravane.cpu.exec;

import org.jspecify.annotations.Nullable;

/**
 * The blocks of one machine frame, by the offset of their first byte; dropped as a whole when the frame is written.
 *
 * <p>A frame that holds code and data that is written all the time is {@link #mixed}: it is not watched, its blocks are
 * single instructions, and each is compared with memory before it runs.
 */
final class CodeFrame {
    private static final int SIZE = 4096;

    final long mfn;
    private final @Nullable Block[] long64 = new Block[SIZE];
    private @Nullable Block @Nullable [] compatibility;

    final boolean mixed;
    /** Instructions that a mixed frame runs before it is tried as a watched one again. */
    int patience = 1 << 18;

    CodeFrame(long mfn, boolean mixed) {
        this.mfn = mfn;
        this.mixed = mixed;
    }

    /** The blocks for a mode. */
    @Nullable
    Block[] blocks(boolean inLong64) {
        if (inLong64) {
            return long64;
        }
        if (compatibility == null) {
            compatibility = new Block[SIZE];
        }
        return compatibility;
    }
}
