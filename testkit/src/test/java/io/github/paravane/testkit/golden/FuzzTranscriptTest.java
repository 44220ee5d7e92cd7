package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.Objects;
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
 * seed; here the first 2,560 of some seeds are replayed. All of them:
 *
 * <pre>paravane oracle compare fuzz/fuzz.elf.gz fuzz</pre>
 */
@Timeout(120)
class FuzzTranscriptTest {

    /** Seeds replayed of each transcript, evenly spread over it. */
    private static final int REPLAYED = 5;

    private static final int OPERATIONS = 2560;
    private static final int LINES = OPERATIONS / 256;

    static Stream<Arguments> runs() throws IOException {
        Stream.Builder<Arguments> runs = Stream.builder();
        for (String name : List.of("xen-4.17-domU.txt.gz")) {
            Transcript transcript = Transcript.parse(new String(resource(name), StandardCharsets.US_ASCII));
            List<Transcript.Run> all = transcript.runs();
            IntStream.range(0, REPLAYED)
                    .forEach(i -> runs.add(Arguments.of(transcript, all.get(i * (all.size() - 1) / (REPLAYED - 1)))));
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
                .limits(RunLimits.none().within(Duration.ofMinutes(1)));
        String shortened = recorded.commandLine().replace("n=20000", "n=" + OPERATIONS);
        TranscriptReplay.Outcome outcome = replay.run(shortened);
        assertEquals(RunResult.Kind.SHUT_DOWN, outcome.result().kind());
        assertEquals(List.of(), outcome.auditFindings());
        List<String> printed = outcome.printed().keeping(transcript.kept()).lines();
        assertEquals(recorded.lines().subList(0, LINES), printed.subList(0, LINES), recorded.commandLine());
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
