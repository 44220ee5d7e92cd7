package io.github.paravane.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class StoryCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new Paravane())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private List<String> lines() {
        return out.toString().lines().map(String::strip).toList();
    }

    private void assertLine(String line) {
        assertTrue(lines().contains(line), () -> "no line '" + line + "' in\n" + out);
    }

    @Test
    void wholeStoryHasTheBlogsLinesAndEndsWithTheTable() {
        assertEquals(0, run("story"));
        assertLine("+08 r11    00000000000002d7");
        assertTrue(lines().stream().anyMatch(line -> line.matches("\\+08 r11 {4}ffff8[0-9a-f]{11} {3}<- .*")));
        assertLine("ffffff01d6f09c00 is ffffff01d6f09c00+0, allocated as a thread structure");
        assertLine("ffffff01c8c98438 is ffffff01c8c983e8+50, bufctl ffffff01c8ebf8d0 allocated from as_cache");
        assertLine("ffffff01d44d7e80 is ffffff01d44d7e80+0, bufctl ffffff01d3a2b388 allocated from kmem_alloc_40");
        assertFalse(out.toString().contains("vn_cache"));
        assertLine("> 600000::vatopfn");
        assertTrue(lines().stream().anyMatch(line -> line.matches("level=0 htable=[0-9a-f]{16} pte=[0-9a-f]+067")));
        assertTrue(lines().stream().anyMatch(line -> line.matches("level=0 htable=[0-9a-f]{16} pte=[0-9a-f]+167")));
        assertEquals(
                "3  PT_GLOBAL missing after lock cmpxchg               fixed      FAULTY     FAULTY     FAULTY     fixed"
                        + "      fixed",
                lines().get(lines().size() - 1));
    }

    @Test
    void oneVersionHasItsOwnColumnOnly() {
        assertEquals(0, run("story", "--abi", "xen-3.1.1"));
        assertLine("1  user %rflags after syscall                         FAULTY");
        assertLine("2  kernel readable: synopsis (PT_USER, lock cmpxchg)  fixed");
        assertFalse(out.toString().contains("xen-3.1.2"));
    }

    @Test
    void versionThatDemandsTheUserBitShowsThePanic() {
        assertEquals(0, run("story", "--abi", "xen-3.0.2"));
        assertTrue(out.toString().contains("the kernel panics: vector 14, error code 1"), out::toString);
    }

    @Test
    void unknownVersionIsWrongUse() {
        assertEquals(2, run("story", "--abi", "xen-2.0"));
        assertEquals("", out.toString());
        assertTrue(err.toString().startsWith("no ABI is named 'xen-2.0'; there are: xen-3.0.2, "), err::toString);
    }
}
