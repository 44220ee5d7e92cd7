package io.github.paravane.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.samples.core.OwnCore;
import io.github.paravane.samples.guest.AssembledGuest;
import io.github.paravane.samples.guest.EchoKernel;
import io.github.paravane.samples.guest.JavaKernel;
import io.github.paravane.samples.hypercall.ShoutingConsole;
import io.github.paravane.samples.observer.GuestStore;
import io.github.paravane.samples.quickstart.QuickStart;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every sample runs and does what it says. */
class SamplesTest {

    private interface Sample {
        void main(String[] args) throws Exception;
    }

    /** The lines that a sample prints. */
    private static List<String> output(Sample sample, String... args) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            sample.main(args);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void quickStartRunsAKernelFile(@TempDir Path directory) throws Exception {
        Path kernel = Files.write(directory.resolve("kernel.elf"), EchoKernel.image());
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            assertEquals(
                    "Hello from a PV domain. Type lines, quit to leave.",
                    output(QuickStart::main, kernel.toString()).get(0));
        } finally {
            System.setErr(before);
        }
        assertTrue(errors.toString(StandardCharsets.UTF_8).contains("L1 entry "), errors::toString);
    }

    @Test
    void assembledGuestHandlesItsPageFault() throws Exception {
        assertEquals(List.of("page fault handled", "SHUT_DOWN"), output(AssembledGuest::main));
    }

    @Test
    void javaKernelMakesItsPageWritable() throws Exception {
        assertEquals(
                List.of("writing 42 to a read-only page", "the page holds 42", "SHUT_DOWN"), output(JavaKernel::main));
    }

    @Test
    void replacedHypercallShouts() throws Exception {
        assertEquals(
                List.of("WRITING 42 TO A READ-ONLY PAGE", "THE PAGE HOLDS 42", "SHUT_DOWN"),
                output(ShoutingConsole::main));
    }

    @Test
    void ownCoreExecutesItsInstruction() throws Exception {
        List<String> lines = output(OwnCore::main);
        assertEquals("ffffffff80000000 own, 1 retired", lines.get(0));
        assertEquals("ffffffff80000005 own, 2 retired", lines.get(1));
        assertTrue(lines.get(2).startsWith("ffffffff8000000a usual, "), lines.get(2));
        assertEquals("SHUT_DOWN", lines.get(lines.size() - 1));
    }

    @Test
    void transcriptOfAStoreHasItsSteps() throws Exception {
        List<String> kinds = output(GuestStore::main).stream()
                .map(line -> line.startsWith("#") ? "#" : line.replaceAll("\\[.*", ""))
                .toList();
        assertEquals(
                List.of(
                        "#",
                        "#",
                        "#",
                        "TrapRaised",
                        "Bounce",
                        "#",
                        "TrapRaised",
                        "PageTableWrite",
                        "#",
                        "HypercallDone",
                        "#",
                        "PageTableWrite",
                        "Flushed",
                        "HypercallDone",
                        "#",
                        "SHUT_DOWN"),
                kinds);
    }
}
