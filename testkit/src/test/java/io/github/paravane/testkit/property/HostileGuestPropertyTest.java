package io.github.paravane.testkit.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whole guests that do their worst end in a result, and leave counts that a recount confirms. */
class HostileGuestPropertyTest {

    private static final RunLimits LIMITS =
            RunLimits.none().instructions(100_000).within(Duration.ofSeconds(20));
    private static final GuestPlaces PLACES = HostileGuest.places();

    @Provide
    Arbitrary<HostileGuest> guests() {
        return GuestArbitraries.guest(PLACES).withoutEdgeCases();
    }

    private static PvMachine machine(HostileGuest guest, MachineObserver observer) {
        return PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(guest.config())
                .observer(observer)
                .virtualTime()
                .build();
    }

    @Property(tries = 120)
    void everyGuestEnds(@ForAll("guests") HostileGuest guest) {
        PvMachine machine = machine(guest, new MachineObserver() {});
        RunResult result = machine.run(LIMITS);
        assertNotEquals(RunResult.Kind.UNSUPPORTED, result.kind(), result::toString);
        assertNotEquals(RunResult.Kind.TIME_LIMIT, result.kind(), result::toString);
        assertEquals(List.of(), machine.auditFrames());
    }

    /** Every kind of step is taken, and a fault ends none but its own. */
    @Example
    void stepsAreTakenOneAfterTheOther() {
        long page = PLACES.linear().get(0);
        List<GuestStep> steps = List.of(
                new GuestStep.Store(GuestStep.How.MOV, page, 0x1122_3344_5566_7788L),
                new GuestStep.Store(GuestStep.How.XCHG, page + 8, 5),
                new GuestStep.Store(GuestStep.How.LOCK_CMPXCHG, page + 16, 6),
                new GuestStep.Store(GuestStep.How.LOCK_AND, page, 0xFFFF_FFFFL),
                new GuestStep.Store(GuestStep.How.MOV_HALF, page + 24, -1L),
                new GuestStep.Load(0xDEAD_0000_0000L),
                new GuestStep.Load(page),
                new GuestStep.Execute(InstructionBytes.of(0x0F, 0x0B)),
                new GuestStep.SetRegister(4, 0x1234),
                new GuestStep.SetRegister(7, page),
                new GuestStep.Execute(InstructionBytes.of(0x48, 0x89, 0x3F)),
                new GuestStep.Call(HypercallRequest.of(17, List.of(), 0L)));
        List<Integer> called = new ArrayList<>();
        HostileGuest guest = new HostileGuest(steps);
        PvMachine machine = machine(guest, new MachineObserver() {
            @Override
            public void hypercall(MachineEvent.HypercallDone event) {
                called.add(event.number());
            }
        });
        RunResult result = machine.run(LIMITS);

        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind(), result::toString);
        assertEquals(List.of(0, 21, 17, 29), called);
        long maddr = machine.domains()
                .get(0)
                .vcpus()
                .get(0)
                .paging()
                .walk(machine.domains().get(0).vcpus().get(0).kernelBase(), page)
                .maddr();
        assertEquals(page, machine.memory().readU64(maddr));
        assertEquals(5, machine.memory().readU64(maddr + 8));
        assertEquals(6, machine.memory().readU64(maddr + 16));
        assertEquals(0xFFFF_FFFFL, machine.memory().readU64(maddr + 24));
    }

    @Example
    void placesAreTheSameForEveryGuest() {
        HostileGuest most = new HostileGuest(Collections.nCopies(
                HostileGuest.MOST_STEPS,
                new GuestStep.Call(new HypercallRequest(
                        0, Collections.nCopies(6, -1L), Collections.nCopies(HypercallRequest.MAX_BUFFER, -1L)))));
        assertEquals(new HostileGuest(List.of()).image().length, most.image().length);
        assertFalse(PLACES.tables().isEmpty());
        assertThrows(
                IllegalArgumentException.class, () -> new HostileGuest(Collections.nCopies(65, new GuestStep.Load(0))));
        assertThrows(IllegalArgumentException.class, () -> new GuestStep.SetRegister(16, 0));
        assertThrows(IllegalArgumentException.class, () -> InstructionBytes.of());
        assertThrows(IllegalArgumentException.class, () -> InstructionBytes.of(256));
    }
}
