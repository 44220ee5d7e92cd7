package io.github.paravane.testkit.golden;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What one kernel printed on a real Xen, once for each of several command lines, and where that was recorded. Immutable.
 *
 * <p>As text: lines {@code # key: value} first, then for each run a line {@code == COMMAND LINE} and what was printed.
 *
 * @param provenance where it comes from, {@code key: value} a line, without comment signs
 * @param runs in the order of recording
 */
public record Transcript(List<String> provenance, List<Run> runs) {

    /** Key of the provenance: the profile that the recorded Xen corresponds to. */
    public static final String ABI = "abi";

    /** Key of the provenance: {@value #CONTROL} or {@value #UNPRIVILEGED}. */
    public static final String DOMAIN = "domain";

    /** Value of {@link #DOMAIN}: the kernel ran with the rights of dom0. */
    public static final String CONTROL = "dom0";

    /** Value of {@link #DOMAIN}: the kernel ran as an ordinary domain. */
    public static final String UNPRIVILEGED = "domU";

    /** Key of the provenance: SHA-256 of the kernel's file, in hex. */
    public static final String KERNEL = "kernel-sha256";

    /** Key of the provenance: the regular expression of the lines that were kept; all were without it. */
    public static final String KEPT = "kept";

    /** Key of the provenance: the domain's memory in KiB; unknown without it. */
    public static final String MEMORY = "memory-kib";

    /**
     * Key of the provenance, on any number of lines: a machine address and the 8 bytes there when the kernel started, both
     * in hex. Firmware leaves tables in memory that belongs to no domain, and dom0 can read them.
     */
    public static final String FIRMWARE = "firmware";

    private static final String HEADING = "== ";
    private static final Pattern EVERYTHING = Pattern.compile(".*");
    private static final Pattern NUMBER = Pattern.compile("(?:^|(?<=\\s))\\d{1,18}(?=\\s|$)");
    private static final int MAX_SIZE = 256 << 20;

    public Transcript {
        provenance = List.copyOf(provenance);
        runs = List.copyOf(runs);
    }

    /**
     * One run.
     *
     * @param commandLine the kernel's command line
     * @param lines what it printed
     */
    public record Run(String commandLine, List<String> lines) {
        public Run {
            Objects.requireNonNull(commandLine, "commandLine");
            lines = List.copyOf(lines);
        }

        /** The same run without the lines that {@code kept} does not match in full. */
        public Run keeping(Pattern kept) {
            return new Run(
                    commandLine,
                    lines.stream().filter(line -> kept.matcher(line).matches()).toList());
        }

        /** Compares with what was printed this time, line by line. */
        public GoldenComparison compareWith(Run actual) {
            return GoldenComparison.of(lines, actual.lines);
        }

        /**
         * Which operations lie between the last equal line and the first that differs; empty if none differs or the
         * kernel does not count. A kernel counts if the first decimal number of a line is how many operations it has done.
         */
        public Optional<Window> window(GoldenComparison comparison) {
            if (comparison.isEqual()) {
                return Optional.empty();
            }
            int first = comparison.differences().get(0).number() - 1;
            long from = first == 0 ? 0 : count(lines.get(Math.min(first, lines.size()) - 1), 0);
            long to = first < lines.size() ? count(lines.get(first), Long.MAX_VALUE) : Long.MAX_VALUE;
            return from < to && to != Long.MAX_VALUE ? Optional.of(new Window(from, to - 1)) : Optional.empty();
        }

        private static long count(String line, long otherwise) {
            Matcher matcher = NUMBER.matcher(line);
            return matcher.find() ? Long.parseLong(matcher.group()) : otherwise;
        }
    }

    /**
     * A range of operations.
     *
     * @param first number of the first, from 0
     * @param last number of the last, inclusive
     */
    public record Window(long first, long last) {}

    /** Reads the text form; a first run without heading has an empty command line; blank ends of runs go. */
    public static Transcript parse(String text) {
        GoldenLog log = GoldenLog.parse(text);
        List<Run> runs = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        @Nullable String commandLine = null;
        for (String line : log.lines()) {
            if (line.startsWith(HEADING) || line.equals(HEADING.strip())) {
                finish(runs, commandLine, lines);
                commandLine = line.substring(HEADING.length() - 1).strip();
                lines.clear();
            } else {
                lines.add(line);
            }
        }
        finish(runs, commandLine, lines);
        return new Transcript(log.provenance(), runs);
    }

    private static void finish(List<Run> runs, @Nullable String commandLine, List<String> lines) {
        int end = lines.size();
        while (end > 0 && lines.get(end - 1).isBlank()) {
            end--;
        }
        if (commandLine != null || end > 0) {
            runs.add(new Run(commandLine == null ? "" : commandLine, lines.subList(0, end)));
        }
    }

    /** Reads a file in text form, raw or compressed by gzip; one that is not is an {@link IOException} with its name. */
    public static Transcript read(Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
            raw.mark(2);
            boolean packed = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            byte[] bytes = (packed ? new GZIPInputStream(raw) : raw).readNBytes(MAX_SIZE + 1);
            if (bytes.length > MAX_SIZE) {
                throw new IOException(file + ": more than " + (MAX_SIZE >> 20) + " MiB");
            }
            return parse(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    /** The value of a key of the provenance. */
    public Optional<String> value(String key) {
        return provenance.stream()
                .filter(line -> line.startsWith(key + ": "))
                .map(line -> line.substring(key.length() + 2).strip())
                .findFirst();
    }

    /**
     * Which lines were kept: everything, unless the provenance has {@link #KEPT}.
     *
     * @throws PatternSyntaxException if that is no regular expression
     */
    public Pattern kept() {
        return value(KEPT).map(Pattern::compile).orElse(EVERYTHING);
    }

    /** Whether the kernel ran with the rights of dom0. */
    public boolean isControlDomain() {
        return value(DOMAIN).filter(CONTROL::equals).isPresent();
    }

    /**
     * The domain's memory in bytes, if the provenance has {@link #MEMORY}.
     *
     * @throws NumberFormatException if that is no decimal number
     */
    public OptionalLong memory() {
        Optional<String> kib = value(MEMORY);
        return kib.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.multiplyExact(Long.parseLong(kib.get()), 1024L));
    }

    /**
     * What firmware left in memory, by machine address, as the lines of {@link #FIRMWARE} say.
     *
     * @throws IllegalArgumentException if one of them is not two hex numbers
     */
    public SortedMap<Long, Long> firmware() {
        SortedMap<Long, Long> words = new TreeMap<>();
        for (String line : provenance) {
            if (line.startsWith(FIRMWARE + ": ")) {
                String[] parts = line.substring(FIRMWARE.length() + 2).strip().split(" +");
                if (parts.length != 2) {
                    throw new IllegalArgumentException("not an address and a value: " + line);
                }
                words.put(Long.parseUnsignedLong(parts[0], 16), Long.parseUnsignedLong(parts[1], 16));
            }
        }
        return words;
    }

    /** The text that {@link #parse} reads. */
    public String text() {
        StringBuilder text = new StringBuilder();
        provenance.forEach(line -> text.append("# ").append(line).append('\n'));
        for (Run run : runs) {
            text.append(HEADING).append(run.commandLine).append('\n');
            run.lines.forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }
}
