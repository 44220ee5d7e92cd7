package io.github.paravane.testkit.hostile;

import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.QuirkSet;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Two hostile domains on one machine that make random hypercalls and stores, share frames by grants and try to harm each
 * other; audits look at everything between. One seed gives one history.
 */
public final class HostilePair {

    /** Calls and stores that a domain makes before the other one runs. */
    static final int SLICE = 64;

    private static final long MEMORY = 4L << 20;
    private static final RunLimits LIMITS = RunLimits.none().within(Duration.ofSeconds(60));

    /** A guest may well crash; the hypervisor and the library may not. */
    private static final Set<RunResult.Kind> EXPECTED =
            EnumSet.of(RunResult.Kind.STOPPED, RunResult.Kind.SHUT_DOWN, RunResult.Kind.CRASHED);

    private final PvMachine machine;
    private final @Nullable HostileMemory[] memories = new HostileMemory[2];
    private final long[][] foreign = new long[2][0];
    private long operations;
    private long faults;
    private long target;

    /** Two domains whose operations {@code seed} decides; the version is used without its {@code Quirk}s. */
    public HostilePair(AbiProfile profile, long seed) {
        this(profile, seed, Observers.none());
    }

    /** The same, watched. */
    public HostilePair(AbiProfile profile, long seed, MachineObserver observer) {
        this(profile, seed, observer, false);
    }

    /** The same; {@code control} makes the first one the control domain, which may map and change what is the other's. */
    public HostilePair(AbiProfile profile, long seed, MachineObserver observer, boolean control) {
        SplittableRandom random = new SplittableRandom(seed);
        DomainConfig first =
                DomainConfig.of(new HostileKernel(1, this, random.split())).memory(MEMORY);
        machine = PvMachine.builder(repaired(profile))
                .observer(observer)
                .domain(DomainConfig.of(new HostileKernel(1, this, random.split()))
                        .memory(MEMORY))
                .domain(DomainConfig.of(new HostileKernel(2, this, random.split()))
                        .memory(MEMORY))
                .spareMemory(1 << 20)
                .virtualTime()
                .build();
    }

    /** The version with its published bugs repaired, which are there to be found. */
    private static AbiProfile repaired(AbiProfile profile) {
        return profile.toBuilder(profile.name() + "-repaired")
                .set(QuirkSet.QUIRKS, QuirkSet.none())
                .build();
    }

    /** The machine. */
    public PvMachine machine() {
        return machine;
    }

    /** Hypercalls, requests in batches, and stores so far. */
    public long operations() {
        return operations;
    }

    /** Page faults that the guests took. */
    public long faults() {
        return faults;
    }

    /** Whether a domain is left that goes on. */
    public boolean isAlive() {
        return machine.domains().stream().anyMatch(Domain::isRunning);
    }

    /**
     * Goes on for about {@code count} operations, less if both domains end. {@link IllegalStateException} if the machine
     * stops for a reason of its own: a time limit, or something it does not support.
     */
    public void run(long count) {
        target = operations + count;
        while (operations < target && isAlive()) {
            RunResult result = machine.run(LIMITS);
            if (!EXPECTED.contains(result.kind())) {
                throw new IllegalStateException("the machine ended with " + result);
            }
        }
    }

    /** Count mismatches, forbidden mappings and leaks, in words; empty if all is well. */
    public List<String> audit() {
        List<String> found = new ArrayList<>(machine.auditFrames());
        found.addAll(machine.auditAccess());
        return found;
    }

    /** Ends both domains; the frames that did not come back, in words. */
    public List<String> end() {
        List<String> left = new ArrayList<>();
        for (Domain each : machine.domains()) {
            each.shutDown(Domain.Shutdown.CRASH, "killed");
        }
        for (Domain each : machine.domains()) {
            machine.destroy(each);
        }
        for (Domain each : machine.domains()) {
            long frames = machine.framesOf(each);
            if (frames != 0) {
                left.add("domain " + each.id() + " still owns " + frames + " frames");
            }
        }
        return left;
    }

    void add(int domain, HostileMemory memory) {
        memories[domain - 1] = memory;
    }

    /** The domid of the other domain. */
    int domidOfOther(int domain) {
        return machine.domains().get(2 - domain).id();
    }

    /** Some frames that the other domain had at some time. */
    long[] framesOfOther(int domain) {
        return foreign[domain - 1];
    }

    void count(int done) {
        operations += done;
    }

    /** A kernel has lost its own memory: from here on it would only fault. */
    void lost(int domain) {
        machine.domains().get(domain - 1).shutDown(Domain.Shutdown.CRASH, "lost its arguments");
    }

    void faulted() {
        faults++;
    }

    void sliceEnded() {
        for (int i = 0; i < 2; i++) {
            HostileMemory other = memories[1 - i];
            if (other != null) {
                foreign[i] = new long[] {other.mfn(other.index()), other.mfn(other.index())};
            }
        }
        if (operations >= target) {
            machine.stop();
        }
    }
}
