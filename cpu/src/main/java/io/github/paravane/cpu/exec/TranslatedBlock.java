package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

/** What {@link BlockLoop} does with one sequence of operations, without looking at their numbers. */
abstract class TranslatedBlock {

    /** As {@link BlockLoop#run} of all of {@code code}, whose operations are those of the translation. */
    abstract void run(Core c, Insn[] code);
}
