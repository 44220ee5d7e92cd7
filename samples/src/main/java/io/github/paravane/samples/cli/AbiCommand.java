package io.github.paravane.samples.cli;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.samples.book.AbiBook;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paravane abi}: prints the ABI profiles. An unknown name is wrong use: exit status 2. */
@Command(
        name = "abi",
        description = "Print what a version of the PV ABI is, or what changed between two.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | show NAME | diff A B | book [NAME])")
public final class AbiCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of list, show, diff and book is missing");
    }

    @Command(name = "list", description = "List the ABIs, oldest first.", mixinStandardHelpOptions = true)
    int list() {
        PrintWriter out = spec.commandLine().getOut();
        AbiProfile previous = null;
        for (AbiProfile profile : AbiProfiles.all()) {
            String changes = previous == null
                    ? profile.values().size() + " knobs"
                    : "+" + previous.differences(profile).size();
            out.printf(
                    "%-11s %-9s Xen %s%n",
                    profile.name(), changes, profile.provenance().releases());
            previous = profile;
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "show",
            description = "Print one ABI in full: every knob, and the frames that a guest kernel is entered with.",
            mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME", description = "for instance xen-4.17") String name) {
        PrintWriter out = spec.commandLine().getOut();
        AbiProfile profile = find(name);
        new ProfilePrinter(out).show(profile);
        new FramePicture(profile).print(out);
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "diff",
            description = "Print what differs for a guest between two ABIs.",
            mixinStandardHelpOptions = true)
    int diff(
            @Parameters(paramLabel = "A", description = "for instance xen-3.1.0") String from,
            @Parameters(paramLabel = "B", description = "for instance xen-3.1.1") String to) {
        PrintWriter out = spec.commandLine().getOut();
        new ProfilePrinter(out).diff(find(from), find(to));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "book",
            description =
                    "Write the documentation of one ABI in full, as one HTML file; each row names what proves it.",
            mixinStandardHelpOptions = true)
    int book(
            @Parameters(
                            paramLabel = "NAME",
                            defaultValue = "xen-4.17",
                            description = "for instance xen-3.1.1; ${DEFAULT-VALUE} if none is given")
                    String name,
            @Option(names = "-o", paramLabel = "FILE", required = true, description = "the file to write") Path file) {
        AbiProfile profile = find(name);
        StringWriter frames = new StringWriter();
        PrintWriter picture = new PrintWriter(frames);
        new FramePicture(profile).print(picture);
        picture.flush();
        try (BufferedWriter html = Files.newBufferedWriter(file)) {
            new AbiBook(profile, KnobValues::text, frames.toString()).write(html);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return CommandLine.ExitCode.OK;
    }

    private AbiProfile find(String name) {
        return profile(spec.commandLine(), name);
    }

    /** The profile of a name; an unknown one is wrong use of {@code command}. */
    static AbiProfile profile(CommandLine command, String name) {
        return AbiProfiles.find(name)
                .orElseThrow(() -> new ParameterException(
                        command,
                        "no ABI is named '" + name + "'; there are: "
                                + AbiProfiles.all().stream()
                                        .map(AbiProfile::name)
                                        .collect(Collectors.joining(", "))));
    }
}
