package io.github.paravane.samples.story;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.samples.story.Matrix.Bug;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The outcome of every run of the story, cell by cell: columns are 3.0.2, 3.0.3, 3.1.0, 3.1.1, 3.1.2, 4.17. */
class MatrixTest {

    private final Matrix matrix = new Matrix();

    @Test
    void whoIsFaultyWhere() {
        assertFaults(Bug.SYSCALL_R11, "fixed fixed fixed FAULTY fixed fixed");
        assertFaults(Bug.LEAK_BLOG_ORDER, "fixed FAULTY FAULTY FAULTY FAULTY FAULTY");
        assertFaults(Bug.LEAK_SYNOPSIS, "fixed fixed fixed fixed FAULTY FAULTY");
        assertFaults(Bug.LEAK_REPAIRED, "fixed fixed fixed fixed fixed fixed");
        assertFaults(Bug.LOST_GLOBAL, "fixed FAULTY FAULTY FAULTY fixed fixed");
    }

    private void assertFaults(Bug bug, String expected) {
        List<String> found = Story.VERSIONS.stream()
                .map(version -> matrix.isFaulty(bug, version) ? "FAULTY" : "fixed")
                .toList();
        assertEquals(Arrays.asList(expected.split(" ")), found, bug.title());
    }

    @Test
    void versionsAreThoseOfTheStory() {
        assertEquals("[xen-3.0.2, xen-3.0.3, xen-3.1.0, xen-3.1.1, xen-3.1.2, xen-4.17]", Story.VERSIONS.toString());
    }

    @Test
    void whatEntriesBecomeAndWhatThatMeans() {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        row(expected, "kernel page, U set    lock cmpxchg", "U-- safe,U-- safe,U-- safe,U-- safe,UG- LEAK,UG- LEAK");
        for (String way : List.of("cmpxchg", "mov", "mmu_update", "update_va_mapping")) {
            row(expected, "kernel page, U set    " + way, "U-- safe,UG- LEAK,UG- LEAK,UG- LEAK,UG- LEAK,UG- LEAK");
        }
        row(
                expected,
                "kernel page, U clear  lock cmpxchg",
                "--- panic,--- panic,--- panic,--- panic,U-K safe,U-K safe");
        for (String way : List.of("cmpxchg", "mov", "mmu_update", "update_va_mapping")) {
            row(expected, "kernel page, U clear  " + way, "--- panic,U-K safe,U-K safe,U-K safe,U-K safe,U-K safe");
        }
        row(expected, "user page             lock cmpxchg", "U-- slow,U-- slow,U-- slow,U-- slow,UG- kept,UG- kept");
        for (String way : List.of("cmpxchg", "mov", "mmu_update", "update_va_mapping")) {
            row(expected, "user page             " + way, "U-- slow,UG- kept,UG- kept,UG- kept,UG- kept,UG- kept");
        }

        assertEquals(expected, matrix.outcomes(Story.VERSIONS));
    }

    private static void row(Map<String, List<String>> rows, String title, String cells) {
        rows.put(title, Arrays.asList(cells.split(",")));
    }
}
