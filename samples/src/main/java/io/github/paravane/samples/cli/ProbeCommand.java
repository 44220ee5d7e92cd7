package io.github.paravane.samples.cli;

import io.github.paravane.testkit.guest.probe.ProbeGuest;
import io.github.paravane.testkit.guest.probe.ProbeGuests;
import java.io.IOException;
import java.io.PrintWriter;
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

/** {@code paravane probe}: lists the probe guests and writes their kernel files. An unknown name is wrong use. */
@Command(
        name = "probe",
        description = "Guests that compare this hypervisor with a real one: list them, export them as ELF files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | export NAME -o FILE)")
public final class ProbeCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of list and export is missing");
    }

    @Command(name = "list", description = "List the probe guests.", mixinStandardHelpOptions = true)
    int list() {
        PrintWriter out = spec.commandLine().getOut();
        for (ProbeGuest probe : ProbeGuests.all()) {
            out.printf("%-10s %s%n", probe.name(), probe.description());
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "export",
            description = "Write the kernel file of a probe guest; run it with the arguments 'seed=S n=N'.",
            mixinStandardHelpOptions = true)
    int export(
            @Parameters(paramLabel = "NAME", description = "see 'probe list'") String name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            required = true,
                            description = "the file to write")
                    Path output)
            throws IOException {
        ProbeGuest probe = ProbeGuests.find(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "no probe guest is named '" + name + "'; there are: "
                                + ProbeGuests.all().stream()
                                        .map(ProbeGuest::name)
                                        .collect(Collectors.joining(", "))));
        Files.write(output, probe.elf());
        return CommandLine.ExitCode.OK;
    }
}
