package io.github.paravane.samples.cli;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.AbiProfile.Difference;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.HypercallNames;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.QuirkSet;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints profiles and their differences, group by group. */
final class ProfilePrinter {

    private static final int WIDTH = 100;
    private static final Map<String, List<Knob<?>>> GROUPS = groups();

    private final PrintWriter out;

    ProfilePrinter(PrintWriter out) {
        this.out = out;
    }

    private static Map<String, List<Knob<?>>> groups() {
        Map<String, List<Knob<?>>> groups = new LinkedHashMap<>();
        groups.put("Page-table entries: what a guest may store, and what is stored", PteRules.knobs());
        groups.put("Page-table calls, base pointers, flushes, emulated page-table writes", MmuRules.knobs());
        groups.put("Reservations and what memory_op tells", MemoryRules.knobs());
        groups.put("Grant tables", GrantRules.knobs());
        groups.put("Entry to the guest kernel and return", EntryRules.knobs());
        groups.put("Privileged instructions, MSRs, descriptors", PrivilegedRules.knobs());
        groups.put("32-bit domains", CompatRules.knobs());
        groups.put("vCPUs, scheduling, timers, event channels", ServiceRules.knobs());
        groups.put("Numbers, names and features", VersionRules.knobs());
        groups.put("Published bugs beyond these", QuirkSet.knobs());
        return groups;
    }

    void show(AbiProfile profile) {
        out.println(profile.name());
        out.println("  stands for Xen " + profile.provenance().releases());
        out.println("  read from: " + profile.provenance().source());
        for (Map.Entry<String, List<Knob<?>>> group : GROUPS.entrySet()) {
            out.println();
            out.println(group.getKey());
            for (Knob<?> knob : group.getValue()) {
                out.println();
                out.println("  " + knob.name() + ": " + knob.meaning());
                wrapped("      ", KnobValues.text(knob, profile.get(knob)));
            }
        }
    }

    void diff(AbiProfile from, AbiProfile to) {
        List<Difference> differences = from.differences(to);
        out.println(from.name() + " -> " + to.name() + ": "
                + (differences.isEmpty() ? "no difference" : differences.size() + " knobs differ"));
        for (Map.Entry<String, List<Knob<?>>> group : GROUPS.entrySet()) {
            List<Difference> here = new ArrayList<>();
            for (Knob<?> knob : group.getValue()) {
                differences.stream().filter(d -> d.knob().equals(knob)).forEach(here::add);
            }
            if (!here.isEmpty()) {
                out.println();
                out.println(group.getKey());
                here.forEach(this::difference);
            }
        }
    }

    private void difference(Difference difference) {
        out.println();
        out.println("  " + difference.knob().name() + ": " + difference.knob().meaning());
        if (difference.from() instanceof HypercallNames old && difference.to() instanceof HypercallNames now) {
            hypercalls(old, now);
            return;
        }
        wrapped("    - ", text(difference.knob(), difference.from()));
        wrapped("    + ", text(difference.knob(), difference.to()));
    }

    private static String text(Knob<?> knob, @Nullable Object value) {
        return value == null ? "undefined" : KnobValues.text(knob, value);
    }

    private void hypercalls(HypercallNames old, HypercallNames now) {
        old.names().forEach((number, name) -> {
            if (!name.equals(now.names().get(number))) {
                out.println("    - " + number + " " + name);
            }
        });
        now.names().forEach((number, name) -> {
            if (!name.equals(old.names().get(number))) {
                out.println("    + " + number + " " + name);
            }
        });
    }

    /** Prints {@code text} in lines of at most {@link #WIDTH} characters, the first one after {@code lead}. */
    private void wrapped(String lead, String text) {
        StringBuilder line = new StringBuilder(lead);
        String space = "";
        for (String word : text.split(" ", -1)) {
            if (line.length() > lead.length() && line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line = new StringBuilder(" ".repeat(lead.length()));
                space = "";
            }
            line.append(space).append(word);
            space = " ";
        }
        out.println(line);
    }
}
