package io.github.paravane.testkit.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Nothing that a guest calls throws out of a run, hangs it, or leaves frame counts that a recount contradicts. */
class HypercallPropertyTest {
    private static final RunLimits LIMITS =
            RunLimits.none().instructions(300_000).within(Duration.ofSeconds(20));

    private static PvMachine machine(AbiProfile profile) {
        return PvMachine.builder(profile)
                .domain(CallingKernel.domain())
                .virtualTime()
                .build();
    }

    /** Frames are given out in the same order every time, so the places of one machine are those of all. */
    private static final GuestPlaces PLACES = CallingKernel.places(machine(AbiProfiles.XEN_4_17));

    @Provide
    Arbitrary<List<HypercallRequest>> calls() {
        List<Long> tables = CallingKernel.tableAddresses(machine(AbiProfiles.XEN_4_17));
        Arbitrary<HypercallRequest> store = Combinators.combine(
                        Arbitraries.integers().between(0, CallingKernel.STORES - 1),
                        Arbitraries.of(tables),
                        Arbitraries.frequencyOf(
                                Tuple.of(1, Arbitraries.of(0L, 1L, 2L, 3L, 256L, 510L, 511L)),
                                Tuple.of(3, Arbitraries.longs().between(0, 511))),
                        HypercallArbitraries.entry(PLACES))
                .as((kind, table, slot, entry) ->
                        HypercallRequest.of(CallingKernel.FIRST_STORE - kind, List.of(), table + slot * 8, entry));
        Arbitrary<List<HypercallRequest>> mixed = Combinators.combine(
                        HypercallArbitraries.sequence(PLACES), store.list().ofMaxSize(20))
                .as((calls, stores) -> {
                    List<HypercallRequest> all = new ArrayList<>(calls);
                    all.addAll(stores);
                    Collections.shuffle(all, new Random(all.hashCode()));
                    return List.copyOf(all);
                });
        return mixed.withoutEdgeCases();
    }

    @Provide
    Arbitrary<AbiProfile> profiles() {
        return Arbitraries.of(
                AbiProfiles.XEN_4_17,
                AbiProfiles.XEN_4_17,
                AbiProfiles.XEN_3_0_2,
                AbiProfiles.XEN_3_1_1,
                AbiProfiles.XEN_4_22);
    }

    @Example
    void theKernelCallsAndPowersOff() {
        PvMachine machine = machine(AbiProfiles.XEN_4_17);
        // xen_version(XENVER_version), then a call that does not exist
        // and two stores: to slot 400 of the table that maps the kernel, and to the hypervisor's address space
        long table = CallingKernel.leafTableAddress(machine);
        long entry = Pte.of(PLACES.frames().get(0), Pte.PRESENT | Pte.USER);
        List<HypercallRequest> calls = List.of(
                HypercallRequest.of(17, List.of(), 0L),
                HypercallRequest.of(63, List.of(), 0L),
                HypercallRequest.of(CallingKernel.FIRST_STORE, List.of(), table + 400 * 8, entry),
                HypercallRequest.of(CallingKernel.FIRST_STORE, List.of(), 0xFFFF_8000_0000_0000L, entry));
        CallingKernel.load(machine, calls);
        RunResult result = machine.run(LIMITS);
        assertEquals(RunResult.Kind.SHUT_DOWN, result.kind(), result::toString);
        assertEquals(
                List.of(4L << 16 | 17, -38L, (long) CallingKernel.FIRST_STORE, CallingKernel.FAULTED),
                CallingKernel.results(machine, 4));
        assertEquals(Pte.mfn(entry), CallingKernel.mappedAt(machine, CallingKernel.BASE + (400L << 12)));
        assertEquals(List.of(), machine.auditFrames());
    }

    @Property(tries = 200)
    void framesAreCountedRightWhateverTheGuestCalls(
            @ForAll("calls") List<HypercallRequest> calls, @ForAll("profiles") AbiProfile profile) {
        PvMachine machine = machine(profile);
        CallingKernel.load(machine, calls);
        RunResult result = machine.run(LIMITS);
        assertNotEquals(RunResult.Kind.UNSUPPORTED, result.kind(), result::toString);
        assertNotEquals(RunResult.Kind.TIME_LIMIT, result.kind(), result::toString);
        assertEquals(List.of(), machine.auditFrames());
    }

    private static PvMachine twoDomains() {
        return PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(CallingKernel.domain())
                .domain(CallingKernel.domain())
                .virtualTime()
                .build();
    }

    @Provide
    Arbitrary<List<HypercallRequest>> callsWithForeignFrames() {
        return HypercallArbitraries.sequence(CallingKernel.placesWithVictim(twoDomains()))
                .withoutEdgeCases();
    }

    @Property(tries = 80)
    void anotherDomainIsNeverTouched(@ForAll("callsWithForeignFrames") List<HypercallRequest> calls) {
        PvMachine machine = twoDomains();
        Map<Long, String> before = CallingKernel.victimPages(machine);
        CallingKernel.load(machine, calls);
        machine.run(LIMITS);
        assertEquals(before, CallingKernel.victimPages(machine));
        Domain.Shutdown end = machine.domains().get(1).shutdown();
        assertEquals(0, end == null ? -1 : end.reason(), "the other domain powered itself off");
        assertEquals(List.of(), machine.auditFrames());
    }

    @Property(tries = 20)
    void equalCallsGiveEqualRuns(@ForAll("calls") List<HypercallRequest> calls) {
        assertEquals(seen(calls), seen(calls));
    }

    private static String seen(List<HypercallRequest> calls) {
        PvMachine machine = machine(AbiProfiles.XEN_4_17);
        CallingKernel.load(machine, calls);
        RunResult result = machine.run(LIMITS);
        byte[] memory = new byte[(int) CallingKernel.MEMORY];
        machine.memory().read(0, memory, 0, memory.length);
        return result + " " + machine.instructions() + " " + Arrays.hashCode(memory);
    }
}
