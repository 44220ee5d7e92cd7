package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.testkit.advisory.KnownBugs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(120)
class RunCommandTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final StringWriter usage = new StringWriter();
    private InputStream in = InputStream.nullInputStream();

    private int run(byte[] kernel, String... options) throws IOException {
        Path file = folder.resolve("kernel");
        Files.write(file, kernel);
        List<String> arguments = new ArrayList<>(List.of(file.toString()));
        arguments.addAll(List.of(options));
        return run(arguments);
    }

    private int run(List<String> arguments) {
        return new CommandLine(new RunCommand(in, new PrintStream(out), new PrintStream(err)))
                .setErr(new PrintWriter(usage))
                .execute(arguments.toArray(new String[0]));
    }

    private String errors() {
        return err.toString(StandardCharsets.ISO_8859_1);
    }

    /** The guest of a known bug fails where the bug is and nowhere else. */
    @Test
    void kernelRunsOnTheHypervisorOfAKnownBug() throws IOException {
        byte[] guest =
                KnownBugs.find("xsa-167").orElseThrow().guest().orElseThrow().image();
        assertEquals(1, run(guest, "--bug=xsa-167", "--superpages"));
        assertEquals(0, run(guest, "--bug=xsa-167:fixed", "--superpages"));
        assertEquals(0, run(guest, "--bug=xsa-167"));
    }

    @Test
    void consoleIoGoesToStandardErrorByteForByte() throws IOException {
        assertEquals(0, run(TestKernels.speakAndEnd("tab\there\u00ff\n", 0)));
        assertEquals("tab\there\u00ff\n", errors());
        assertEquals(0, out.size());
    }

    @Test
    void aRebootIsAGoodEnd() throws IOException {
        assertEquals(0, run(TestKernels.speakAndEnd("", 1), "--virtual-time"));
    }

    @Test
    void aWatchdogEndsAGuestThatSleeps() throws IOException {
        assertEquals(1, run(TestKernels.sleepUnderWatchdog(), "--virtual-time"));
        assertEquals("paravane: the guest ended with reason 4, watchdog", errors().strip());
    }

    @Test
    void theConsoleIsInputAndOutput() throws IOException {
        byte[] typed = "a line, then\nsomething else\nq".getBytes(StandardCharsets.US_ASCII);
        in = new ByteArrayInputStream(typed);
        assertEquals(0, run(TestKernels.echo()));
        assertEquals(new String(typed, StandardCharsets.US_ASCII), out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void theConsoleWorksInVirtualTimeToo() throws IOException {
        in = new ByteArrayInputStream("xyq".getBytes(StandardCharsets.US_ASCII));
        assertEquals(0, run(TestKernels.echo(), "--virtual-time"));
        assertEquals("xyq", out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void aCrashIsReported() throws IOException {
        assertEquals(1, run(TestKernels.speakAndCrash("before")));
        String report = errors();
        assertTrue(report.startsWith("before"), report);
        assertTrue(report.contains("rip ffffffff800000"), report);
        assertTrue(report.contains("page walk of rip"), report);
        assertTrue(report.contains("console_io("), report);
    }

    @Test
    void aSecondVcpuRunsAndWakesTheFirst() throws IOException {
        assertEquals(0, run(TestKernels.twoVcpus("second"), "--vcpus", "2", "--timeout", "60"), this::errors);
        assertEquals("second", errors());
        assertEquals(1, run(TestKernels.twoVcpus("second")), "there is no second vCPU");
    }

    @Test
    void theTimeLimitEndsALoop() throws IOException {
        assertEquals(124, run(TestKernels.loop(), "--timeout", "0.3"));
    }

    @Test
    void aGuestThatWaitsForNothingEnds() throws IOException {
        assertEquals(1, run(TestKernels.sleep()));
    }

    @Test
    void statistics() throws IOException {
        assertEquals(0, run(TestKernels.speakAndEnd("x", 0), "--stats"));
        for (String each : new String[] {"instructions", "TLB hits", "TLB misses", "PTE writes", "console_io"}) {
            assertTrue(errors().contains(each), each + " in " + errors());
        }
    }

    @Test
    void aTraceHasALineForEachEventAndRepeats() throws IOException {
        Path trace = folder.resolve("trace");
        byte[] kernel = TestKernels.speakAndEnd("x", 0);
        assertEquals(0, run(kernel, "--virtual-time", "--trace", trace.toString()));
        String first = Files.readString(trace);
        assertTrue(first.contains("HypercallDone domain=1 vcpu=0 number=12 name=console_io arguments=(0,1,"), first);
        assertTrue(first.contains("DomainEnded domain=1 reason=poweroff detail=-"), first);
        assertEquals(0, run(kernel, "--virtual-time", "--trace", trace.toString()));
        assertEquals(first, Files.readString(trace));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--memory=many",
                "--memory=1K",
                "--memory=9999999G",
                "--abi=xen-9.9",
                "--bug=xsa-0",
                "--timeout=-1",
                "--vcpus=0",
                "--no-such-option"
            })
    void wrongUse(String option) throws IOException {
        assertEquals(2, run(TestKernels.loop(), option), option);
        assertFalse(usage.toString().isEmpty());
    }

    @Test
    void kernelsThatAreNone() throws IOException {
        assertEquals(2, run(List.of()));
        assertEquals(2, run(List.of(folder.resolve("absent").toString())));
        assertEquals(2, run("not an ELF file".getBytes(StandardCharsets.US_ASCII)));
        usage.getBuffer().setLength(0);
        assertEquals(2, run(new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0, 1, 2}));
        assertEquals(2, run(TestKernels.loop(), "--ramdisk=/no/such/file"));
        assertEquals("", usage.toString(), "what is wrong with a file is one line, without the usage");
        assertTrue(errors().lines().allMatch(line -> line.startsWith("paravane: cannot ")), this::errors);
    }
}
