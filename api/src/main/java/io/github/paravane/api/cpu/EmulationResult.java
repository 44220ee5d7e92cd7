package io.github.paravane.api.cpu;

import org.jspecify.annotations.Nullable;

/**
 * How the emulation of one instruction ended.
 *
 * @param kind the case
 * @param trap for {@link Kind#TRAP} what the guest is to get; null otherwise
 */
public record EmulationResult(Kind kind, @Nullable Trap trap) {

    /** The cases. */
    public enum Kind {
        /** Executed; registers are committed. */
        DONE,
        /** A hook refused, or the instruction is none the emulator knows; nothing changed. */
        UNHANDLEABLE,
        /** The instruction raises an exception; nothing changed. */
        TRAP
    }

    /** Executed. */
    public static final EmulationResult DONE = new EmulationResult(Kind.DONE, null);

    /** Refused. */
    public static final EmulationResult UNHANDLEABLE = new EmulationResult(Kind.UNHANDLEABLE, null);

    /** Raises {@code trap}. */
    public static EmulationResult trap(Trap trap) {
        return new EmulationResult(Kind.TRAP, trap);
    }
}
