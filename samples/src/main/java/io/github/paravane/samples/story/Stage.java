package io.github.paravane.samples.story;

import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.testkit.paging.CountingTlb;
import java.time.Duration;

/** A small machine with one Java kernel, and a TLB that counts fills by page. */
final class Stage {

    private static final long MEMORY = 8L << 20;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final CountingTlb tlb = new CountingTlb(Mmu.directMappedTlb(Mmu.DEFAULT_TLB_SIZE));
    private final PvMachine machine;

    Stage(AbiProfile profile, GuestKernel kernel) {
        machine = PvMachine.builder(profile)
                .domain(DomainConfig.of(kernel).memory(MEMORY))
                .tlbs(() -> tlb)
                .virtualTime()
                .build();
    }

    /** Runs the kernel until it powers off or panics; anything else is a fault of the play. */
    boolean play() {
        RunResult result = machine.run(RunLimits.none().within(LONGEST));
        if (result.kind() != RunResult.Kind.SHUT_DOWN && result.kind() != RunResult.Kind.CRASHED) {
            throw new IllegalStateException("the domain did not end: " + result);
        }
        return result.kind() == RunResult.Kind.SHUT_DOWN;
    }

    /** How often a page had to be looked up in the tables so far. */
    long fills(long linear) {
        return tlb.fills(linear);
    }

    /** The counts of the vCPU's TLB. */
    TlbStatistics statistics() {
        return machine.domains().get(0).vcpus().get(0).paging().tlb().statistics();
    }
}
