package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;
import org.jspecify.annotations.Nullable;

/** Instructions that follow each other within one frame, decoded once. Only the last one may change RIP. */
final class Block {
    /** Stands where the first instruction reaches into the next page: it cannot be in a block. */
    static final Block CROSSING = new Block(new Insn[] {new Insn()});

    final Insn[] code;
    /** Bytes from the first instruction to the end of the last. */
    final int length;

    /** How often it ran, until that is very often. */
    int runs;
    /** Its translation, once it has run often. */
    @Nullable
    TranslatedBlock translation;
    /** The region that it begins, once it has run very often. */
    @Nullable
    Region region;

    Block(Insn[] code) {
        this.code = code;
        this.length = code[code.length - 1].end;
    }
}
