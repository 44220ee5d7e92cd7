package io.github.paravane.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GoldenLogTest {
    private static final String TEXT =
            "# probe guest, Xen 4.17\n# recorded 2026-11-01\nuser vec=6 err=0\nkernel vec=d err=8\n# not a comment\n";

    @Test
    void theProvenanceIsOnTop() {
        GoldenLog log = GoldenLog.parse(TEXT);
        assertEquals(List.of("probe guest, Xen 4.17", "recorded 2026-11-01"), log.provenance());
        assertEquals(List.of("user vec=6 err=0", "kernel vec=d err=8", "# not a comment"), log.lines());
        assertEquals(TEXT, log.text());
        assertThrows(IllegalArgumentException.class, () -> log.withProvenance(List.of("two\nlines")));
    }

    @Test
    void outputMayHaveCarriageReturnsAndAnUnfinishedLine() {
        assertEquals(List.of("a", "", "b"), GoldenLog.ofOutput("a\r\n\r\nb").lines());
        assertEquals(List.of(), GoldenLog.ofOutput("").lines());
    }

    @Test
    void differencesNameTheFields() {
        GoldenLog golden = GoldenLog.parse(TEXT);
        GoldenLog actual = GoldenLog.ofOutput("user vec=6 err=0\nkernel vec=e err=8\n");
        GoldenComparison comparison = golden.compareWith(actual, UnaryOperator.identity());
        assertFalse(comparison.isEqual());
        assertEquals(1, comparison.agreeing());
        assertEquals(2, comparison.differences().get(0).number());
        assertEquals(List.of("vec=d|vec=e"), comparison.differences().get(0).fields());
        assertEquals("", comparison.differences().get(1).actual());
        assertTrue(comparison.report().contains("line 2: kernel ... [vec=d|vec=e]"), comparison::report);
    }

    @Test
    void whatMayDifferIsHidden() {
        GoldenLog golden = GoldenLog.parse("took 17 ns\n");
        GoldenComparison comparison =
                golden.compareWith(GoldenLog.ofOutput("took 4 ns\n"), line -> line.replaceAll("[0-9]+ ns", "N ns"));
        assertTrue(comparison.isEqual());
    }
}
