package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Commands of {@code paravane mdb}, {@code dtrace} and {@code readkern} by themselves. */
class MdbCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int run(String... arguments) {
        return run(new Paravane(), arguments);
    }

    @Test
    void commandsAsArguments() {
        assertEquals(0, run("mdb", "--system", "linux", "::threadlist -t", "600000::vatopfn -a spin"));
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).endsWith("CMD/LWPID"));
        assertTrue(lines.stream().noneMatch(line -> line.contains(" tq:")));
        assertTrue(lines.get(3).matches("\tlevel=0 htable=ffffffff80[0-9a-f]+ pte=8[0-9a-f]+167"), lines.get(3));
    }

    @Test
    void commandsFromStandardInputGoOnAfterAWrongOne() {
        String typed = "1::nosuch\n\n8::pte\n$q\n8::pte\n";
        int status = run(new MdbCommand(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8))), "-k");
        assertEquals(1, status);
        assertEquals("pte=8: !VALID", out.toString().strip());
        assertEquals(
                "mdb: invalid command '::nosuch': unknown dcmd name",
                err.toString().strip());
    }

    @Test
    void oldEntriesShowTheMissingGlobalBitOnAnotherVersion() {
        assertEquals(0, run("mdb", "--system", "solaris-new", "--abi", "xen-3.1.1", "600000::vatopfn"));
        assertTrue(out.toString().lines().findFirst().orElseThrow().endsWith("067"), out::toString);
    }

    @Test
    void dtraceWithoutQuietNamesTheFunctions() {
        assertEquals(0, run("dtrace", "-n", "fbt::avl_find:entry { printf(\"%p\", arg0); }", "--calls", "2"));
        assertEquals(
                List.of("CPU FUNCTION:NAME", "  0 avl_find:entry ffffff01c8c98438"),
                out.toString().lines().toList());
    }

    @Test
    void wrongUse() {
        assertEquals(2, run("mdb", "--system", "hurd"));
        assertTrue(err.toString().startsWith("no system has the name 'hurd'; there are: solaris-old, "), err::toString);
        assertEquals(2, run("mdb", "--abi", "xen-2.0", "::threadlist"));
        assertEquals(2, run("dtrace", "-n", "syscall:::entry"));
        assertEquals(2, run("dtrace"));
        assertEquals(2, run("dtrace", "--calls", "-1", "-n", "fbt:::entry"));
        assertEquals(2, run("readkern", "xyz"));
        assertEquals(2, run("readkern"));
    }

    @Test
    void kernelThatCannotLiveOnAVersionPanics() {
        assertEquals(1, run("readkern", "--system", "linux", "--abi", "xen-3.0.2", "600000"));
        assertTrue(err.toString().contains("the kernel panicked: vector 14"), err::toString);
        assertEquals(1, run("dtrace", "--system", "linux", "--abi", "xen-3.0.2", "-qn", "fbt:::entry"));
    }
}
