package io.github.paravane.cpu.exec;

import org.jspecify.annotations.Nullable;

/** The blocks of one machine frame, by the offset of their first byte; dropped as a whole when the frame is written. */
final class CodeFrame {
    private static final int SIZE = 4096;

    final long mfn;
    private final @Nullable Block[] long64 = new Block[SIZE];
    private @Nullable Block @Nullable [] compatibility;

    /** False once the frame was written: no block may start any more. */
    boolean valid = true;

    CodeFrame(long mfn) {
        this.mfn = mfn;
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
