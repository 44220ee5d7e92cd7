package io.github.paravane.samples.cli;

import io.github.paravane.testkit.golden.Transcript;
import io.github.paravane.testkit.golden.TranscriptRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paravane oracle record}: runs a kernel on a real Xen through a runner, and keeps what it prints. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a kernel on a real Xen and keep what it prints, with its provenance.",
            "The runner is called as RUNNER [-V VERSION] [RUNNER-ARGS] -a ARGS [-a ARGS]... KERNEL; it prints",
            "the kernel's console, and a line '== ARGS' before each run if there are several."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:recorded", "1:the runner failed or left a command line out", "2:wrong use"})
public final class OracleRecordCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "KERNEL", description = "the kernel, as the runner wants it")
    private Path kernel = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    /** Where the output comes from. */
    static final class Source {
        @Option(names = "--runner", paramLabel = "PROGRAM", description = "runs a kernel on a real Xen")
        private @Nullable Path runner;

        @Option(
                names = "--output-of",
                paramLabel = "FILE",
                description = "what a runner printed when it was called by hand with the same -a options")
        private @Nullable Path saved;
    }

    @Option(names = "--runner-arg", paramLabel = "ARG", description = "an argument of the runner's own; repeatable")
    private List<String> runnerArguments = new ArrayList<>();

    @Option(names = "-V", paramLabel = "VERSION", description = "which Xen, given to the runner as -V")
    private @Nullable String version;

    @Option(
            names = "-a",
            paramLabel = "ARGS",
            description = "a command line of the kernel; repeatable; '{1..9}' in it stands for nine")
    private List<String> patterns = new ArrayList<>();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "20",
            description = "most command lines in one call of the runner (default: ${DEFAULT-VALUE})")
    private int batch = 20;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "most time for one call of the runner (default: ${DEFAULT-VALUE})")
    private int timeout = 600;

    @Option(names = "--keep", paramLabel = "REGEX", description = "keep only lines that this matches in full")
    private @Nullable Pattern kept;

    @Option(
            names = "--xen",
            paramLabel = "TEXT",
            required = true,
            description = "which Xen that is, for the provenance")
    private String xen = "";

    @Option(
            names = "--abi",
            paramLabel = "NAME",
            defaultValue = "xen-4.17",
            description = "the profile that compare shall use (default: ${DEFAULT-VALUE})")
    private String abi = "xen-4.17";

    @Option(names = "--dom0", description = "the runner starts the kernel as dom0")
    private boolean control;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "memory that the domain has there, with K, M or G, for the provenance")
    private @Nullable Long memory;

    @Option(
            names = "--firmware",
            paramLabel = "FILE",
            description =
                    "what a dom0 finds in memory that is nobody's: lines of a machine address and 8 bytes, in hex")
    private @Nullable Path firmware;

    @Option(names = "-o", paramLabel = "FILE", required = true, description = "the transcript to write")
    private Path output = Path.of("");

    @Override
    public Integer call() {
        AbiCommand.profile(spec.commandLine(), abi);
        try {
            List<String> commandLines = commandLines();
            List<Transcript.Run> runs = runs(commandLines);
            Pattern filter = kept;
            if (filter != null) {
                runs = runs.stream().map(run -> run.keeping(filter)).toList();
            }
            Files.writeString(output, new Transcript(provenance(), runs).text(), StandardCharsets.ISO_8859_1);
            spec.commandLine().getOut().println(output + ": " + runs.size() + " runs");
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println("paravane: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private List<String> commandLines() {
        try {
            return patterns.isEmpty() ? List.of("") : CommandLines.expand(patterns);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private List<Transcript.Run> runs(List<String> commandLines) throws IOException, InterruptedException {
        Path runner = source.runner;
        Path saved = source.saved;
        if (runner == null) {
            String text = saved == null ? "" : Files.readString(saved, StandardCharsets.ISO_8859_1);
            return TranscriptRecorder.answers(text, commandLines);
        }
        if (batch < 1 || timeout < 1) {
            throw new ParameterException(spec.commandLine(), "--batch and --timeout must be at least 1");
        }
        List<String> command = new ArrayList<>(List.of(runner.toString()));
        command.addAll(ownArguments());
        return new TranscriptRecorder(command, batch, Duration.ofSeconds(timeout)).record(kernel, commandLines);
    }

    private List<String> ownArguments() {
        List<String> arguments = new ArrayList<>();
        if (version != null) {
            arguments.addAll(List.of("-V", version));
        }
        arguments.addAll(runnerArguments);
        return arguments;
    }

    private List<String> provenance() throws IOException {
        Path runner = source.runner;
        Path saved = source.saved;
        LocalDate date = saved == null
                ? LocalDate.now(ZoneOffset.UTC)
                : LocalDate.ofInstant(Files.getLastModifiedTime(saved).toInstant(), ZoneOffset.UTC);
        List<String> lines = new ArrayList<>();
        lines.add("xen: " + xen);
        lines.add(Transcript.ABI + ": " + abi);
        lines.add(Transcript.DOMAIN + ": " + (control ? Transcript.CONTROL : Transcript.UNPRIVILEGED));
        Long size = memory;
        if (size != null) {
            lines.add(Transcript.MEMORY + ": " + (size >>> 10));
        }
        String program = runner == null ? "by hand" : String.valueOf(runner.getFileName());
        lines.add("runner: "
                + String.join(" ", program, String.join(" ", ownArguments())).strip());
        lines.add("command-lines: " + String.join(" | ", patterns));
        lines.add("kernel: " + kernel.getFileName());
        lines.add(Transcript.KERNEL + ": " + CommandLines.sha256(kernel));
        lines.add("recorded: " + date);
        Path found = firmware;
        if (found != null) {
            for (String line : Files.readAllLines(found)) {
                lines.add(Transcript.FIRMWARE + ": " + line);
            }
        }
        Pattern filter = kept;
        if (filter != null) {
            lines.add(Transcript.KEPT + ": " + filter.pattern());
        }
        return lines;
    }
}
