package io.github.paravane.testkit.advisory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the guests of known bugs said on a real Xen: the same files must say the same on the profile of that version. A
 * transcript begins with its provenance, in lines with {@code #}; then comes {@code == ID} and the console, bug by bug.
 */
class RealVerdictsTest {

    static Stream<Arguments> transcripts() {
        return Stream.of(
                Arguments.of("verdicts-4.14-dom0.txt", AbiProfiles.XEN_4_14),
                Arguments.of("verdicts-4.17-dom0.txt", AbiProfiles.XEN_4_17),
                Arguments.of("verdicts-4.17-domu.txt", AbiProfiles.XEN_4_17),
                Arguments.of("verdicts-4.20-dom0.txt", AbiProfiles.XEN_4_20));
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void saysWhatItSaidOnTheRealXen(String name, AbiProfile profile) throws IOException {
        Map<String, String> consoles = read(name);
        assertFalse(consoles.isEmpty(), name);
        for (Map.Entry<String, String> each : consoles.entrySet()) {
            KnownBug bug = KnownBugs.find(each.getKey()).orElseThrow();
            if (name.contains("dom0")) {
                Trial inControlDomain = bug.guest().orElseThrow().inControlDomain();
                bug = new KnownBug(bug.advisory(), bug.faulty(), bug.fixed(), inControlDomain);
            }
            Finding real = GuestTrial.parse(each.getValue());
            assertNotEquals(Outcome.ERROR, real.outcome(), bug.id());
            if (real.outcome() == Outcome.SKIP) {
                // the real host has something that the bug needs to be without, such as a processor with NX,
                // or lacks what it needs
                continue;
            }
            Replay.Result ours = Replay.of(bug).on(profile).play();
            assertEquals(real.outcome(), ours.outcome(), () -> ours + "\non the real one:\n" + each.getValue());
        }
    }

    private static Map<String, String> read(String name) throws IOException {
        Map<String, StringBuilder> consoles = new LinkedHashMap<>();
        try (InputStream file = RealVerdictsTest.class.getResourceAsStream(name)) {
            String text = new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
            StringBuilder console = new StringBuilder();
            for (String line : text.split("\n")) {
                if (line.startsWith("== ")) {
                    console = new StringBuilder();
                    consoles.put(line.substring(3), console);
                } else if (!line.startsWith("#")) {
                    console.append(line).append('\n');
                }
            }
        }
        Map<String, String> result = new LinkedHashMap<>();
        consoles.forEach((id, console) -> result.put(id, console.toString()));
        return result;
    }
}
