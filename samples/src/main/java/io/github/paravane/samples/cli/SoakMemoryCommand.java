package io.github.paravane.samples.cli;

import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.hostile.HostilePair;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code paravane soak memory}: two hostile domains and their random hypercalls and stores, machine after machine. Status 1
 * at the first exception, hang, count mismatch, forbidden mapping or leak; what it prints then replays it.
 */
@Command(
        name = "memory",
        description = "Random page-table, memory and grant hypercalls and stores by two hostile domains.",
        mixinStandardHelpOptions = true)
public final class SoakMemoryCommand implements Callable<Integer> {

    private static final long NANOS = 1_000_000_000L;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--operations", paramLabel = "N", description = "hypercalls, requests and stores in all")
    private long operations = 1_000_000;

    @Option(names = "--seed", paramLabel = "S", description = "seed of the first machine; the next ones count up")
    private long seed = 1;

    @Option(names = "--abi", paramLabel = "NAME", description = "the version, for instance xen-3.1.1; all: in turn")
    private String abi = AbiProfiles.XEN_4_17.name();

    @Option(names = "--control", description = "one of the two is the control domain")
    private boolean control;

    @Option(names = "--audit-every", paramLabel = "N", description = "operations between two audits")
    private long auditEvery = 10_000;

    @Option(names = "--machine", paramLabel = "N", description = "operations in the life of a machine")
    private long machineLife = 40_000;

    @Option(names = "--progress", paramLabel = "SECONDS", description = "time between two lines of progress")
    private long progress = 10;

    private long done;
    private long machines;
    private long audits;
    private long faults;
    private long began;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        began = System.nanoTime();
        long nextLine = began + progress * NANOS;
        for (long machineSeed = seed; done < operations; machineSeed++) {
            String problem = soak(machineSeed);
            if (problem != null) {
                out.println(problem);
                out.println("replay: paravane soak memory --abi "
                        + profile(machineSeed).name() + " --seed "
                        + machineSeed + (control ? " --control" : "") + " --operations "
                        + Math.min(machineLife, operations) + " --audit-every "
                        + auditEvery + " --machine " + machineLife);
                out.println(figures());
                return CommandLine.ExitCode.SOFTWARE;
            }
            if (System.nanoTime() >= nextLine) {
                out.println(figures());
                out.flush();
                nextLine += progress * NANOS;
            }
        }
        out.println(figures());
        out.println("no exception, hang, leak, count mismatch or forbidden mapping");
        return CommandLine.ExitCode.OK;
    }

    private AbiProfile profile(long machineSeed) {
        List<AbiProfile> all = AbiProfiles.all();
        return abi.equals("all")
                ? all.get((int) Math.floorMod(machineSeed, (long) all.size()))
                : AbiCommand.profile(spec.commandLine(), abi);
    }

    /** One machine from its start to its end; what was wrong, or null. */
    private @Nullable String soak(long machineSeed) {
        HostilePair pair = new HostilePair(profile(machineSeed), machineSeed, Observers.none(), control);
        machines++;
        try {
            long end = Math.min(machineLife, operations - done);
            while (pair.operations() < end && pair.isAlive()) {
                pair.run(Math.min(auditEvery, end - pair.operations()));
                String problem = wrong(pair, pair.audit());
                if (problem != null) {
                    return problem;
                }
            }
            return wrong(pair, pair.end());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError failure) {
            failure.printStackTrace(spec.commandLine().getErr());
            return "exception after " + pair.operations() + " operations of the machine: " + failure;
        } finally {
            done += pair.operations();
            faults += pair.faults();
        }
    }

    private @Nullable String wrong(HostilePair pair, List<String> found) {
        audits++;
        return found.isEmpty()
                ? null
                : "after " + pair.operations() + " operations of the machine:\n  " + String.join("\n  ", found);
    }

    private String figures() {
        double seconds = (System.nanoTime() - began) / (double) NANOS;
        return String.format(
                Locale.ROOT,
                "%,d operations in %.1f s (%,.0f a second), %,d machines, %,d audits, %,d guest page faults",
                done,
                seconds,
                done / Math.max(seconds, 1e-9),
                machines,
                audits,
                faults);
    }
}
