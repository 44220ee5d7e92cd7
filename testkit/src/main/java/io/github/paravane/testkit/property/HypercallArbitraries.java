package io.github.paravane.testkit.property;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Hypercalls that a hostile or confused guest makes. */
public final class HypercallArbitraries {
    private HypercallArbitraries() {}

    /**
     * A value for an argument: small numbers (commands, counts, ports, frames), pointers, the own domain's id 0x7FF0, and
     * anything.
     *
     * @param pointers addresses that the guest has mapped, at least one
     */
    public static Arbitrary<Long> argument(List<Long> pointers) {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(0, 32)),
                Tuple.of(4, Arbitraries.of(pointers)),
                Tuple.of(1, Arbitraries.of(0x7FF0L, 0x7FF1L, -1L, 0x8000_0000L, 0xFFFF_FFFFL)),
                Tuple.of(1, PagingArbitraries.anyAddress()),
                Tuple.of(1, Arbitraries.longs()));
    }

    /** One call of any number from 0 to 63 and sometimes beyond. */
    public static Arbitrary<HypercallRequest> call(List<Long> pointers) {
        Arbitrary<Integer> number = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(0, 63)),
                Tuple.of(1, Arbitraries.of(64, 127, 128, -1, Integer.MAX_VALUE)));
        return Combinators.combine(number, argument(pointers).list().ofSize(6)).as(HypercallRequest::new);
    }

    /** Sequences of one to forty calls. */
    public static Arbitrary<List<HypercallRequest>> sequence(List<Long> pointers) {
        return call(pointers).list().ofMinSize(1).ofMaxSize(40);
    }
}
