package io.github.paravane.api.cpu;

import java.util.HexFormat;

/** A gap of this library, not a guest's mistake: an instruction or a form of one that is not implemented. */
public final class EmulationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final long rip;
    private final byte[] bytes;

    /** What is missing. */
    public enum Reason {
        /** The opcode is known and not implemented. */
        INSTRUCTION,
        /** The instruction is implemented, this form of it is not. */
        INSTRUCTION_FORM,
        /** The mode the guest switched to is not implemented. */
        MODE
    }

    /**
     * @param rip where the instruction lies
     * @param bytes its bytes as far as fetched
     */
    public EmulationException(Reason reason, long rip, byte[] bytes) {
        super(reason + " at 0x" + Long.toHexString(rip) + ": "
                + HexFormat.ofDelimiter(" ").formatHex(bytes));
        this.reason = reason;
        this.rip = rip;
        this.bytes = bytes.clone();
    }

    /** What is missing. */
    public Reason reason() {
        return reason;
    }

    /** Where the instruction lies. */
    public long rip() {
        return rip;
    }

    /** A copy of the instruction's bytes, as far as fetched. */
    public byte[] bytes() {
        return bytes.clone();
    }
}
