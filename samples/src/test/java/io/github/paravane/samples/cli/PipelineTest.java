package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line of the story, which ends in three kinds of lines on the faulty kernel and in none on the fixed one. */
class PipelineTest {

    private static final String SCRIPT = "fbt:genunix::entry /arg0 > `kernelbase/ { printf(\"%p \", arg0); }";
    private static final List<String> LINES = List.of(
            "ffffff01d6f09c00 is ffffff01d6f09c00+0, allocated as a thread structure",
            "ffffff01c8c98438 is ffffff01c8c983e8+50, bufctl ffffff01c8ebf8d0 allocated from as_cache",
            "ffffff01d6f09c00 is ffffff01d6f09c00+0, allocated as a thread structure",
            "ffffff01d44d7e80 is ffffff01d44d7e80+0, bufctl ffffff01d3a2b388 allocated from kmem_alloc_40",
            "ffffff01d44d7e80 is ffffff01d44d7e80+0, bufctl ffffff01d3a2b388 allocated from kmem_alloc_40");

    /** In a shell, as it was typed. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void inAShell(@TempDir Path directory) throws IOException, InterruptedException {
        assertEquals(
                LINES,
                bash(
                        directory,
                        "paravane dtrace -qn '" + SCRIPT + "' | \\\n"
                                + "    xargs -n 1 paravane readkern | while read ln; do echo $ln::whatis | paravane mdb -k ; done"));
    }

    /** The same with fewer processes, on the fixed kernel. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void inAShellOnTheFixedKernel(@TempDir Path directory) throws IOException, InterruptedException {
        assertEquals(
                List.of(),
                bash(
                        directory,
                        "export S='--system solaris-new'; paravane dtrace $S -qn '" + SCRIPT
                                + "' | xargs paravane readkern $S | sed 's/$/::whatis/' | paravane mdb $S -k"));
    }

    private static List<String> bash(Path directory, String command) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path paravane = directory.resolve("paravane");
        Files.writeString(
                paravane,
                "#!/bin/sh\nexec '" + java + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
                        + System.getProperty("java.class.path") + "' " + Paravane.class.getName() + " \"$@\"\n");
        assertTrue(paravane.toFile().setExecutable(true));
        Path output = directory.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                .redirectOutput(output.toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().merge("PATH", directory.toString(), (path, mine) -> mine + ":" + path);
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, command);
        assertEquals("", Files.readString(directory.resolve("err")));
        assertEquals(0, process.exitValue());
        return Files.readAllLines(output);
    }

    @Test
    void inOneProcess() {
        assertEquals(LINES, piped("solaris-old"));
        assertEquals(List.of(), piped("solaris-new"));
        assertEquals(List.of(), piped("synopsis"));
    }

    private static List<String> piped(String system) {
        String addresses = run(new Paravane(), "dtrace", "--system", system, "-qn", SCRIPT);
        assertEquals(7, addresses.split(" ").length);
        List<String> readable = new ArrayList<>();
        for (String address : addresses.split(" ")) {
            run(new Paravane(), "readkern", "--system", system, address).lines().forEach(readable::add);
        }
        List<String> lines = new ArrayList<>();
        for (String each : readable) {
            InputStream input = new ByteArrayInputStream((each + "::whatis\n").getBytes(StandardCharsets.UTF_8));
            run(new MdbCommand(input), "-k", "--system", system).lines().forEach(lines::add);
        }
        return lines;
    }

    private static String run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        int status = new CommandLine(command).setOut(new PrintWriter(out)).execute(arguments);
        assertEquals(0, status);
        return out.toString();
    }
}
