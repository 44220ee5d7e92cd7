package io.github.paravane.testkit.advisory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BugReportTest {

    private static final List<KnownBug> BUGS = List.of(
            KnownBugs.find("b28b3c245a").orElseThrow(),
            KnownBugs.find("xsa-193").orElseThrow());

    private static String report() {
        StringBuilder html = new StringBuilder();
        BugReport.write(
                BugMatrix.play(
                        BUGS, List.of(AbiProfiles.XEN_3_1_1, AbiProfiles.XEN_4_7, AbiProfiles.XEN_4_17), result -> {}),
                html);
        return html.toString();
    }

    @Test
    void everyCellIsARunAndLeadsToItsEvidence() {
        String html = report();
        Set<String> anchors = new HashSet<>();
        Matcher id = Pattern.compile(" id=\"([^\"]+)\"").matcher(html);
        while (id.find()) {
            assertTrue(anchors.add(id.group(1)), id.group(1));
        }
        Matcher link = Pattern.compile("href=\"#([^\"]+)\"").matcher(html);
        int links = 0;
        while (link.find()) {
            assertTrue(anchors.contains(link.group(1)), link.group(1));
            links++;
        }
        assertEquals(BUGS.size() * (1 + 3), links);
        assertTrue(html.contains("<td class=\"FAILURE\"><a href=\"#b28b3c245a-on-xen-3.1.1\""), html);
        assertTrue(html.contains("<td class=\"SUCCESS\"><a href=\"#b28b3c245a-on-xen-4.17\""), html);
        assertTrue(html.contains("<td class=\"FAILURE\"><a href=\"#xsa-193-on-xen-4.7\""), html);
    }

    @Test
    void needsNothingFromElsewhere() {
        String html = report();
        assertFalse(html.contains("<script"), "no scripts");
        assertFalse(html.contains("src="), "no files");
        assertTrue(html.contains("TLB at the end"), "pictures of the TLB");
        assertTrue(html.contains("Page-table entries, before and after"), "pictures of the tables");
    }
}
