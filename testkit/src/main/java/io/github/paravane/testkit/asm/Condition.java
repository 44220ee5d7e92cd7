package io.github.paravane.testkit.asm;

/** The sixteen conditions of Jcc, SETcc and CMOVcc, in the order of their codes (Intel SDM vol. 1, appendix B). */
public enum Condition {
    /** Overflow. */
    O(0),
    /** No overflow. */
    NO(1),
    /** Below, carry. */
    B(2),
    /** Above or equal, no carry. */
    AE(3),
    /** Equal, zero. */
    E(4),
    /** Not equal, not zero. */
    NE(5),
    /** Below or equal. */
    BE(6),
    /** Above. */
    A(7),
    /** Sign. */
    S(8),
    /** No sign. */
    NS(9),
    /** Parity even. */
    P(10),
    /** Parity odd. */
    NP(11),
    /** Less. */
    L(12),
    /** Greater or equal. */
    GE(13),
    /** Less or equal. */
    LE(14),
    /** Greater. */
    G(15);

    private static final Condition[] BY_CODE = values();

    private final int code;

    Condition(int code) {
        this.code = code;
    }

    /** The low four bits of the opcode. */
    public int code() {
        return code;
    }

    /** The condition with this code, 0 to 15. */
    public static Condition ofCode(int code) {
        return BY_CODE[code];
    }

    /** The condition that holds exactly when this one does not. */
    public Condition negated() {
        return BY_CODE[code ^ 1];
    }
}
