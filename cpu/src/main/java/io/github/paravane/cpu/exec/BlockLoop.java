package io.github.paravane.cpu.exec;

import io.github.paravane.cpu.decode.Insn;

// Generated from opcodes.txt by src/build/generate_dispatch.py; do not edit.
/** The inner loop: the hot operations in one switch, everything else one call away. */
final class BlockLoop {
    private BlockLoop() {}

    /**
     * Executes {@code code[from..to)} until the end, a fault, or {@code attention}. {@code c.position} counts the
     * instructions completed: after a fault it is the index of the one that faulted.
     */
    static void run(Core c, Insn[] code, int from, int to) {
        int n = from;
        try {
            do {
                Insn i = code[n];
                switch (i.op) {
                    default:
                        IntegerDispatch.execute(c, i);
                        break;
                }
                n++;
            } while (n < to && !c.s.attention);
        } finally {
            c.position = n;
        }
    }
}
