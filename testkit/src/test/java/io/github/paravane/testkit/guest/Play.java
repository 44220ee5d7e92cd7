package io.github.paravane.testkit.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.testkit.paging.CountingTlb;
import java.time.Duration;
import java.util.List;

/** One run of a Java kernel in a small machine. */
record Play(PvMachine machine, CountingTlb tlb) {

    static Play of(AbiProfile profile, GuestKernel kernel) {
        CountingTlb tlb = new CountingTlb(Mmu.directMappedTlb(Mmu.DEFAULT_TLB_SIZE));
        PvMachine machine = PvMachine.builder(profile)
                .domain(DomainConfig.of(kernel).memory(8 << 20))
                .tlbs(() -> tlb)
                .virtualTime()
                .build();
        return new Play(machine, tlb);
    }

    RunResult run() {
        RunResult result = machine.run(RunLimits.none().within(Duration.ofSeconds(30)));
        assertEquals(List.of(), machine.auditFrames());
        return result;
    }

    /** Runs a kernel that must come to its end. */
    static Play toTheEnd(AbiProfile profile, GuestKernel kernel) {
        Play play = of(profile, kernel);
        RunResult result = play.run();
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind(), result.toString());
        return play;
    }
}
