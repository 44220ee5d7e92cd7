package io.github.paravane.samples.cli;

import io.github.paravane.testkit.soak.GuestSoak;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code paravane soak guests}: hostile kernels by the number, seeds counted up from {@code --seed}. Exit status 1 if one of
 * them harmed the host: an exception, a run that did not stop, a frame not given back, memory that grew.
 */
@Command(
        name = "guests",
        description = "Run random and mutated kernels; each must end, and leave nothing behind.",
        mixinStandardHelpOptions = true)
public final class SoakGuestsCommand implements Callable<Integer> {

    private static final long MIB = 1 << 20;
    private static final long GROWTH = 64 * MIB;
    private static final int REPORTS = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--guests", paramLabel = "N", defaultValue = "1000000", description = "how many (${DEFAULT-VALUE})")
    private long guests;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "seed of the first (${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--instructions",
            paramLabel = "N",
            defaultValue = "20000",
            description = "limit of each guest (${DEFAULT-VALUE})")
    private long instructions;

    @Option(names = "--kernel", paramLabel = "FILE", description = "mutate this kernel too; may be repeated")
    private List<Path> kernels = new ArrayList<>();

    @Option(names = "--abi", paramLabel = "NAME", defaultValue = "xen-4.17", description = "ABI (${DEFAULT-VALUE})")
    private String abi = "xen-4.17";

    private final Map<GuestSoak.Ending, Long> endings = new EnumMap<>(GuestSoak.Ending.class);
    private long defects;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<byte[]> files = new ArrayList<>();
        for (Path each : kernels) {
            files.add(Files.readAllBytes(each));
        }
        GuestSoak soak = new GuestSoak(AbiCommand.profile(spec.commandLine(), abi), files, instructions);
        long start = System.nanoTime();
        long firstHeap = 0;
        long heap = 0;
        long every = Math.max(1, guests / REPORTS);
        for (long n = 0; n < guests; n++) {
            run(soak, seed + n, out);
            if ((n + 1) % every == 0) {
                heap = heap();
                firstHeap = firstHeap == 0 ? heap : firstHeap;
                report(out, n + 1, System.nanoTime() - start, heap);
            }
        }
        if (heap - firstHeap > GROWTH) {
            out.println("heap grew by " + (heap - firstHeap) / MIB + " MiB");
            defects++;
        }
        out.println(defects == 0 ? "no defect" : defects + " defects");
        out.flush();
        return defects == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** Everything a guest can make the host throw is a defect, so everything is caught. */
    private void run(GuestSoak soak, long guest, PrintWriter out) {
        try {
            endings.merge(soak.run(guest), 1L, Long::sum);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError defect) {
            defects++;
            out.println("seed " + guest + ": " + defect);
            for (StackTraceElement each : defect.getStackTrace()) {
                out.println("    at " + each);
                if (each.getClassName().endsWith("PvMachine")) {
                    break;
                }
            }
            out.flush();
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void report(PrintWriter out, long done, long nanos, long heap) {
        out.printf(
                Locale.ROOT,
                "%d guests, %.0f/s, heap %d MiB, %s%n",
                done,
                done * 1e9 / nanos,
                heap / MIB,
                endings.toString().toLowerCase(Locale.ROOT));
        out.flush();
    }
}
