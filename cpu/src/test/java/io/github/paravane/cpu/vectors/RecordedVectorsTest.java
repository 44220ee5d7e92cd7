package io.github.paravane.cpu.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.cpu.X86Core;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Replays what a real processor did with 200,000 random instructions. */
class RecordedVectorsTest {
    /** Vectors that single instructions at CPL 3 can raise here: #DE #BP #OF #BR #UD #NP #SS #GP #PF #MF #AC #XM. */
    private static final int[] FAULTS = {0, 3, 4, 5, 6, 11, 12, 13, 14, 16, 17, 19};

    private static final List<String> RECORDINGS = List.of("core.vectors", "sse.vectors");

    @Test
    void everyImplementedRowDoesWhatTheProcessorDid() throws IOException {
        replay(X86Core.Translation.NEVER);
    }

    @Test
    void translatedToo() throws IOException {
        replay(X86Core.Translation.ALWAYS);
    }

    @Test
    void inRegionsToo() throws IOException {
        replay(X86Core.Translation.REGIONS);
    }

    private static void replay(X86Core.Translation translation) throws IOException {
        Set<String> replayed = new HashSet<>();
        long cases = 0;
        long[] endings = new long[256];
        for (String name : RECORDINGS) {
            List<String> rows = new ArrayList<>();
            try (InputStream in = Objects.requireNonNull(RecordedVectorsTest.class.getResourceAsStream(name))) {
                Comparison comparison = NativeVectors.replay(in, rows, translation);
                assertEquals("", comparison.report());
                cases += comparison.cases();
                long[] counts = comparison.endings();
                for (int n = 0; n < endings.length; n++) {
                    endings[n] += counts[n];
                }
            }
            replayed.addAll(rows);
        }
        assertTrue(cases >= 200_000, "only " + cases + " cases");
        for (int vector : FAULTS) {
            assertTrue(endings[vector + 1] > 0, "no case raises vector " + vector);
        }
        for (TableRow row : NativeVectors.rows()) {
            assertTrue(replayed.contains(row.key()), "no vectors for row " + row.key() + ": record it");
        }
    }
}
