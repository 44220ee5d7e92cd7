package io.github.paravane.testkit.guest.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.golden.Transcript;
import io.github.paravane.testkit.golden.TranscriptReplay;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The probe guests print what they printed on a real Xen 4.17 as an unprivileged domain: here the first operations of two
 * seeds. All operations of all seeds, for each guest: {@code paravane probe export NAME -o NAME.elf} and {@code
 * paravane oracle compare NAME.elf NAME-4.17-domu.txt.gz}, with the transcript among this test's resources.
 */
class ProbeTranscriptTest {
    private static final int OPERATIONS = 1024;
    private static final int LINES = OPERATIONS / 256;

    @ParameterizedTest
    @ValueSource(strings = {"memory", "tables", "iret", "segments", "traps", "events"})
    void theFirstOperationsAreThoseOfTheRealXen(String name) throws IOException {
        Transcript transcript = transcript(name);
        assertFalse(transcript.runs().isEmpty());
        byte[] elf = ProbeGuests.find(name).orElseThrow().elf();
        TranscriptReplay replay = TranscriptReplay.of(AbiProfiles.XEN_4_17, GuestImage.of(elf))
                .onQemu()
                .limits(RunLimits.none().instructions(200_000_000));
        for (Transcript.Run run : transcript.runs().subList(0, 2)) {
            String seed = run.commandLine().replaceFirst(" .*", "");
            TranscriptReplay.Outcome outcome = replay.run(seed + " n=" + OPERATIONS);
            assertEquals(RunResult.Kind.SHUT_DOWN, outcome.result().kind());
            assertEquals(List.of(), outcome.auditFindings());
            assertEquals(
                    run.lines().subList(0, LINES), outcome.printed().lines().subList(0, LINES), run.commandLine());
        }
    }

    private static Transcript transcript(String name) throws IOException {
        String file = name + "-4.17-domu.txt.gz";
        try (InputStream in = ProbeTranscriptTest.class.getResourceAsStream(file)) {
            byte[] text = new GZIPInputStream(Objects.requireNonNull(in, file)).readAllBytes();
            return Transcript.parse(new String(text, StandardCharsets.ISO_8859_1));
        }
    }
}
