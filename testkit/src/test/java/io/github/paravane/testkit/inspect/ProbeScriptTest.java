package io.github.paravane.testkit.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.testkit.guest.KernelFunction;
import io.github.paravane.testkit.guest.KernelFunction.Path;
import io.github.paravane.testkit.guest.ModelKernel;
import io.github.paravane.testkit.guest.ModelMachine;
import io.github.paravane.testkit.guest.StorySystem;
import io.github.paravane.testkit.guest.UserProgram;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probe scripts, and scenario S5: the pipeline of the story with values instead of text. */
class ProbeScriptTest {

    private static final String BLOGS = "fbt:genunix::entry /arg0 > `kernelbase/ { printf(\"%p \", arg0); }";
    private static final long ADDRESS = 0xFFFF_FF01_D6F0_9C00L;

    private static String fired(String script, String module, String name, long argument) {
        return ProbeScript.parse(script).fire(new KernelFunction(module, name, argument, Path.SYSCALL));
    }

    @Test
    void scriptOfTheStory() {
        assertEquals("ffffff01d6f09c00 ", fired(BLOGS, "genunix", "avl_find", ADDRESS));
        assertEquals("", fired(BLOGS, "unix", "resume", ADDRESS));
        assertEquals("", fired(BLOGS, "genunix", "copyin", 0x60_0000));
        assertEquals("", fired(BLOGS, "genunix", "copyin", 0xFFFF_FD80_0000_0000L));
    }

    @Test
    void predicatesAndFormats() {
        assertEquals("", fired("fbt:::entry", "unix", "resume", 1));
        assertEquals("x", fired("fbt::avl_*:entry { printf(\"x\") }", "genunix", "avl_find", 1));
        assertEquals("", fired("fbt::avl_?:entry { printf(\"x\") }", "genunix", "avl_find", 1));
        assertEquals("ab", fired("fbt:::entry{printf(\"a\");printf(\"b\");}", "genunix", "avl_find", 1));
        assertEquals(
                "genunix`avl_find\t255 ff -1% \"\n",
                fired(
                        "fbt:::entry /arg0 == 255 || arg0 == 0x10/ "
                                + "{ printf(\"%s`%s\\t%u %x %d%% \\\"\\n\", probemod, probefunc, arg0, arg0, 0xffffffffffffffff); }",
                        "genunix", "avl_find", 255));
        assertEquals("y", fired("fbt:::entry /arg0 >= 1 && arg0 <= 1 && arg0 != 2/{printf(\"y\")}", "m", "f", 1));
        assertEquals("", fired("fbt:::entry /arg0 < 1/{printf(\"y\")}", "m", "f", -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "syscall:::entry",
                "fbt::entry",
                "fbt:::return",
                "fbt:::entry /arg0/ { }",
                "fbt:::entry /probefunc > 1/",
                "fbt:::entry /arg1 > 1/",
                "fbt:::entry { printf(\"%p\"); }",
                "fbt:::entry { printf(\"%q\", arg0); }",
                "fbt:::entry { printf(\"%",
                "fbt:::entry { trace(arg0); }",
                "fbt:::entry { printf(\"\") } more",
                "fbt:::entry { printf(\"a\") printf(\"b\") }",
            })
    void wrongScriptsAreRefused(String script) {
        assertThrows(IllegalArgumentException.class, () -> ProbeScript.parse(script));
    }

    @ParameterizedTest
    @EnumSource
    void pipelineNamesWhatLeaksAndNothingElse(StorySystem system) {
        ProbeScript script = ProbeScript.parse(BLOGS);
        Set<String> addresses = new TreeSet<>();
        ModelKernel<?> watched = system.kernel();
        watched.onEntry(function -> addresses.add(script.fire(function).strip()))
                .run("workload", UserProgram.touchAndCall(3));
        new ModelMachine(system.profile(), watched).play();
        addresses.remove("");

        ModelKernel<?> read = system.kernel();
        addresses.forEach(address -> read.run(address, UserProgram.readkernPrinting(address)));
        ModelMachine machine = new ModelMachine(system.profile(), read);
        machine.play();
        Mdb mdb = new Mdb(Inspector.of(machine.domain(), GuestKnowledge.of(read)));
        List<String> lines = read.ends().values().stream()
                .flatMap(end -> end.output().lines())
                .flatMap(address -> mdb.execute(address + "::whatis").stream())
                .toList();

        boolean leaks = system == StorySystem.SOLARIS_OLD || system == StorySystem.BLOG_ORDER;
        assertEquals(
                leaks
                        ? List.of(
                                "ffffff01c8c98438 is ffffff01c8c983e8+50, bufctl ffffff01c8ebf8d0 allocated from as_cache",
                                "ffffff01d44d7e80 is ffffff01d44d7e80+0, bufctl ffffff01d3a2b388 allocated from kmem_alloc_40",
                                "ffffff01d6f09c00 is ffffff01d6f09c00+0, allocated as a thread structure")
                        : List.of(),
                lines);
        assertEquals(5, addresses.size());
        assertEquals(addresses.size(), read.ends().size());
    }

    @Test
    void systemsHaveNames() {
        assertEquals(StorySystem.BLOG_ORDER, StorySystem.find("blog-order").orElseThrow());
        assertEquals(true, StorySystem.find("hurd").isEmpty());
    }
}
