package io.github.paravane.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.mmu.Mmu;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every {@link GuestKernel} that powers itself off guarantees: it comes to its end on machines of several sizes, the
 * same way each time, however the run is cut up, and calls nothing that the version does not have.
 */
public abstract class GuestKernelContract {

    private static final int POWER_OFF = 0;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long INSTRUCTIONS = 50_000_000;

    /** A new kernel. */
    protected abstract GuestKernel create();

    /** The version it is written for. */
    protected AbiProfile profile() {
        return AbiProfiles.XEN_4_17;
    }

    /** The memory that it needs. */
    protected long memory() {
        return 16L << 20;
    }

    /** How a run looked: its end, what was printed, and every event. */
    private record Story(RunResult.Kind kind, int reason, String printed, List<String> events) {}

    private Story play(long memory, int tlbEntries, long slice) {
        List<String> events = new ArrayList<>();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PvMachine machine = machine(
                        memory, ConsolePort.output(printed), Observers.forEach(event -> events.add(event.toString())))
                .tlbs(() -> Mmu.directMappedTlb(tlbEntries))
                .build();
        RunResult end = run(machine, slice);
        return new Story(end.kind(), end.shutdownReason(), printed.toString(), events);
    }

    private PvMachine.Builder machine(long memory, ConsolePort console, MachineObserver observer) {
        return PvMachine.builder(profile())
                .domain(DomainConfig.of(create()).memory(memory).console(console))
                .observer(observer)
                .virtualTime();
    }

    private static RunResult run(PvMachine machine, long slice) {
        RunResult end;
        do {
            end = machine.run(RunLimits.none().instructions(slice).within(LONGEST));
        } while (end.kind() == RunResult.Kind.INSTRUCTION_LIMIT && machine.instructions() < INSTRUCTIONS);
        return end;
    }

    private void assertPowersOff(Story story) {
        assertEquals(RunResult.Kind.SHUT_DOWN, story.kind());
        assertEquals(POWER_OFF, story.reason());
    }

    @Test
    void powersOff() {
        assertPowersOff(play(memory(), Mmu.DEFAULT_TLB_SIZE, INSTRUCTIONS));
    }

    @Test
    void doesTheSameEachTime() {
        assertEquals(
                play(memory(), Mmu.DEFAULT_TLB_SIZE, INSTRUCTIONS), play(memory(), Mmu.DEFAULT_TLB_SIZE, INSTRUCTIONS));
    }

    @Test
    void doesNotNoticeHowTheRunIsCutUp() {
        assertEquals(
                play(memory(), Mmu.DEFAULT_TLB_SIZE, INSTRUCTIONS).printed(),
                play(memory(), Mmu.DEFAULT_TLB_SIZE, 1).printed());
    }

    @Test
    void doesNotNeedATlbThatRemembers() {
        Story story = play(memory(), 1, INSTRUCTIONS);
        assertPowersOff(story);
        assertEquals(play(memory(), Mmu.DEFAULT_TLB_SIZE, INSTRUCTIONS).printed(), story.printed());
    }

    @Test
    void runsWithMoreMemory() {
        assertPowersOff(play(4 * memory(), Mmu.DEFAULT_TLB_SIZE, INSTRUCTIONS));
    }

    @Test
    void callsNothingThatDoesNotExist() {
        List<String> unknown = new ArrayList<>();
        MachineObserver observer = new MachineObserver() {
            @Override
            public void hypercall(MachineEvent.HypercallDone event) {
                if (event.outcome().result() == XenErrno.ENOSYS.result()) {
                    unknown.add(event.name() + event.arguments());
                }
            }
        };
        run(machine(memory(), ConsolePort.none(), observer).build(), INSTRUCTIONS);
        assertEquals(List.of(), unknown);
    }

    @Test
    void leavesCountsExactAndGivesEveryFrameBack() {
        PvMachine machine =
                machine(memory(), ConsolePort.none(), Observers.none()).build();
        run(machine, INSTRUCTIONS);
        assertEquals(List.of(), machine.auditFrames());
        assertEquals(0, machine.destroy(machine.domains().get(0)));
    }
}
