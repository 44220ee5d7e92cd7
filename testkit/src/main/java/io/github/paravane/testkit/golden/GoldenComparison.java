package io.github.paravane.testkit.golden;

import java.util.ArrayList;
import java.util.List;

/**
 * How two logs differ.
 *
 * @param agreeing how many lines are equal at the same place
 * @param differences the others, in order
 */
public record GoldenComparison(int agreeing, List<Difference> differences) {
    private static final int REPORTED = 20;

    public GoldenComparison {
        differences = List.copyOf(differences);
    }

    /**
     * A line that differs.
     *
     * @param number its number, from 1
     * @param expected what the golden log has, empty behind its end
     * @param actual what was printed, empty behind its end
     * @param fields the words that differ, as {@code expected|actual}; empty if the numbers of words differ
     */
    public record Difference(int number, String expected, String actual, List<String> fields) {
        public Difference {
            fields = List.copyOf(fields);
        }
    }

    static GoldenComparison of(List<String> expected, List<String> actual) {
        List<Difference> differences = new ArrayList<>();
        int lines = Math.max(expected.size(), actual.size());
        for (int i = 0; i < lines; i++) {
            String wanted = i < expected.size() ? expected.get(i) : "";
            String found = i < actual.size() ? actual.get(i) : "";
            boolean both = i < expected.size() && i < actual.size();
            if (!both || !wanted.equals(found)) {
                differences.add(new Difference(i + 1, wanted, found, fields(wanted, found)));
            }
        }
        return new GoldenComparison(lines - differences.size(), differences);
    }

    private static List<String> fields(String expected, String actual) {
        String[] wanted = expected.split(" ", -1);
        String[] found = actual.split(" ", -1);
        List<String> fields = new ArrayList<>();
        if (wanted.length == found.length) {
            for (int i = 0; i < wanted.length; i++) {
                if (!wanted[i].equals(found[i])) {
                    fields.add(wanted[i] + "|" + found[i]);
                }
            }
        }
        return fields;
    }

    /** Whether the logs are equal. */
    public boolean isEqual() {
        return differences.isEmpty();
    }

    /** The first differences, for people. */
    public String report() {
        StringBuilder report = new StringBuilder(agreeing + " lines agree, " + differences.size() + " differ");
        for (Difference difference : differences.subList(0, Math.min(REPORTED, differences.size()))) {
            report.append("\n  line ").append(difference.number).append(": ");
            if (difference.fields.isEmpty()) {
                report.append(difference.expected).append("\n  but was: ").append(difference.actual);
            } else {
                report.append(difference.expected.split(" ", -1)[0])
                        .append(" ... ")
                        .append(difference.fields);
            }
        }
        return report.toString();
    }
}
