package io.github.paravane.samples.book;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rows of the book that no profile holds, read from the resource that says at its head how it is written. */
public final class BookText {

    private static final Pattern CONDITION = Pattern.compile("\\{([\\w.-]+)( |=)([^}]+)} ");

    private static final List<String> FILES =
            List.of("kernel.txt", "memory.txt", "entries.txt", "hypercalls.txt", "structures.txt", "compat.txt");

    private BookText() {}

    /**
     * A section.
     *
     * @param part the part of the book it belongs to
     * @param title its heading
     * @param paragraphs what is said before the table
     * @param columns the names of the columns; the last is the proof
     * @param rows the rows
     */
    public record Section(String part, String title, List<String> paragraphs, List<String> columns, List<Row> rows) {}

    /**
     * What decides whether a row exists in a version: it has a call or command, or a knob has a value.
     *
     * @param subject the table of numbers, such as {@code call}, or the name of a knob
     * @param knob whether the subject is a knob
     * @param value the number, or what the value of the knob reads as
     */
    public record Condition(String subject, boolean knob, String value) {

        /** The number of a call or command. */
        public int number() {
            return Integer.parseInt(value);
        }
    }

    /**
     * A row.
     *
     * @param condition when the row exists; null if it always does
     * @param cells the cells; the last names the proofs, separated by commas
     */
    public record Row(@Nullable Condition condition, List<String> cells) {

        /** What proves the row: names of test classes and ids of known bugs. */
        public List<String> proofs() {
            return List.of(cells.get(cells.size() - 1).split(", *"));
        }
    }

    /** The sections, in order. */
    public static List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        String part = "";
        for (String line : FILES.stream().flatMap(file -> lines(file).stream()).toList()) {
            if (line.startsWith("== ")) {
                part = line.substring(3);
                continue;
            }
            if (line.startsWith("= ")) {
                sections.add(
                        new Section(part, line.substring(2), new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
                continue;
            }
            Section section = sections.get(sections.size() - 1);
            if (line.startsWith("- ")) {
                section.paragraphs().add(line.substring(2));
            } else if (line.startsWith("@ ")) {
                section.columns().addAll(cells(line.substring(2)));
            } else {
                section.rows().add(row(line, section));
            }
        }
        return List.copyOf(sections);
    }

    private static Row row(String line, Section section) {
        Matcher condition = CONDITION.matcher(line);
        boolean conditional = condition.lookingAt();
        List<String> cells = cells(conditional ? line.substring(condition.end()) : line);
        if (cells.size() != section.columns().size()) {
            throw new IllegalStateException("a row of " + section.title() + " has " + cells.size() + " cells, not "
                    + section.columns().size() + ": " + line);
        }
        Condition when = conditional
                ? new Condition(condition.group(1), condition.group(2).equals("="), condition.group(3))
                : null;
        return new Row(when, cells);
    }

    private static List<String> cells(String line) {
        return List.of(line.split(" \\| "));
    }

    /** The test that shows both sides of a knob, by the knob's name. */
    public static Map<String, String> knobProofs() {
        Map<String, String> proofs = new LinkedHashMap<>();
        for (String line : lines("knobs.txt")) {
            List<String> cells = cells(line);
            proofs.put(cells.get(0), cells.get(1));
        }
        return proofs;
    }

    private static List<String> lines(String name) {
        try (InputStream file = BookText.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
