package io.github.paravane.testkit.asm;

/** What an instruction's ModRM byte can name: a general-purpose register or a place in memory. */
public sealed interface Operand permits Gpr, Memory {
    /** Bits read or written, 8 to 128, or 0 for memory whose width the other operand decides. */
    int width();
}
