package io.github.paravane.samples.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.book.BookText.Row;
import io.github.paravane.samples.book.BookText.Section;
import io.github.paravane.samples.rules.SourceTree;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.KnownBugs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the book is proved by a test or a known bug that exists. */
class AbiBookTest {

    private static Set<String> proofs() throws IOException {
        Set<String> names =
                new HashSet<>(KnownBugs.all().stream().map(KnownBug::id).collect(Collectors.toSet()));
        try (Stream<Path> files = Files.walk(SourceTree.root())) {
            files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java"))
                    .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
        }
        return names;
    }

    @Test
    void everyRowHasAProofThatExists() throws IOException {
        Set<String> known = proofs();
        Set<String> missing = new TreeSet<>();
        for (Section section : BookText.sections()) {
            assertFalse(section.rows().isEmpty(), section.title());
            for (Row row : section.rows()) {
                for (String proof : row.proofs()) {
                    if (!known.contains(proof)) {
                        missing.add(proof + " of: " + row.cells().get(0));
                    }
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyKnobHasATestThatNamesIt() throws IOException {
        Map<String, String> proofs = BookText.knobProofs();
        Set<String> known = proofs();
        for (Knob<?> knob : AbiProfiles.knobs()) {
            String proof = proofs.get(knob.name());
            assertTrue(proof != null && known.contains(proof), () -> knob.name() + " is proved by " + proof);
        }
        assertEquals(AbiProfiles.knobs().size(), proofs.size(), "no proof of a knob that does not exist");
    }

    @Test
    void everyQuirkOfAVersionHasAKnownBug() {
        for (AbiProfile profile : AbiProfiles.all()) {
            for (Quirk quirk : Quirk.values()) {
                if (profile.has(quirk)) {
                    assertFalse(AbiBook.bugOf(quirk).isEmpty(), () -> quirk + " of " + profile);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.paravane.hypervisor.profiles.AbiProfiles#all")
    void writesEveryKnobOfTheVersion(AbiProfile profile) {
        StringBuilder html = new StringBuilder();
        new AbiBook(profile, (knob, value) -> value.toString(), "frames").write(html);
        String book = html.toString();
        for (Knob<?> knob : profile.values().keySet()) {
            if (!knob.name().startsWith("quirk.")) {
                assertTrue(book.contains("<td>" + knob.name() + "</td>"), knob.name());
            }
        }
        assertEquals(
                profile.get(io.github.paravane.api.profile.VersionRules.HYPERCALLS)
                        .names()
                        .containsKey(32),
                book.contains("32 event_channel_op"));
    }
}
