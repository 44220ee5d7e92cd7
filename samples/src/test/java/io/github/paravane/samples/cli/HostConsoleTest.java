package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.hypervisor.machine.ConsolePort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostConsoleTest {

    @Test
    void everyByteArrivesHoweverSlowTheGuestIs() {
        byte[] typed = new byte[300_000];
        new Random(3).nextBytes(typed);
        HostConsole console =
                new HostConsole(new ByteArrayInputStream(typed), new PrintStream(OutputStream.nullOutputStream()));
        assertEquals(ConsolePort.Input.NOTHING, console.poll());
        console.start(() -> {}, () -> {});
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        int next = console.poll();
        while (next != ConsolePort.Input.END) {
            if (next == ConsolePort.Input.NOTHING) {
                Thread.onSpinWait();
            } else {
                received.write(next);
            }
            next = console.poll();
        }
        console.close();
        assertArrayEquals(typed, received.toByteArray());
    }
}
