package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.testkit.paging.CountingTlb;
import java.time.Duration;
import java.util.Objects;

/** A small machine for one Java kernel: 8 MiB, virtual time so that runs repeat exactly, a TLB that counts fills by page. */
public final class ModelMachine {

    private static final long MEMORY = 8L << 20;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final CountingTlb tlb = new CountingTlb(Mmu.directMappedTlb(Mmu.DEFAULT_TLB_SIZE));
    private final PvMachine machine;

    /** A machine of a version, with a kernel that has not booted. */
    public ModelMachine(AbiProfile profile, GuestKernel kernel) {
        Objects.requireNonNull(kernel, "kernel");
        machine = PvMachine.builder(profile)
                .domain(DomainConfig.of(kernel).memory(MEMORY))
                .tlbs(() -> tlb)
                .virtualTime()
                .build();
    }

    /**
     * Runs the kernel until it powers off or panics: whether it powered off. Anything else is a fault of the play: {@link
     * IllegalStateException}.
     */
    public boolean play() {
        RunResult result = run(RunLimits.none());
        if (result.kind() != RunResult.Kind.SHUT_DOWN && result.kind() != RunResult.Kind.CRASHED) {
            throw new IllegalStateException("the domain did not end: " + result);
        }
        return result.kind() == RunResult.Kind.SHUT_DOWN;
    }

    /** Runs the kernel for a number of instructions, or until it ends earlier. */
    public RunResult play(long instructions) {
        return run(RunLimits.none().instructions(instructions));
    }

    private RunResult run(RunLimits limits) {
        return machine.run(limits.within(LONGEST));
    }

    /** The machine. */
    public PvMachine machine() {
        return machine;
    }

    /** The domain. */
    public Domain domain() {
        return machine.domains().get(0);
    }

    /** How often a page had to be looked up in the tables so far. */
    public long fills(long linear) {
        return tlb.fills(linear);
    }

    /** The counts of the vCPU's TLB. */
    public TlbStatistics statistics() {
        return tlb.statistics();
    }
}
