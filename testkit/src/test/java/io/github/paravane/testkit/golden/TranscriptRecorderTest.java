package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class TranscriptRecorderTest {

    /** Answers as a runner does: it repeats its options, and heads every run if there are several. */
    private static final String RUNNER = """
            several=0; [ $# -gt 4 ] && several=1
            while [ $# -gt 1 ]; do
              case $1 in
                -V) version=$2; shift 2;;
                -a) [ $several = 1 ] && echo "== $2"; echo "Xen $version runs $2"; shift 2;;
              esac
            done
            echo "end of $(basename $1)"
            """;

    @TempDir
    private Path folder;

    private TranscriptRecorder recorder(String script, int batch) throws IOException {
        Path runner = folder.resolve("runner");
        Files.writeString(runner, script);
        return new TranscriptRecorder(List.of("sh", runner.toString(), "-V", "4.17"), batch, Duration.ofSeconds(20));
    }

    private List<Transcript.Run> record(String script, int batch, String... commandLines)
            throws IOException, InterruptedException {
        return recorder(script, batch).record(Path.of("x/kernel.elf"), List.of(commandLines));
    }

    @Test
    void everyCommandLineIsRun() throws IOException, InterruptedException {
        assertEquals(
                List.of(
                        new Transcript.Run("a b", List.of("Xen 4.17 runs a b")),
                        new Transcript.Run("c", List.of("Xen 4.17 runs c", "end of kernel.elf")),
                        new Transcript.Run("d", List.of("Xen 4.17 runs d", "end of kernel.elf"))),
                record(RUNNER, 2, "a b", "c", "d"));
    }

    @Test
    void aRunnerThatFailsOrLeavesOutARunIsAnError() {
        IOException failed = assertThrows(IOException.class, () -> record("exit 3", 1, "a"));
        assertTrue(failed.getMessage().contains("exit status 3"), failed::getMessage);
        assertThrows(IOException.class, () -> record("echo '== a'", 2, "a", "b"));
        assertThrows(IOException.class, () -> record("echo '== a'; echo '== c'", 2, "a", "b"));
        assertThrows(IOException.class, () -> TranscriptRecorder.answers("", List.of("a")));
    }

    @Test
    void aRunnerThatDoesNotEndIsEnded() {
        TranscriptRecorder recorder =
                new TranscriptRecorder(List.of("sh", "-c", "sleep 60"), 1, Duration.ofMillis(200));
        IOException late = assertThrows(IOException.class, () -> recorder.record(Path.of("k"), List.of("a")));
        assertTrue(late.getMessage().contains("more than"), late::getMessage);
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new TranscriptRecorder(List.of(), 1, second));
        assertThrows(IllegalArgumentException.class, () -> new TranscriptRecorder(List.of("sh"), 0, second));
    }
}
