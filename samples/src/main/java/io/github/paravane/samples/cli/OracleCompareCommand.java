package io.github.paravane.samples.cli;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.testkit.golden.GoldenComparison;
import io.github.paravane.testkit.golden.Transcript;
import io.github.paravane.testkit.golden.TranscriptReplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paravane oracle compare}: runs a kernel here and compares with what it printed on a real Xen. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a kernel here, in virtual time, once for each run of the transcripts, and compare line by line.",
            "Profile and rights are those of the transcript's provenance unless given."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every line is equal", "1:a line differs", "2:wrong use"})
public final class OracleCompareCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "KERNEL", description = "the kernel that was recorded, raw or compressed")
    private Path kernel = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "TRANSCRIPT",
            description = "files of 'oracle record', raw or compressed by gzip, or folders of *.txt and *.txt.gz")
    private List<Path> transcripts = new ArrayList<>();

    @Option(names = "--abi", paramLabel = "NAME", description = "which hypervisor to be (default: the transcript's)")
    private @Nullable String abi;

    @Option(names = "--dom0", description = "give the domain dom0's rights (default: as in the transcript)")
    private boolean control;

    @Option(
            names = "--as-processor",
            paramLabel = "NAME",
            defaultValue = "qemu",
            description = "'x86' reports faults as processors do, 'qemu' as QEMU (default: ${DEFAULT-VALUE})")
    private Processor processor = Processor.qemu;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "with K, M or G; MiB without (default: the transcript's, or 64M)")
    private @Nullable Long memory;

    @Option(names = "--only", paramLabel = "REGEX", description = "only command lines in which this is found")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "most real time for one run (default: ${DEFAULT-VALUE})")
    private int timeout = 600;

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "1", description = "runs at a time (default: 1)")
    private int jobs = 1;

    @Option(
            names = "--window",
            paramLabel = "TEXT",
            defaultValue = "vfrom=FROM vto=TO",
            description = "how the kernel is told to print single operations (default: ${DEFAULT-VALUE})")
    private String window = "vfrom=FROM vto=TO";

    @Option(names = "--ours", paramLabel = "FILE", description = "write what was printed here, as a transcript")
    private @Nullable Path ours;

    @Option(
            names = {"-v", "--verbose"},
            description = "name every run, and print every difference")
    private boolean verbose;

    /** Whose way of reporting faults. */
    enum Processor {
        x86,
        qemu
    }

    private record Compared(Transcript.Run expected, GoldenComparison comparison, TranscriptReplay.Outcome outcome) {
        boolean isEqual() {
            return comparison.isEqual() && outcome.auditFindings().isEmpty();
        }
    }

    @Override
    public Integer call() {
        if (jobs < 1 || timeout < 1) {
            throw wrong("--jobs and --timeout must be at least 1");
        }
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        try {
            byte[] elf = KernelFile.read(kernel);
            boolean equal = true;
            List<Transcript.Run> printed = new ArrayList<>();
            for (Path file : files()) {
                equal &= compare(file, GuestImage.of(elf), threads, printed);
            }
            Path target = ours;
            if (target != null) {
                String text = new Transcript(List.of("printed by Paravane"), printed).text();
                Files.writeString(target, text, StandardCharsets.ISO_8859_1);
            }
            return equal ? 0 : 1;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : transcripts) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> members = Files.list(path)) {
                    members.filter(file -> file.toString().matches(".*\\.txt(\\.gz)?"))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(path);
            }
        }
        return files;
    }

    private boolean compare(Path file, GuestImage image, ExecutorService threads, List<Transcript.Run> printed)
            throws IOException {
        Transcript transcript = Transcript.read(file);
        checkKernel(file, transcript);
        TranscriptReplay replay = replay(transcript, image);
        Pattern kept = transcript.kept();
        List<Future<Compared>> results = new ArrayList<>();
        for (Transcript.Run run : transcript.runs()) {
            if (only.matcher(run.commandLine()).find()) {
                results.add(threads.submit(() -> {
                    TranscriptReplay.Outcome outcome = replay.run(run.commandLine());
                    return new Compared(run, run.compareWith(outcome.printed().keeping(kept)), outcome);
                }));
            }
        }
        int equal = 0;
        PrintWriter out = spec.commandLine().getOut();
        for (Future<Compared> result : results) {
            Compared compared = get(result);
            printed.add(compared.outcome.printed());
            equal += compared.isEqual() ? 1 : 0;
            report(out, compared);
            out.flush();
        }
        out.printf(
                "%s: %d of %d runs are equal, on %s%n",
                file, equal, results.size(), replay.profile().name());
        out.flush();
        return equal == results.size();
    }

    private static Compared get(Future<Compared> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GuestImageException cause) {
                throw new IllegalArgumentException("cannot run the kernel: " + cause.getMessage(), cause);
            }
            if (e.getCause() instanceof IllegalArgumentException cause) {
                throw new IllegalArgumentException(cause.getMessage(), cause);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void checkKernel(Path file, Transcript transcript) throws IOException {
        String expected = transcript.value(Transcript.KERNEL).orElse("");
        String found = CommandLines.sha256(kernel);
        if (!expected.isEmpty() && !expected.equals(found)) {
            throw wrong(file + " was recorded with another kernel: SHA-256 " + expected + ", not " + found);
        }
    }

    private TranscriptReplay replay(Transcript transcript, GuestImage image) {
        String named = abi;
        AbiProfile profile = AbiCommand.profile(
                spec.commandLine(),
                named == null ? transcript.value(Transcript.ABI).orElse("xen-4.17") : named);
        Long size = memory;
        TranscriptReplay replay = TranscriptReplay.of(profile, image)
                .privileged(control || transcript.isControlDomain())
                .memory(size == null ? transcript.memory().orElse(64L << 20) : size)
                .firmware(transcript.firmware())
                .limits(RunLimits.none().within(Duration.ofSeconds(timeout)));
        return processor == Processor.qemu ? replay.onQemu() : replay;
    }

    private void report(PrintWriter out, Compared compared) {
        String commandLine = compared.expected.commandLine();
        if (compared.isEqual()) {
            if (verbose) {
                out.printf("equal   %s (%d lines)%n", commandLine, compared.comparison.agreeing());
            }
            return;
        }
        out.printf("DIFFERS %s (%s)%n", commandLine, compared.outcome.result());
        compared.outcome.auditFindings().forEach(finding -> out.println("  recount: " + finding));
        if (compared.comparison.isEqual()) {
            return;
        }
        GoldenComparison.Difference first = compared.comparison.differences().get(0);
        out.printf("  line %d  Xen:  %s%n", first.number(), first.expected());
        out.printf("  line %d  here: %s%n", first.number(), first.actual());
        if (verbose) {
            out.println("  " + compared.comparison.report().replace("\n", "\n  "));
        }
        compared.expected.window(compared.comparison).ifPresent(found -> {
            String arguments =
                    window.replace("FROM", Long.toString(found.first())).replace("TO", Long.toString(found.last()));
            out.printf("  look at: %s %s%n", commandLine, arguments);
        });
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
