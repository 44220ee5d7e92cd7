package io.github.paravane.samples.guest;

import io.github.paravane.hypervisor.machine.ConsolePort;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A typist at a domain's PV console: waits until the output since the last line typed ends with a prompt, then types the
 * next line. What the guest prints decides when input comes, so a run in virtual time is the same every time.
 */
final class ScriptedConsole extends OutputStream implements ConsolePort.Input {

    private record Line(String prompt, String text) {}

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Deque<Line> lines = new ArrayDeque<>();
    private String typing = "";
    private int typed;
    private int since;

    /** Types {@code text} and a carriage return when the output ends with {@code prompt}. */
    ScriptedConsole type(String prompt, String text) {
        lines.add(new Line(prompt, text + "\r"));
        return this;
    }

    ConsolePort port() {
        return new ConsolePort(this, OutputStream.nullOutputStream(), this);
    }

    String output() {
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    /** Lines that were not typed because their prompt never came. */
    int untyped() {
        return lines.size();
    }

    @Override
    public void write(int value) {
        output.write(value);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        output.write(bytes, from, length);
    }

    @Override
    public int poll() {
        if (typed < typing.length()) {
            return typing.charAt(typed++);
        }
        Line next = lines.peek();
        if (next == null || output.size() == since) {
            return NOTHING;
        }
        if (!output().substring(since).endsWith(next.prompt)) {
            return NOTHING;
        }
        since = output.size();
        typing = next.text;
        typed = 0;
        lines.remove();
        return typing.charAt(typed++);
    }
}
