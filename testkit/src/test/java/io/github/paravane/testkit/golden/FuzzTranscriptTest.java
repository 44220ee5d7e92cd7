package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random page-table operations give what they gave on a real Xen: the guest {@code src/test/guests/fuzz.c} prints a hash of
 * everything that it was answered and everything that is in its tables, one every 256 of 20,000 operations. Some runs of
 * each transcript are replayed to the end; the environment variable {@code PARAVANE_FUZZ=all} replays all 300, which takes
 * seconds for each. One of them alone:
 *
 * <pre>paravane oracle compare --only "seed=100 " fuzz/fuzz.elf.gz fuzz</pre>
 *
 * <p>{@code xen-4.17-domU.compared.txt} names the runs that are compared up to a line only.
 */
@Timeout(120)
class FuzzTranscriptTest {

    /** Transcripts, and how many runs are replayed of each, evenly spread over it. */
    private static final Map<String, Integer> REPLAYED =
            new TreeMap<>(Map.of("xen-4.14-dom0", 1, "xen-4.17-domU", 7, "xen-4.20-dom0", 1));

    private static final Pattern PROGRESS = Pattern.compile("FUZZ (\\d+) .*");
    private static final long MEMORY = 64L << 20;

    /**
     * Runs in another memory: with {@link #MEMORY} a random number of theirs is that of one of their frames, which the
     * guest prints by name.
     */
    private static final Map<String, Long> OTHER_MEMORY = Map.of("seed=113 n=20000", 128L << 20);

    static Stream<Arguments> runs() throws IOException {
        Stream.Builder<Arguments> runs = Stream.builder();
        boolean all = "all".equals(System.getenv("PARAVANE_FUZZ"));
        for (Map.Entry<String, Integer> each : REPLAYED.entrySet()) {
            Transcript transcript =
                    Transcript.parse(new String(resource(each.getKey() + ".txt.gz"), StandardCharsets.US_ASCII));
            Map<String, Integer> compared = compared(each.getKey());
            List<Transcript.Run> recorded = transcript.runs();
            int replayed = all ? recorded.size() : each.getValue();
            IntStream.range(0, replayed)
                    .mapToObj(i -> recorded.get(i * recorded.size() / replayed))
                    .forEach(run -> runs.add(Arguments.of(
                            transcript,
                            run,
                            compared.getOrDefault(run.commandLine(), run.lines().size()))));
        }
        return runs.build();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyLineIsAsRecorded(Transcript transcript, Transcript.Run recorded, int compared) throws IOException {
        long memory = OTHER_MEMORY.getOrDefault(
                recorded.commandLine(), transcript.memory().orElse(MEMORY));
        TranscriptReplay replay = TranscriptReplay.of(
                        AbiProfiles.find(transcript.value(Transcript.ABI).orElseThrow())
                                .orElseThrow(),
                        GuestImage.of(resource("fuzz.elf.gz")))
                .onQemu()
                .privileged(transcript.isControlDomain())
                .memory(memory)
                .firmware(transcript.firmware())
                .limits(RunLimits.none().within(Duration.ofMinutes(1)));
        List<String> expected = new ArrayList<>(recorded.lines().subList(0, compared));
        String commandLine = recorded.commandLine();
        if (compared < recorded.lines().size()) {
            Matcher last = PROGRESS.matcher(expected.get(compared - 1));
            assertTrue(last.matches(), expected.get(compared - 1));
            commandLine = commandLine.replace("n=20000", "n=" + last.group(1));
        }
        TranscriptReplay.Outcome outcome = replay.run(commandLine);
        assertEquals(RunResult.Kind.SHUT_DOWN, outcome.result().kind());
        assertEquals(List.of(), outcome.auditFindings());
        List<String> printed =
                new ArrayList<>(outcome.printed().keeping(transcript.kept()).lines());
        if (compared < recorded.lines().size()) {
            assertFalse(printed.isEmpty());
            printed.remove(printed.size() - 1);
        }
        assertEquals(expected, printed, recorded.commandLine());
    }

    /** How many lines are compared of runs of which not all are, by their command line. */
    private static Map<String, Integer> compared(String transcript) throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        String name = transcript + ".compared.txt";
        if (FuzzTranscriptTest.class.getResource("fuzz/" + name) != null) {
            new String(resource(name), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(words -> lines.put("seed=" + words[0] + " n=20000", Integer.parseInt(words[1])));
        }
        return lines;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = FuzzTranscriptTest.class.getResourceAsStream("fuzz/" + name)) {
            byte[] stored = Objects.requireNonNull(in, name).readAllBytes();
            return name.endsWith(".txt.gz")
                    ? new GZIPInputStream(new ByteArrayInputStream(stored)).readAllBytes()
                    : stored;
        }
    }
}
