package io.github.paravane.testkit.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;
import io.github.paravane.testkit.paging.WalkOutcome.Faulted;
import io.github.paravane.testkit.paging.WalkOutcome.Translated;
import io.github.paravane.testkit.property.PagingArbitraries;
import io.github.paravane.testkit.property.RandomTables;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The TLB never answers what a walk plus the flush history forbids: a translation that differs from a walk of the tables as
 * they are now must be that of an earlier walk, and no flush that covers it may lie between.
 */
class TlbHistoryPropertyTest {
    private enum Kind {
        TRANSLATE,
        STORE_ENTRY,
        FLUSH_PAGE,
        FLUSH,
        LOAD_BASE
    }

    /** One step; what a field means depends on the kind. */
    private record Step(Kind kind, long linear, int access, int position, long entry, FlushScope scope) {}

    /** A translation that a TLB may hold: what a walk found at some moment. */
    private record Remembered(long linear, long maddr, int pageShift, int access, boolean writes, boolean global) {
        boolean answers(long wanted, int wantedAccess) {
            boolean samePage = linear >>> 12 == wanted >>> 12;
            int kind = Access.USER | Access.FETCH;
            boolean sameKind = (access & kind) == (wantedAccess & kind);
            return samePage && sameKind && ((wantedAccess & Access.WRITE) == 0 || writes);
        }

        boolean isCoveredBy(long flushed) {
            return linear >>> pageShift == flushed >>> pageShift;
        }
    }

    @Provide
    Arbitrary<RandomTables> tables() {
        return PagingArbitraries.tables(PagingMode.FOUR_LEVEL);
    }

    /** Few addresses, so that translations and flushes meet; the tables map nearly all of them by one or two entries. */
    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> linear =
                PagingArbitraries.linear(PagingMode.FOUR_LEVEL).map(address -> address & ~(3L << 39) & ~(3L << 30));
        Arbitrary<Kind> kind = Arbitraries.frequency(
                Tuple.of(12, Kind.TRANSLATE),
                Tuple.of(3, Kind.STORE_ENTRY),
                Tuple.of(2, Kind.FLUSH_PAGE),
                Tuple.of(1, Kind.FLUSH),
                Tuple.of(1, Kind.LOAD_BASE));
        return Combinators.combine(
                        kind,
                        linear,
                        PagingArbitraries.access(),
                        Arbitraries.integers().between(0, 1000),
                        PagingArbitraries.entry(),
                        Arbitraries.of(FlushScope.class))
                .as(Step::new)
                .list()
                .ofMinSize(10)
                .ofMaxSize(120)
                .withoutEdgeCases();
    }

    @Property(tries = 600)
    void anAnswerIsAWalkOfNowOrOfSinceTheLastFlush(
            @ForAll("tables") RandomTables tables, @ForAll("steps") List<Step> steps) {
        new Run(tables).run(steps);
    }

    private static final class Run {
        private final MachineMemory memory = new LazyMemory(RandomTables.FRAMES);
        private final Mmu mmu =
                Mmu.builder(memory, PagingMode.FOUR_LEVEL).tlbSize(8).build();
        private final ReferenceWalker walker = new ReferenceWalker(memory, PagingMode.FOUR_LEVEL, WalkSettings.DEFAULT);
        private final List<Remembered> remembered = new ArrayList<>();
        private long translations;

        Run(RandomTables tables) {
            tables.storeTo(memory);
            mmu.loadBase(0, FlushScope.ALL);
        }

        void run(List<Step> steps) {
            for (Step step : steps) {
                switch (step.kind) {
                    case TRANSLATE -> translate(step.linear, step.access);
                    case STORE_ENTRY -> memory.writeU64(RandomTables.entryMaddr(step.position), step.entry);
                    case FLUSH_PAGE -> {
                        mmu.flushPage(step.linear);
                        remembered.removeIf(held -> held.isCoveredBy(step.linear));
                    }
                    case FLUSH -> {
                        mmu.flush(step.scope);
                        forget(step.scope);
                    }
                    case LOAD_BASE -> {
                        mmu.loadBase(step.position % RandomTables.TABLES, step.scope);
                        forget(step.scope);
                    }
                }
                checkInspection();
            }
            TlbStatistics statistics = mmu.tlb().statistics();
            assertEquals(translations, statistics.hits() + statistics.misses());
        }

        private void forget(FlushScope scope) {
            switch (scope) {
                case NONE -> {}
                case NON_GLOBAL -> remembered.removeIf(held -> !held.global);
                case ALL -> remembered.clear();
            }
        }

        private void translate(long linear, int access) {
            WalkOutcome now = walker.walk(mmu.base(), linear, access);
            long maddr = mmu.translate(linear, access);
            translations++;
            if (maddr == AddressTranslator.FAULT) {
                assertTrue(now instanceof Faulted, "fault without a reason in the tables");
                assertEquals(((Faulted) now).fault(), mmu.fault());
                return;
            }
            if (now instanceof Translated translated) {
                remember(linear, access, translated);
                if (translated.maddr() == maddr) {
                    return;
                }
            }
            assertTrue(
                    remembered.stream()
                            .anyMatch(held ->
                                    held.answers(linear, access) && (held.maddr & -4096 | linear & 4095) == maddr),
                    () -> "0x" + Long.toHexString(maddr) + " for 0x" + Long.toHexString(linear) + ", tables say "
                            + now);
        }

        private void remember(long linear, int access, Translated found) {
            boolean isWrite = (access & Access.WRITE) != 0;
            boolean writes = isWrite || found.writable() && (found.leaf() & Pte.DIRTY) != 0;
            boolean global = (found.leaf() & Pte.GLOBAL) != 0;
            remembered.add(new Remembered(linear, found.maddr(), found.pageShift(), access, writes, global));
        }

        /** What the TLB shows of itself obeys the same rule. */
        private void checkInspection() {
            for (TlbEntry entry : mmu.tlb().entries()) {
                assertTrue(
                        remembered.stream()
                                .anyMatch(held -> held.answers(entry.linear(), entry.access())
                                        && held.maddr >>> 12 == entry.mfn()
                                        && held.global == entry.isGlobal()),
                        () -> "holds " + entry);
            }
        }
    }
}
