package io.github.paravane.testkit.asm;

/** The sixteen conditions of Jcc, SETcc and CMOVcc, in the order of their codes (Intel SDM vol. 1, appendix B). */
public enum Condition {
    /** Overflow. */
    O,
    /** No overflow. */
    NO,
    /** Below, carry. */
    B,
    /** Above or equal, no carry. */
    AE,
    /** Equal, zero. */
    E,
    /** Not equal, not zero. */
    NE,
    /** Below or equal. */
    BE,
    /** Above. */
    A,
    /** Sign. */
    S,
    /** No sign. */
    NS,
    /** Parity even. */
    P,
    /** Parity odd. */
    NP,
    /** Less. */
    L,
    /** Greater or equal. */
    GE,
    /** Less or equal. */
    LE,
    /** Greater. */
    G;

    /** The low four bits of the opcode. */
    int code() {
        return ordinal();
    }

    /** The condition that holds exactly when this one does not. */
    public Condition negated() {
        return values()[ordinal() ^ 1];
    }
}
