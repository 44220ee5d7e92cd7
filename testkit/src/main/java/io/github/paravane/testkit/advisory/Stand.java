package io.github.paravane.testkit.advisory;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/** What a trial is played on: the profile, and the parts that whoever plays it brings. */
public final class Stand {

    private static final RunLimits LIMITS =
            RunLimits.none().instructions(200_000_000).within(Duration.ofSeconds(20));

    private final AbiProfile profile;
    private final CpuCoreFactory cores;
    private final Supplier<Tlb> tlbs;
    private final MachineObserver observer;

    Stand(AbiProfile profile, CpuCoreFactory cores, Supplier<Tlb> tlbs, MachineObserver observer) {
        this.profile = Objects.requireNonNull(profile, "profile");
        this.cores = Objects.requireNonNull(cores, "cores");
        this.tlbs = Objects.requireNonNull(tlbs, "tlbs");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /** The ABI that the trial is about. */
    public AbiProfile profile() {
        return profile;
    }

    /** A TLB as the machine of this stand gets it, for a trial that watches one. */
    public Tlb tlb() {
        return tlbs.get();
    }

    /** A machine of the profile with the parts of the stand and virtual time; the trial adds domains. */
    public PvMachine.Builder machine() {
        return PvMachine.builder(profile)
                .cores(cores)
                .tlbs(tlbs)
                .observer(observer)
                .virtualTime();
    }

    /** Runs a machine until its domains have ended, or something is wrong with the trial. */
    public RunResult run(PvMachine machine) {
        return machine.run(LIMITS);
    }
}
