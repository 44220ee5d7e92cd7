package io.github.paravane.testkit.property;

import io.github.paravane.api.paging.Pte;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Hypercalls that a busy, a confused or a hostile guest makes: page-table work on the guest's own tables, which succeeds
 * about as often as not, and calls of any number with any arguments.
 *
 * <pre>{@code
 * Arbitrary<List<HypercallRequest>> calls = HypercallArbitraries.sequence(new GuestPlaces(tables, frames, linear));
 * }</pre>
 */
public final class HypercallArbitraries {
    private static final int MMU_UPDATE = 1;
    private static final int SET_GDT = 2;
    private static final int UPDATE_DESCRIPTOR = 10;
    private static final int MEMORY_OP = 12;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int MMUEXT_OP = 26;
    private static final long DOMID_SELF = 0x7FF0;

    private HypercallArbitraries() {}

    /** Sequences of one to forty calls. */
    public static Arbitrary<List<HypercallRequest>> sequence(GuestPlaces places) {
        return request(places).list().ofMinSize(1).ofMaxSize(40);
    }

    /** One call: page-table work as a rule, else a descriptor, memory or any call. */
    public static Arbitrary<HypercallRequest> request(GuestPlaces places) {
        return Arbitraries.frequencyOf(
                Tuple.of(6, mmuUpdate(places)),
                Tuple.of(4, updateVaMapping(places)),
                Tuple.of(5, mmuExtOp(places)),
                Tuple.of(1, setGdt(places)),
                Tuple.of(1, updateDescriptor(places)),
                Tuple.of(2, reservation(places)),
                Tuple.of(4, anyCall(places)));
    }

    /** A page-table entry that maps one of the places. */
    public static Arbitrary<Long> entry(GuestPlaces places) {
        Arbitrary<Long> flags = Arbitraries.frequency(
                Tuple.of(4, Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED | Pte.DIRTY),
                Tuple.of(4, Pte.PRESENT | Pte.USER | Pte.ACCESSED),
                Tuple.of(2, Pte.PRESENT | Pte.RW),
                Tuple.of(2, 0L),
                Tuple.of(1, Pte.PRESENT | Pte.USER | Pte.PSE),
                Tuple.of(1, Pte.PRESENT | Pte.USER | Pte.GLOBAL),
                Tuple.of(1, Pte.PRESENT | Pte.USER | 1L << 51),
                Tuple.of(1, Pte.PRESENT | Pte.USER | Pte.NX));
        return Combinators.combine(mfn(places), flags).as(Pte::of);
    }

    private static Arbitrary<Long> mfn(GuestPlaces places) {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(places.tables())),
                Tuple.of(8, Arbitraries.of(places.frames())),
                Tuple.of(1, Arbitraries.of(0L, 0xFF_FFFFL, 0xFF_FFFF_FFFFL)));
    }

    /** Where an entry lies: slots that a kernel uses, and those that belong to the hypervisor (256 to 271 of the root). */
    private static Arbitrary<Long> entryAddress(GuestPlaces places) {
        Arbitrary<Long> slot = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(0, 4)),
                Tuple.of(2, Arbitraries.of(255L, 256L, 262L, 272L, 510L, 511L)),
                Tuple.of(4, Arbitraries.longs().between(0, 511)));
        Arbitrary<Long> command = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(0L)),
                Tuple.of(2, Arbitraries.longs().between(1, 7)));
        return Combinators.combine(mfn(places), slot, command).as((mfn, index, kind) -> mfn << 12 | index << 3 | kind);
    }

    private static Arbitrary<HypercallRequest> mmuUpdate(GuestPlaces places) {
        return Combinators.combine(entryAddress(places), entry(places))
                .as(List::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(pairs -> HypercallRequest.of(
                        MMU_UPDATE,
                        pairs.stream().flatMap(List::stream).toList(),
                        HypercallRequest.BUFFER,
                        (long) pairs.size(),
                        0L,
                        DOMID_SELF));
    }

    private static Arbitrary<HypercallRequest> updateVaMapping(GuestPlaces places) {
        return Combinators.combine(
                        Arbitraries.of(places.linear()),
                        entry(places),
                        Arbitraries.longs().between(0, 6))
                .as((linear, entry, flush) -> HypercallRequest.of(UPDATE_VA_MAPPING, List.of(), linear, entry, flush));
    }

    private static Arbitrary<HypercallRequest> mmuExtOp(GuestPlaces places) {
        Arbitrary<Long> argument = Arbitraries.frequencyOf(
                Tuple.of(3, mfn(places)),
                Tuple.of(1, Arbitraries.of(places.linear())),
                Tuple.of(1, Arbitraries.just(0L)));
        return Combinators.combine(Arbitraries.longs().between(0, 20), argument, argument)
                .as((command, first, second) -> HypercallRequest.of(
                        MMUEXT_OP, List.of(command, first, second), HypercallRequest.BUFFER, 1L, 0L, DOMID_SELF));
    }

    private static Arbitrary<HypercallRequest> setGdt(GuestPlaces places) {
        return Combinators.combine(
                        mfn(places).list().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.longs().between(0, 1600))
                .as((frames, entries) -> HypercallRequest.of(SET_GDT, frames, HypercallRequest.BUFFER, entries));
    }

    private static Arbitrary<HypercallRequest> updateDescriptor(GuestPlaces places) {
        Arbitrary<Long> descriptor = Arbitraries.of(0L, 0x00AF_FB00_0000_FFFFL, 0x00CF_9300_0000_FFFFL, -1L);
        return Combinators.combine(entryAddress(places), descriptor)
                .as((maddr, value) -> HypercallRequest.of(UPDATE_DESCRIPTOR, List.of(), maddr, value));
    }

    /** Increases, decreases and populates by one extent, whose frame or page number follows in the buffer. */
    private static Arbitrary<HypercallRequest> reservation(GuestPlaces places) {
        long extents = HypercallRequest.BUFFER + 32;
        return Combinators.combine(Arbitraries.of(0L, 1L, 6L), mfn(places))
                .as((command, frame) -> HypercallRequest.of(
                        MEMORY_OP, List.of(extents, 1L, 0L, DOMID_SELF, frame), command, HypercallRequest.BUFFER));
    }

    /** One call of any number from 0 to 63, and sometimes beyond, with numbers, addresses and garbage as arguments. */
    public static Arbitrary<HypercallRequest> anyCall(GuestPlaces places) {
        Arbitrary<Integer> number = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(0, 63)),
                Tuple.of(1, Arbitraries.of(64, 127, 128, -1, Integer.MAX_VALUE)));
        Arbitrary<Long> argument = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(0, 32)),
                Tuple.of(4, Arbitraries.of(places.linear())),
                Tuple.of(2, mfn(places)),
                Tuple.of(2, Arbitraries.just(HypercallRequest.BUFFER)),
                Tuple.of(1, Arbitraries.of(DOMID_SELF, 0x7FF1L, -1L, 0x8000_0000L, 0xFFFF_FFFFL)),
                Tuple.of(1, PagingArbitraries.anyAddress()),
                Tuple.of(1, Arbitraries.longs()));
        Arbitrary<List<Long>> buffer = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(List.of())),
                Tuple.of(1, argument.list().ofMinSize(1).ofMaxSize(HypercallRequest.MAX_BUFFER)));
        return Combinators.combine(number, argument.list().ofSize(6), buffer).as(HypercallRequest::new);
    }
}
