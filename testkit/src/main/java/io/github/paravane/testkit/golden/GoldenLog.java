package io.github.paravane.testkit.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Lines that a guest printed, with the comment on top that says where and when. Immutable.
 *
 * <pre>{@code
 * GoldenLog golden = GoldenLog.parse(text);
 * GoldenComparison comparison = golden.compareWith(GoldenLog.ofOutput(console), UnaryOperator.identity());
 * assertEquals(golden.lines().size(), comparison.agreeing(), comparison::report);
 * }</pre>
 */
public final class GoldenLog {
    private static final String COMMENT = "# ";

    private final List<String> provenance;
    private final List<String> lines;

    private GoldenLog(List<String> provenance, List<String> lines) {
        this.provenance = List.copyOf(provenance);
        this.lines = List.copyOf(lines);
    }

    /** Reads a log: leading lines that begin with {@code "# "} are its provenance. */
    public static GoldenLog parse(String text) {
        List<String> lines = split(text);
        int start = 0;
        while (start < lines.size() && lines.get(start).startsWith(COMMENT)) {
            start++;
        }
        List<String> provenance = new ArrayList<>();
        for (String line : lines.subList(0, start)) {
            provenance.add(line.substring(COMMENT.length()));
        }
        return new GoldenLog(provenance, lines.subList(start, lines.size()));
    }

    /** Takes what a guest printed: carriage returns before line ends go, an unfinished last line counts. */
    public static GoldenLog ofOutput(String text) {
        return new GoldenLog(List.of(), split(text));
    }

    private static List<String> split(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\r?\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    /** The same lines with another provenance: what was run, on what, when. */
    public GoldenLog withProvenance(List<String> comment) {
        for (String line : comment) {
            if (line.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a line of the provenance has a line end in it");
            }
        }
        return new GoldenLog(comment, lines);
    }

    /** Where the log comes from, a line each, without comment signs. */
    public List<String> provenance() {
        return provenance;
    }

    /** What was printed. */
    public List<String> lines() {
        return lines;
    }

    /** The text that {@link #parse} reads. */
    public String text() {
        StringBuilder text = new StringBuilder();
        provenance.forEach(line -> text.append(COMMENT).append(line).append('\n'));
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /**
     * Compares with what was printed this time, line by line.
     *
     * @param normal applied to both sides first, to hide what may differ
     */
    public GoldenComparison compareWith(GoldenLog actual, UnaryOperator<String> normal) {
        Objects.requireNonNull(actual, "actual");
        List<String> expectedLines = lines.stream().map(normal).toList();
        List<String> actualLines = actual.lines.stream().map(normal).toList();
        return GoldenComparison.of(expectedLines, actualLines);
    }
}
