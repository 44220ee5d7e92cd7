package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptTest {
    private static final String TEXT =
            "# abi: xen-4.17\n# domain: dom0\n# kept: .* .*\n== seed=1\nSTEP 10 aa\nSTEP 20 bb\n== seed=2\nSTEP 10 cc\n";

    private static Transcript.Run run(String... lines) {
        return new Transcript.Run("", List.of(lines));
    }

    private static Optional<Transcript.Window> window(Transcript.Run expected, Transcript.Run actual) {
        return expected.window(expected.compareWith(actual));
    }

    @Test
    void provenanceAndRunsAreReadAndWritten() {
        Transcript transcript = Transcript.parse(TEXT);
        assertEquals(
                List.of("seed=1", "seed=2"),
                transcript.runs().stream().map(Transcript.Run::commandLine).toList());
        assertEquals(
                List.of("STEP 10 aa", "STEP 20 bb"), transcript.runs().get(0).lines());
        assertEquals(Optional.of("xen-4.17"), transcript.value(Transcript.ABI));
        assertTrue(transcript.isControlDomain());
        assertFalse(transcript.kept().matcher("oneword").matches());
        assertEquals(TEXT, transcript.text());
    }

    @Test
    void memoryAndFirmwareAreRead() {
        Transcript transcript =
                Transcript.parse("# memory-kib: 2048\n# firmware: ff8 3c\n# firmware: 0 f000ff53f000ff53\n");
        assertEquals(2L << 20, transcript.memory().orElseThrow());
        assertEquals(Map.of(0L, 0xF000_FF53_F000_FF53L, 0xFF8L, 0x3CL), transcript.firmware());
        assertTrue(Transcript.parse("a").memory().isEmpty());
        assertTrue(Transcript.parse("a").firmware().isEmpty());
        Transcript wrong = Transcript.parse("# firmware: 1\n");
        assertThrows(IllegalArgumentException.class, wrong::firmware);
    }

    @Test
    void aRunMayHaveNoHeadingAndNoLines() {
        assertEquals(List.of(run("a", "", "b")), Transcript.parse("a\n\nb\n\n").runs());
        assertEquals(List.of(run()), Transcript.parse("==\n").runs());
        assertEquals(List.of(), Transcript.parse("").runs());
        assertFalse(Transcript.parse("a").isControlDomain());
        assertTrue(Transcript.parse("a").kept().matcher("any thing").matches());
    }

    @Test
    void filesMayBeCompressed(@TempDir Path folder) throws IOException {
        Path plain = folder.resolve("plain.txt");
        Files.writeString(plain, TEXT);
        Path packed = folder.resolve("packed.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(plain, out);
        }
        assertEquals(Transcript.parse(TEXT), Transcript.read(plain));
        assertEquals(Transcript.parse(TEXT), Transcript.read(packed));
        Files.writeString(plain, "");
        assertEquals(List.of(), Transcript.read(plain).runs());
        assertThrows(IOException.class, () -> Transcript.read(folder.resolve("none")));
    }

    @Test
    void onlyLinesThatMatchInFullAreKept() {
        assertEquals(run("STEP 2"), run("STEP 2", "a STEP 2", "STEP 2 b").keeping(Pattern.compile("STEP \\d")));
    }

    @Test
    void theWindowLiesBetweenTheLastEqualCountAndTheFirstThatDiffers() {
        Transcript.Run expected = run("STEP 10 aa", "STEP 20 bb", "END hash=1");
        assertEquals(Optional.empty(), window(expected, expected));
        assertEquals(Optional.of(new Transcript.Window(0, 9)), window(expected, run("STEP 10 xx")));
        assertEquals(Optional.of(new Transcript.Window(10, 19)), window(expected, run("STEP 10 aa", "trap")));
        assertEquals(Optional.empty(), window(expected, run("STEP 10 aa", "STEP 20 bb", "END hash=2")));
        assertEquals(Optional.empty(), window(run(), run("more")));
        assertEquals(Optional.empty(), window(run("word"), run("other")));
    }
}
