package io.github.paravane.samples.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The process's terminal in raw mode: keys come one by one, unechoed, control keys included. */
final class Terminal {

    private static final File TTY = new File("/dev/tty");

    private final String saved;
    private final Thread onExit = new Thread(this::restore, "terminal-restore");

    private Terminal(String saved) {
        this.saved = saved;
    }

    /** Puts the terminal into raw mode; null if standard input or output is none, or it cannot be done here. */
    static @Nullable Terminal openRaw() {
        if (!isPresent()) {
            return null;
        }
        String saved = stty("-g");
        if (saved == null) {
            return null;
        }
        Terminal terminal = new Terminal(saved.strip());
        Runtime.getRuntime().addShutdownHook(terminal.onExit);
        // Output keeps its processing, for guests that end lines with a line feed only.
        stty("-icanon", "-echo", "-isig", "-iexten", "-icrnl", "-ixon", "min", "1", "time", "0");
        return terminal;
    }

    /** Whether standard input and output are a terminal. */
    static boolean isPresent() {
        return System.console() != null && TTY.exists() && isTerminal();
    }

    /** Restores the terminal. */
    void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(onExit);
    }

    private void restore() {
        stty(saved);
    }

    /** From JDK 22 on, System.console() exists without a terminal too. */
    private static boolean isTerminal() {
        try {
            return new ProcessBuilder("sh", "-c", "test -t 0 && test -t 1")
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static @Nullable String stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(TTY)
                    .redirectErrorStream(true)
                    .start();
            byte[] output = process.getInputStream().readAllBytes();
            return process.waitFor() == 0 ? new String(output, StandardCharsets.US_ASCII) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
