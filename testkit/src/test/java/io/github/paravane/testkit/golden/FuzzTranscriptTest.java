package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * everything that it was answered and everything that is in its tables. The transcripts have 20,000 operations for each
 * seed; here the first 1,536 of some seeds are replayed. All of
 * them, which takes seconds for each seed:
 *
 * <pre>paravane oracle compare fuzz/fuzz.elf.gz fuzz</pre>
 */
@Timeout(120)
class FuzzTranscriptTest {

    /** Transcripts, and how many seeds are replayed of each, evenly spread over it. */
    private static final Map<String, Integer> REPLAYED =
            new TreeMap<>(Map.of("xen-4.14-dom0.txt.gz", 2, "xen-4.17-domU.txt.gz", 3, "xen-4.20-dom0.txt.gz", 2));

    private static final int OPERATIONS = 1536;
    private static final Pattern PROGRESS = Pattern.compile("FUZZ (\\d+) .*");

    static Stream<Arguments> runs() throws IOException {
        Stream.Builder<Arguments> runs = Stream.builder();
        for (Map.Entry<String, Integer> each : REPLAYED.entrySet()) {
            Transcript transcript = Transcript.parse(new String(resource(each.getKey()), StandardCharsets.US_ASCII));
            List<Transcript.Run> all = transcript.runs();
            int replayed = each.getValue();
            IntStream.range(0, replayed)
                    .forEach(i -> runs.add(Arguments.of(transcript, all.get(i * (all.size() - 1) / (replayed - 1)))));
        }
        return runs.build();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void theFirstOperationsAreAsRecorded(Transcript transcript, Transcript.Run recorded) throws IOException {
        TranscriptReplay replay = TranscriptReplay.of(
                        AbiProfiles.find(transcript.value(Transcript.ABI).orElseThrow())
                                .orElseThrow(),
                        GuestImage.of(resource("fuzz.elf.gz")))
                .onQemu()
                .privileged(transcript.isControlDomain())
                .memory(transcript.memory().orElse(64L << 20))
                .firmware(transcript.firmware())
                .limits(RunLimits.none().within(Duration.ofMinutes(1)));
        String shortened = recorded.commandLine().replace("n=20000", "n=" + OPERATIONS);
        TranscriptReplay.Outcome outcome = replay.run(shortened);
        assertEquals(RunResult.Kind.SHUT_DOWN, outcome.result().kind());
        assertEquals(List.of(), outcome.auditFindings());
        List<String> printed = outcome.printed().keeping(transcript.kept()).lines();
        List<String> expected = progress(recorded.lines());
        assertFalse(expected.isEmpty());
        assertEquals(expected, progress(printed), recorded.commandLine());
    }

    /** The lines about the operations replayed: one every 256, unless the guest skips just that operation. */
    private static List<String> progress(List<String> lines) {
        return lines.stream()
                .filter(line -> {
                    Matcher matcher = PROGRESS.matcher(line);
                    return matcher.matches() && Integer.parseInt(matcher.group(1)) <= OPERATIONS;
                })
                .toList();
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
