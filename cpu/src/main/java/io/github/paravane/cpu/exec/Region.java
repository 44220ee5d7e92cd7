package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** Blocks of one page, entered at the first of them, that run as one. It belongs to the first block. */
final class Region {

    /** The instructions of all blocks. */
    final Insn[] code;

    final TranslatedRegion body;

    /**
     * Short runs that the JVM counts before it compiles the class: as long as it interprets it, going round in circles
     * inside takes longer than coming back.
     */
    private static final int SHORT_RUNS = 1000;

    private int runs;
    /** By index in {@link #code}: the index of the first instruction of the same block. */
    private final int[] firstOfBlock;

    Region(RegionPlan plan, TranslatedRegion body) {
        code = plan.code();
        firstOfBlock = plan.firstOfBlock();
        this.body = body;
    }

    /** Whether a run, which this counts, should be of one block only. */
    boolean isNew() {
        boolean isNew = runs < SHORT_RUNS;
        if (isNew) {
            runs++;
        }
        return isNew;
    }

    /** Instructions of a block that come before one of them. */
    int before(int position) {
        return position - firstOfBlock[position];
    }
}
