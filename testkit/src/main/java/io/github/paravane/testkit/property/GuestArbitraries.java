package io.github.paravane.testkit.property;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Whole hostile guests. A guest shrinks to fewer steps and each step to smaller values, so that what remains of a failure is
 * about as short as a person would write it.
 *
 * <pre>{@code
 * @Provide
 * Arbitrary<HostileGuest> guests() {
 *     return GuestArbitraries.guest(HostileGuest.places());
 * }
 * }</pre>
 */
public final class GuestArbitraries {

    private static final int MOST = 40;

    private GuestArbitraries() {}

    /** Guests of one to forty steps. */
    public static Arbitrary<HostileGuest> guest(GuestPlaces places) {
        return step(places).list().ofMinSize(1).ofMaxSize(MOST).map(HostileGuest::new);
    }

    /** One step. */
    public static Arbitrary<GuestStep> step(GuestPlaces places) {
        Arbitrary<GuestStep> call = HypercallArbitraries.request(places).map(GuestStep.Call::new);
        Arbitrary<GuestStep> execute = InstructionArbitraries.instruction().map(GuestStep.Execute::new);
        Arbitrary<GuestStep> register = Combinators.combine(
                        Arbitraries.integers().between(0, 15), value(places))
                .as(GuestStep.SetRegister::new);
        return Arbitraries.frequencyOf(
                Tuple.of(8, call),
                Tuple.of(6, store(places)),
                Tuple.of(1, address(places).map(GuestStep.Load::new)),
                Tuple.of(2, register),
                Tuple.of(4, execute));
    }

    private static Arbitrary<GuestStep> store(GuestPlaces places) {
        return Combinators.combine(Arbitraries.of(GuestStep.How.class), address(places), value(places))
                .as(GuestStep.Store::new);
    }

    /** Words of pages that are mapped, the guest's own tables among them, and now and then any address. */
    private static Arbitrary<Long> address(GuestPlaces places) {
        Arbitrary<Long> mapped = Combinators.combine(
                        Arbitraries.of(places.linear()),
                        Arbitraries.frequencyOf(
                                Tuple.of(1, Arbitraries.of(0L, 1L, 255L, 256L, 271L, 272L, 511L)),
                                Tuple.of(2, Arbitraries.longs().between(0, 511))))
                .as((page, word) -> page + 8 * word);
        return Arbitraries.frequencyOf(Tuple.of(9, mapped), Tuple.of(1, PagingArbitraries.anyAddress()));
    }

    private static Arbitrary<Long> value(GuestPlaces places) {
        return Arbitraries.frequencyOf(
                Tuple.of(6, HypercallArbitraries.entry(places)),
                Tuple.of(1, CpuArbitraries.operand()),
                Tuple.of(1, Arbitraries.of(places.linear())));
    }
}
