package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoCommandTest {

    private static String demo(String input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream console = new PrintStream(out, true, StandardCharsets.ISO_8859_1);
        int status = new DemoCommand(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)), console, console)
                .call();
        assertEquals(0, status);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void echoesUntilQuit() {
        assertEquals(
                "Hello from a PV domain. Type lines, quit to leave.\n> hello\nyou said: hello\n> quit\nGoodbye.\n",
                demo("hello\nquit\nmore\n"));
    }

    @Test
    void endOfInputPowersOff() {
        assertEquals("Hello from a PV domain. Type lines, quit to leave.\n> Goodbye.\n", demo(""));
    }

    @Test
    void moreThanTheRingHoldsArrivesInOrder() {
        StringBuilder input = new StringBuilder();
        StringBuilder expected = new StringBuilder("Hello from a PV domain. Type lines, quit to leave.\n> ");
        for (int n = 0; n < 2000; n++) {
            input.append(n).append('\n');
            expected.append(n).append("\nyou said: ").append(n).append("\n> ");
        }
        assertEquals(expected.append("Goodbye.\n").toString(), demo(input.toString()));
    }
}
