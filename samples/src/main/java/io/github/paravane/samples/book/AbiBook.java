package io.github.paravane.samples.book;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.QuirkSet;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.book.BookText.Condition;
import io.github.paravane.samples.book.BookText.Row;
import io.github.paravane.samples.book.BookText.Section;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.KnownBugs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the documentation of one ABI as an HTML file of its own: the common rows, and every knob of the profile. */
public final class AbiBook {

    private static final Map<String, String> GROUPS = groups();
    private static final Pattern VALUE = Pattern.compile("\\[\\[([a-z0-9.-]+)]]");
    private static final String FRAMES = "Pictures of the frames";
    private static final String RULES = "Every rule of this version";
    private static final String DIFFERENCES = "Differences to every other version";
    private static final String BUGS = "Known bugs of this version";

    private final AbiProfile profile;
    private final BiFunction<Knob<?>, Object, String> values;
    private final String frames;
    private final Map<String, String> knobProofs = BookText.knobProofs();

    /**
     * A book.
     *
     * @param profile the ABI
     * @param values how the value of a knob reads
     * @param frames the pictures of the frames, as text
     */
    public AbiBook(AbiProfile profile, BiFunction<Knob<?>, Object, String> values, String frames) {
        this.profile = profile;
        this.values = values;
        this.frames = frames;
    }

    private static Map<String, String> groups() {
        Map<String, String> groups = new LinkedHashMap<>();
        groups.put("pte", "Page-table entries");
        groups.put("mmu", "Page-table hypercalls, bases and flushes");
        groups.put("grant", "Grant tables");
        groups.put("entry", "Ways into and out of the kernel");
        groups.put("priv", "Privileged instructions, CPUID, descriptors");
        groups.put("service", "Events, time and vCPUs");
        groups.put("version", "What exists");
        return groups;
    }

    /** Writes it; {@link UncheckedIOException} if {@code out} does. */
    public void write(Appendable out) {
        try {
            Html page = new Html(out);
            page.begin("The PV ABI of " + profile.name());
            page.heading(1, "The PV ABI of " + profile.name());
            page.paragraph("Xen " + profile.provenance().releases() + ". Source: "
                    + profile.provenance().source()
                    + ". Numbers with 0x are hexadecimal; bit 0 is the lowest; all structures are little-endian."
                    + " The last column of each table names what proves the row: a test of the library, or a known bug"
                    + " that can be replayed.");
            List<Section> sections = BookText.sections().stream()
                    .map(this::inThisVersion)
                    .filter(section -> !section.rows().isEmpty())
                    .toList();
            contents(page, sections);
            String part = "";
            for (Section section : sections) {
                if (!section.part().equals(part)) {
                    part = section.part();
                    page.heading(2, part);
                }
                section(page, section);
            }
            page.heading(2, FRAMES);
            page.block(frames);
            page.heading(2, RULES);
            knobs(page);
            page.heading(2, DIFFERENCES);
            differences(page);
            page.heading(2, BUGS);
            bugs(page);
            page.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A section without the rows that the version does not have, and with the values that it has. */
    private Section inThisVersion(Section section) {
        List<Row> rows = section.rows().stream()
                .filter(this::exists)
                .map(row -> new Row(
                        row.condition(),
                        row.cells().stream().map(this::withValues).toList()))
                .toList();
        List<String> paragraphs =
                section.paragraphs().stream().map(this::withValues).toList();
        return new Section(section.part(), section.title(), paragraphs, section.columns(), rows);
    }

    private String withValues(String text) {
        return VALUE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
    }

    /** What the value of a knob reads as; {@link IllegalStateException} if there is no such knob. */
    private String value(String name) {
        return profile.values().entrySet().stream()
                .filter(each -> each.getKey().name().equals(name))
                .map(each -> values.apply(each.getKey(), each.getValue()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no such knob: " + name));
    }

    private void contents(Html page, List<Section> sections) throws IOException {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        for (Section section : sections) {
            parts.computeIfAbsent(section.part(), part -> new ArrayList<>()).add(section.title());
        }
        for (String title : List.of(FRAMES, RULES, DIFFERENCES, BUGS)) {
            parts.put(title, List.of());
        }
        page.contents(parts);
    }

    private void section(Html page, Section section) throws IOException {
        page.heading(3, section.title());
        for (String paragraph : section.paragraphs()) {
            page.paragraph(paragraph);
        }
        page.table(section.columns(), section.rows().stream().map(Row::cells).toList());
    }

    /** Whether the version has the call or command that a row is about. */
    boolean exists(Row row) {
        Condition when = row.condition();
        if (when == null) {
            return true;
        }
        if (when.knob()) {
            return value(when.subject()).equals(when.value());
        }
        int number = when.number();
        return switch (when.subject()) {
            case "call" -> profile.get(VersionRules.HYPERCALLS).names().containsKey(number);
            case "mmu" -> number <= profile.get(MmuRules.LAST_MMU_UPDATE_COMMAND);
            case "mmuext" -> number <= profile.get(MmuRules.LAST_MMUEXT_COMMAND);
            case "memory" -> has(VersionRules.MEMORY_OPS, number);
            case "event" -> has(VersionRules.EVENT_OPS, number);
            case "sched" -> has(VersionRules.SCHED_OPS, number);
            case "vcpu" -> has(VersionRules.VCPU_OPS, number);
            case "version" -> has(VersionRules.VERSION_OPS, number);
            default -> throw new IllegalStateException("no such kind of row: " + when.subject());
        };
    }

    private boolean has(Knob<BitMask> knob, int number) {
        return (profile.get(knob).bits() >>> number & 1) != 0;
    }

    private void knobs(Html page) throws IOException {
        for (Map.Entry<String, String> group : GROUPS.entrySet()) {
            List<List<String>> rows = profile.values().entrySet().stream()
                    .filter(knob -> knob.getKey().name().startsWith(group.getKey() + "."))
                    .map(knob -> List.of(
                            knob.getKey().name(),
                            knob.getKey().meaning(),
                            values.apply(knob.getKey(), knob.getValue()),
                            knobProofs.getOrDefault(knob.getKey().name(), "")))
                    .toList();
            if (!rows.isEmpty()) {
                page.heading(3, group.getValue());
                page.table(List.of("rule", "meaning", "value", "proved by"), rows);
            }
        }
    }

    private void differences(Html page) throws IOException {
        List<AbiProfile> all = AbiProfiles.all();
        for (AbiProfile other : all) {
            List<List<String>> rows = profile.differences(other).stream()
                    .filter(difference -> difference.knob() != QuirkSet.QUIRKS)
                    .map(difference -> List.of(
                            difference.knob().name(),
                            text(difference.knob(), difference.from()),
                            text(difference.knob(), difference.to()),
                            knobProofs.getOrDefault(difference.knob().name(), "")))
                    .toList();
            if (!rows.isEmpty()) {
                page.details(
                        other.name() + ": " + rows.size() + " rules differ",
                        List.of("rule", "here", "there", "proved by"),
                        rows);
            }
        }
    }

    private String text(Knob<?> knob, @Nullable Object value) {
        return value == null ? "" : values.apply(knob, value);
    }

    private void bugs(Html page) throws IOException {
        QuirkSet quirks = profile.get(QuirkSet.QUIRKS);
        List<List<String>> rows = quirks.quirks().stream()
                .map(quirk -> List.of(quirk.origin(), quirk.meaning(), bugOf(quirk)))
                .toList();
        if (rows.isEmpty()) {
            page.paragraph("None that the library knows, beyond what the rules above express.");
        } else {
            page.table(List.of("published as", "what", "proved by"), rows);
        }
    }

    /** The known bugs that tell of a quirk: those whose two profiles differ in it. */
    static String bugOf(Quirk quirk) {
        return KnownBugs.all().stream()
                .filter(bug -> bug.faulty().has(quirk) && !bug.fixed().has(quirk))
                .filter(bug -> bug.advisory().names().stream().anyMatch(name -> matches(name, quirk.origin())))
                .map(KnownBug::id)
                .collect(Collectors.joining(", "));
    }

    private static boolean matches(String name, String origin) {
        return origin.equals(name) || origin.startsWith(name) || name.startsWith(origin);
    }
}
