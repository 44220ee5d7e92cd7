package io.github.paravane.samples.cli;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.advisory.Advisory;
import io.github.paravane.testkit.advisory.BugMatrix;
import io.github.paravane.testkit.advisory.BugReport;
import io.github.paravane.testkit.advisory.Evidence;
import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.KnownBug;
import io.github.paravane.testkit.advisory.KnownBugs;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.advisory.Replay;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paravane fixture}: the known bugs. An unknown id is wrong use: exit status 2. */
@Command(
        name = "fixture",
        description = "List, explain, replay and export the known bugs of the PV ABI.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | show ID | run [ID...] | export ID)")
public final class FixtureCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of list, show, run and export is missing");
    }

    @Command(name = "list", description = "List the known bugs, layer by layer.", mixinStandardHelpOptions = true)
    int list() {
        PrintWriter out = spec.commandLine().getOut();
        for (KnownBug bug : KnownBugs.all()) {
            Advisory advisory = bug.advisory();
            out.printf(
                    "%-14s %-13s %-12s %s%n",
                    bug.id(), advisory.layer(), bug.guest().isPresent() ? "machine code" : "java", advisory.title());
        }
        out.printf("%d known bugs%n", KnownBugs.all().size());
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "show", description = "Tell the story of one bug.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "ID", description = "for instance xsa-193") String id) {
        PrintWriter out = spec.commandLine().getOut();
        KnownBug bug = find(id);
        Advisory advisory = bug.advisory();
        out.printf("%s: %s%n", bug.id(), advisory.title());
        paragraph(out, "layer", advisory.layer().toString());
        paragraph(out, "names", String.join(", ", advisory.names()));
        paragraph(out, "link", advisory.link());
        paragraph(out, "affected", advisory.versions().affected());
        paragraph(out, "repaired", advisory.versions().repaired());
        paragraph(out, "mechanism", advisory.prose().mechanism());
        paragraph(out, "construction", advisory.prose().construction());
        paragraph(out, "telling", advisory.prose().telling());
        paragraph(out, "provenance", advisory.versions().provenance());
        paragraph(out, "faulty", profileText(bug.faulty()));
        paragraph(out, "fixed", profileText(bug.fixed()));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static String profileText(AbiProfile profile) {
        return profile.name() + ", " + profile.provenance().releases();
    }

    private static void paragraph(PrintWriter out, String name, String text) {
        StringBuilder line = new StringBuilder(String.format("  %-13s", name));
        for (String word : text.split("\\s+")) {
            if (line.length() + word.length() > 110) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(15));
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }

    @Command(
            name = "run",
            description = {
                "Replay bugs, all if none is named: each on a profile that has it, where it must be found, and on one"
                        + " that has it not.",
                "With --abi, on that version only, where any verdict is right; ERROR is not a verdict.",
                "Exit status 1 if something else comes out."
            },
            mixinStandardHelpOptions = true)
    int play(
            @Parameters(paramLabel = "ID", arity = "0..*", description = "for instance xsa-193") @Nullable
                    List<String> ids,
            @Option(names = "--abi", paramLabel = "NAME", description = "a version, for instance xen-4.17") @Nullable
                    String abi,
            @Option(names = "--evidence", description = "print the evidence, too") boolean withEvidence,
            @Option(
                            names = "--report",
                            paramLabel = "FILE",
                            description = "play on every version, too, and write it all as one HTML file")
                    @Nullable
                    Path report) {
        PrintWriter out = spec.commandLine().getOut();
        AbiProfile profile = abi == null ? null : AbiCommand.profile(spec.commandLine(), abi);
        List<KnownBug> bugs = ids == null || ids.isEmpty()
                ? KnownBugs.all()
                : ids.stream().map(this::find).toList();
        int wrong = 0;
        for (KnownBug bug : bugs) {
            if (profile != null) {
                wrong += report(out, Replay.of(bug).on(profile).play(), null, withEvidence);
            } else {
                wrong += report(out, Replay.of(bug).play(), Outcome.FAILURE, withEvidence);
                wrong += report(out, Replay.of(bug).onFixed().play(), Outcome.SUCCESS, withEvidence);
            }
        }
        if (report != null) {
            writeReport(bugs, report);
        }
        out.printf("%d bugs replayed, %d results wrong%n", bugs.size(), wrong);
        out.flush();
        return wrong == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void writeReport(List<KnownBug> bugs, Path file) {
        BugMatrix matrix = BugMatrix.play(bugs, AbiProfiles.all(), result -> {});
        try (BufferedWriter html = Files.newBufferedWriter(file)) {
            BugReport.write(matrix, html);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static int report(PrintWriter out, Replay.Result result, @Nullable Outcome expected, boolean withEvidence) {
        boolean wrong = expected == null ? result.outcome() == Outcome.ERROR : result.outcome() != expected;
        out.printf(
                "%s %-14s %-20s %-7s %s%n",
                wrong ? "WRONG" : "ok   ",
                result.bug().id(),
                result.profile().name(),
                result.outcome(),
                result.finding().summary());
        if (withEvidence || wrong) {
            for (Evidence evidence : result.finding().evidence()) {
                out.println("        " + evidence);
            }
        }
        out.flush();
        return wrong ? 1 : 0;
    }

    @Command(
            name = "export",
            description = "Write the guest of a bug as a bootable PV kernel that prints its own verdict.",
            mixinStandardHelpOptions = true)
    int export(
            @Parameters(paramLabel = "ID", description = "for instance xsa-193") String id,
            @Option(names = "-o", paramLabel = "FILE", required = true, description = "the file to write") Path file) {
        GuestTrial guest = find(id).guest()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), id + " is not told by a guest in machine code, so it cannot be exported"));
        try {
            Files.write(file, guest.image());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return CommandLine.ExitCode.OK;
    }

    private KnownBug find(String id) {
        return KnownBugs.find(id)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no known bug is called '" + id + "'; paravane fixture list names them"));
    }
}
