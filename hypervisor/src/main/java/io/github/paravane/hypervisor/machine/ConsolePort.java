package io.github.paravane.hypervisor.machine;

import java.io.OutputStream;
import java.util.Objects;

/**
 * The host's side of a domain's consoles.
 *
 * @param output takes what the guest writes to its PV console, byte for byte; flushed after each burst
 * @param consoleIo takes what the guest writes with console_io
 * @param input gives bytes typed on the PV console; polled on the machine's thread
 */
public record ConsolePort(OutputStream output, OutputStream consoleIo, Input input) {

    /** Where console input comes from. */
    @FunctionalInterface
    public interface Input {

        /** What {@link #poll} returns when nothing can be read now. */
        int NOTHING = -1;

        /** What {@link #poll} returns when nothing will ever be read again. */
        int END = -2;

        /** The next byte, {@link #NOTHING} or {@link #END}; never blocks. */
        int poll();
    }

    public ConsolePort {
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(consoleIo, "consoleIo");
        Objects.requireNonNull(input, "input");
    }

    /** Output is dropped, input is at its end. */
    public static ConsolePort none() {
        return new ConsolePort(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), () -> Input.END);
    }

    /** Both kinds of output go to {@code output}; input is at its end. */
    public static ConsolePort output(OutputStream output) {
        return new ConsolePort(output, output, () -> Input.END);
    }
}
