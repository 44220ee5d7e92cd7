package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.samples.GuestImages;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** Debian's GRUB for PV domains, on 64 MiB: boots as on the real Xen and answers what is typed. */
@Timeout(180)
class RunGrubTest {

    /** What the real Xen 4.17 shows on the console of a domain without disks, control sequences and blanks left out. */
    private static final List<String> START = List.of(
            "Welcome to GRUB!",
            "error: no such device: /boot/xen/pvboot-x86_64.elf.",
            "error: no such device: /xen/pvboot-x86_64.elf.",
            "error: no such device: /boot/grub/grub.cfg.",
            "error: no such device: /grub/grub.cfg.",
            "GNU GRUB  version 2.06",
            "Minimal BASH-like line editing is supported. For the first word, TAB",
            "lists possible command completions. Anywhere else TAB lists possible",
            "device or file completions.",
            "grub>");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private String run(String typed, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = GuestImages.grub().toString();
        System.arraycopy(options, 0, arguments, 1, options.length);
        ByteArrayInputStream in = new ByteArrayInputStream(typed.getBytes(StandardCharsets.US_ASCII));
        int status = new CommandLine(new RunCommand(in, new PrintStream(out), new PrintStream(err))).execute(arguments);
        assertEquals(0, status, err::toString);
        return out.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "");
    }

    @Test
    void bootsAndAnswers() {
        String screen = run("help\necho typed by a test\nset x=42\necho $x-$grub_platform\nset\nls\nhalt\n");
        int at = 0;
        for (String each : START) {
            at = screen.indexOf(each, at);
            assertTrue(at >= 0, each + " in " + screen);
        }
        String answers = screen.substring(at);
        assertTrue(answers.contains("background_color COLOR"), "help in " + answers);
        assertTrue(answers.contains("\ntyped by a test\r") || answers.contains("\rtyped by a test"), answers);
        assertTrue(answers.contains("42-xen"), answers);
        assertTrue(answers.contains("grub_cpu=x86_64"), "set in " + answers);
        assertTrue(answers.contains("(memdisk) (proc)"), "ls in " + answers);
    }
}
