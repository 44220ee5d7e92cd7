package io.github.paravane.testkit.property;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Addresses, accesses, entries and tables.
 *
 * <pre>{@code
 * @Provide
 * Arbitrary<RandomTables> tables() {
 *     return PagingArbitraries.tables(PagingMode.FOUR_LEVEL);
 * }
 * }</pre>
 */
public final class PagingArbitraries {
    private PagingArbitraries() {}

    /** Canonical addresses of a mode that meet the entries of {@link #tables}. */
    public static Arbitrary<Long> linear(PagingMode mode) {
        Arbitrary<Integer> index = Arbitraries.of(RandomTables.INDEXES);
        Arbitrary<Long> offset = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(0L, 1L, 7L, 8L, 0x7FFL, 0xFF8L, 0xFFFL)),
                Tuple.of(1, Arbitraries.longs().between(0, 0xFFF)));
        return Combinators.combine(index, index, index, index, offset).as((l4, l3, l2, l1, low) -> {
            long address = (long) l4 << 39 | (long) l3 << 30 | (long) l2 << 21 | (long) l1 << 12 | low;
            int unused = Long.SIZE - mode.linearBits();
            return mode == PagingMode.PAE ? address << unused >>> unused : address << unused >> unused;
        });
    }

    /** Any 64-bit value, canonical or not, with the edges of the canonical halves preferred. */
    public static Arbitrary<Long> anyAddress() {
        return Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.of(0L, -1L, 0x7FFF_FFFF_FFFFL, 0x8000_0000_0000L, 0xFFFF_8000_0000_0000L)),
                Tuple.of(2, linear(PagingMode.FOUR_LEVEL)),
                Tuple.of(1, Arbitraries.longs()));
    }

    /** Bits of {@link Access}: read, write or fetch, at either privilege. */
    public static Arbitrary<Integer> access() {
        return Combinators.combine(
                        Arbitraries.of(Access.READ, Access.WRITE, Access.FETCH), Arbitraries.of(0, Access.USER))
                .as((kind, privilege) -> kind | privilege);
    }

    /** An entry as a kernel would write it or slightly wrong, naming a frame of {@link RandomTables} as a rule. */
    public static Arbitrary<Long> entry() {
        Arbitrary<Long> mfn = Arbitraries.frequencyOf(
                Tuple.of(24, Arbitraries.longs().between(0, RandomTables.TABLES - 1)),
                Tuple.of(4, Arbitraries.longs().between(RandomTables.TABLES, RandomTables.FRAMES - 1)),
                Tuple.of(1, Arbitraries.of((long) RandomTables.FRAMES, 0x200L, 0x4_0000L, 0x3_FFFF_FFFFL)));
        Arbitrary<Long> rights = Arbitraries.frequency(
                Tuple.of(8, Pte.PRESENT | Pte.RW | Pte.USER),
                Tuple.of(2, Pte.PRESENT | Pte.USER),
                Tuple.of(2, Pte.PRESENT | Pte.RW),
                Tuple.of(1, Pte.PRESENT),
                Tuple.of(1, Pte.RW | Pte.USER));
        Arbitrary<Long> state = Arbitraries.of(
                0L, Pte.ACCESSED, Pte.ACCESSED | Pte.DIRTY, Pte.GLOBAL, Pte.ACCESSED | Pte.DIRTY | Pte.GLOBAL, Pte.PWT);
        Arbitrary<Long> unusual = Arbitraries.frequency(
                Tuple.of(24, 0L),
                Tuple.of(4, Pte.NX),
                Tuple.of(3, Pte.PSE),
                Tuple.of(1, Pte.GUEST_KERNEL),
                Tuple.of(1, 1L << 51),
                Tuple.of(1, 1L << 46),
                Tuple.of(1, Pte.PSE | 1L << 13),
                Tuple.of(1, Pte.AVAIL));
        return Combinators.combine(mfn, rights, state, unusual)
                .as((frame, right, flag, odd) -> Pte.of(aligned(frame, odd), right | flag) | odd);
    }

    /** Frame 0 for most large pages, as most others would be misaligned. */
    private static long aligned(long frame, long flags) {
        return (flags & Pte.PSE) != 0 && frame < RandomTables.TABLES ? 0 : frame;
    }

    /** Tables for a mode: for PAE the first table is a root, with entries as a root has them. */
    public static Arbitrary<RandomTables> tables(PagingMode mode) {
        int count = RandomTables.TABLES * RandomTables.INDEXES.size();
        Arbitrary<RandomTables> tables = entry().list().ofSize(count).map(RandomTables::new);
        if (mode != PagingMode.PAE) {
            return tables;
        }
        // Flags that most entries have are reserved in a PAE root: keep one entry in eight as it is.
        Arbitrary<Long> mask = Arbitraries.frequency(Tuple.of(7, Pte.FRAME_MASK | Pte.PRESENT), Tuple.of(1, -1L));
        return Combinators.combine(tables, mask).as((random, kept) -> {
            List<Long> entries = new ArrayList<>(random.entries());
            for (int i = 0; i < RandomTables.INDEXES.size(); i++) {
                entries.set(i, entries.get(i) & kept);
            }
            return new RandomTables(entries);
        });
    }
}
