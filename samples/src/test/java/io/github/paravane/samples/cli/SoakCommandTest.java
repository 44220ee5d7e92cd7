package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SoakCommandTest {

    private final StringWriter text = new StringWriter();

    private int run(String... args) {
        PrintWriter out = new PrintWriter(text);
        return new CommandLine(new Paravane()).setOut(out).setErr(out).execute(args);
    }

    @Test
    void guestsEndWithoutDefect() {
        assertEquals(0, run("soak", "guests", "--guests", "40", "--seed", "7"));
        assertTrue(text.toString().contains("40 guests, "), text::toString);
        assertTrue(text.toString().endsWith("no defect" + System.lineSeparator()), text::toString);
    }

    @Test
    void withoutASubjectItIsWrongUse() {
        assertEquals(2, run("soak"));
        assertEquals(2, run("soak", "guests", "--abi", "xen-9"));
    }
}
