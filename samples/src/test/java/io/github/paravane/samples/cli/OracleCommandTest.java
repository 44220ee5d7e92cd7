package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The oracle commands with a runner that only pretends to have a real Xen. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class OracleCommandTest {

    private static final String PRINTED = "STEP 256 aa\nnoise\nSTEP 512 bb\n";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path kernel = Path.of("");

    @BeforeEach
    void writeKernel() throws IOException {
        kernel = folder.resolve("kernel.elf");
        Files.write(kernel, TestKernels.speakAndEnd(PRINTED, 0));
    }

    private int run(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return new CommandLine(new Paravane())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
    }

    /** A runner that prints for every -a its heading and then {@code printed}. */
    private Path runner(String printed) throws IOException {
        Path file = folder.resolve("runner");
        String text = "#!/bin/sh\nwhile [ $# -gt 1 ]; do case $1 in\n-a) echo \"== $2\"; cat <<'END'\n" + printed
                + "END\nshift 2;;\n*) shift;;\nesac; done\n";
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private Path recorded(String printed, Object... more) throws IOException {
        Path transcript = folder.resolve("transcript.txt");
        List<Object> arguments = new ArrayList<>(List.of("oracle", "record", "--runner", runner(printed)));
        arguments.addAll(List.of("-V", "4.14", "-a", "seed={1..3}", "--xen", "4.14.6", "-o", transcript));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--dom0")) {
            arguments.add("--dom0"); // the kernel speaks by console_io, which a release build takes from dom0 only
        }
        arguments.add(kernel);
        assertEquals(0, run(arguments.toArray()), err::toString);
        return transcript;
    }

    @Test
    void aTranscriptNamesItsOrigin() throws IOException {
        Path transcript = recorded(PRINTED, "--abi", "xen-4.14", "--dom0", "--keep", "STEP .*");
        List<String> lines = Files.readAllLines(transcript);
        assertEquals(
                List.of("# xen: 4.14.6", "# abi: xen-4.14", "# domain: dom0", "# runner: runner -V 4.14"),
                lines.subList(0, 4));
        assertTrue(lines.contains("# kernel-sha256: " + CommandLines.sha256(kernel)), lines::toString);
        assertTrue(lines.contains("# kept: STEP .*"), lines::toString);
        int first = lines.indexOf("== seed=1");
        assertEquals(List.of("STEP 256 aa", "STEP 512 bb", "== seed=2"), lines.subList(first + 1, first + 4));
        assertEquals(first + 9, lines.size());
    }

    @Test
    void memoryAndFirmwareOfTheOtherComputerAreThoseOfTheReplay() throws IOException {
        Path firmware = Files.writeString(folder.resolve("words"), "0 f000ff53f000ff53\n410 227\n");
        Path transcript = recorded(PRINTED, "--memory", "32M", "--firmware", firmware);
        List<String> lines = Files.readAllLines(transcript);
        assertTrue(lines.contains("# memory-kib: 32768"), lines::toString);
        assertTrue(lines.contains("# firmware: 0 f000ff53f000ff53"), lines::toString);
        assertEquals(0, run("oracle", "compare", kernel, transcript), err::toString);
        Files.writeString(firmware, "200000 1\n");
        recorded(PRINTED, "--firmware", firmware);
        assertEquals(2, run("oracle", "compare", kernel, transcript), out::toString);
        assertTrue(err.toString().contains("no memory for firmware: 0x200000"), err::toString);
    }

    @Test
    void equalRunsAreStatus0() throws IOException {
        recorded(PRINTED, "--keep", "STEP .*");
        assertEquals(0, run("oracle", "compare", "-v", "--jobs", 2, kernel, folder), err::toString);
        assertTrue(out.toString().contains("equal   seed=2 (2 lines)"), out::toString);
        assertTrue(out.toString().contains("3 of 3 runs are equal, on xen-4.17"), out::toString);
    }

    @Test
    void aDifferenceIsStatus1WithTheOperationsToLookAt() throws IOException {
        Path transcript = recorded("STEP 256 aa\nnoise\nSTEP 512 other\n");
        Path ours = folder.resolve("ours");
        assertEquals(
                1,
                run(
                        "oracle",
                        "compare",
                        "--only",
                        "=3$",
                        "--window",
                        "from=FROM to=TO",
                        "--ours",
                        ours,
                        kernel,
                        transcript));
        String text = out.toString();
        assertTrue(text.contains("DIFFERS seed=3"), text);
        assertTrue(text.contains("line 3  Xen:  STEP 512 other"), text);
        assertTrue(text.contains("line 3  here: STEP 512 bb"), text);
        assertTrue(text.contains("0 of 1 runs are equal"), text);
        assertEquals("# printed by Paravane\n== seed=3\n" + PRINTED, Files.readString(ours));
    }

    @Test
    void theOperationsToLookAtAreNamed() throws IOException {
        Path transcript = recorded("STEP 256 aa\nSTEP 512 other\n", "--keep", "STEP .*");
        assertEquals(1, run("oracle", "compare", kernel, transcript));
        assertTrue(out.toString().contains("look at: seed=1 vfrom=256 vto=511"), out::toString);
    }

    @Test
    void savedOutputCanBeRecordedLater() throws IOException {
        Path saved = folder.resolve("saved");
        Files.writeString(saved, PRINTED);
        Path transcript = folder.resolve("transcript.txt");
        assertEquals(
                0,
                run("oracle", "record", "--output-of", saved, "-a", "x", "--xen", "4.17.7", "-o", transcript, kernel));
        assertEquals(0, run("oracle", "compare", "--dom0", "--as-processor", "x86", kernel, transcript), out::toString);
        assertEquals(
                1,
                run(
                        "oracle",
                        "record",
                        "--output-of",
                        saved,
                        "-a",
                        "x",
                        "-a",
                        "y",
                        "--xen",
                        "?",
                        "-o",
                        transcript,
                        kernel));
        assertTrue(err.toString().contains("answered"), err::toString);
    }

    @Test
    void wrongUseIsStatus2() throws IOException {
        Path transcript = recorded(PRINTED);
        Files.write(kernel, TestKernels.speakAndEnd(PRINTED + "more\n", 0));
        assertEquals(2, run("oracle", "compare", kernel, transcript));
        assertTrue(err.toString().contains("another kernel"), err::toString);
        assertEquals(2, run("oracle", "compare", kernel, folder.resolve("none.txt")));
        assertEquals(2, run("oracle", "compare", "--jobs", "0", kernel, transcript));
        assertEquals(2, run("oracle"));
        assertEquals(
                2,
                run(
                        "oracle",
                        "record",
                        "--runner",
                        "r",
                        "--xen",
                        "x",
                        "-a",
                        "{3..1}",
                        "-o",
                        folder.resolve("o"),
                        kernel));
        assertEquals(2, run("oracle", "record", "--xen", "x", "-o", folder.resolve("o"), kernel));
    }
}
