package io.github.paravane.testkit.paging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.MmuFeatures;
import io.github.paravane.mmu.memory.LazyMemory;
import io.github.paravane.testkit.paging.WalkOutcome.Faulted;
import io.github.paravane.testkit.paging.WalkOutcome.Translated;
import io.github.paravane.testkit.property.PagingArbitraries;
import io.github.paravane.testkit.property.RandomTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Module mmu's page walk agrees with the reference walker on random tables: result, fault, and every byte it leaves. */
class PageWalkPropertyTest {
    @Provide
    Arbitrary<RandomTables> tables() {
        return PagingArbitraries.tables(PagingMode.FOUR_LEVEL);
    }

    @Provide
    Arbitrary<RandomTables> paeTables() {
        return PagingArbitraries.tables(PagingMode.PAE);
    }

    @Provide
    Arbitrary<Long> linear() {
        return PagingArbitraries.linear(PagingMode.FOUR_LEVEL).withoutEdgeCases();
    }

    @Provide
    Arbitrary<Long> paeLinear() {
        return PagingArbitraries.linear(PagingMode.PAE).withoutEdgeCases();
    }

    @Provide
    Arbitrary<Integer> access() {
        return PagingArbitraries.access().withoutEdgeCases();
    }

    @Provide
    Arbitrary<WalkSettings> settings() {
        Arbitrary<Boolean> flag = Arbitraries.of(true, true, true, false);
        return Combinators.combine(Arbitraries.of(46, 46, 52, 39), flag, flag, flag)
                .as(WalkSettings::new)
                .withoutEdgeCases();
    }

    @Property(tries = 3_000)
    void fourLevelWalksAgree(
            @ForAll("tables") RandomTables tables,
            @ForAll("linear") long linear,
            @ForAll("access") int access,
            @ForAll("settings") WalkSettings settings) {
        compare(PagingMode.FOUR_LEVEL, tables, linear, access, settings);
    }

    @Property(tries = 2_000)
    void paeWalksAgree(
            @ForAll("paeTables") RandomTables tables,
            @ForAll("paeLinear") long linear,
            @ForAll("access") int access,
            @ForAll("settings") WalkSettings settings) {
        compare(PagingMode.PAE, tables, linear, access, settings);
    }

    /** The accessed bit set at level 2 must not be taken for a reserved bit of the PAE root, which is the same entry. */
    @Example
    void aPaeRootMayBeItsOwnPageDirectory() {
        List<Long> entries =
                new ArrayList<>(Collections.nCopies(RandomTables.TABLES * RandomTables.INDEXES.size(), 0L));
        entries.set(0, Pte.PRESENT);
        compare(PagingMode.PAE, new RandomTables(entries), 0, 0, WalkSettings.DEFAULT);
    }

    private static void compare(PagingMode mode, RandomTables tables, long linear, int access, WalkSettings settings) {
        LazyMemory memory = new LazyMemory(RandomTables.FRAMES);
        tables.storeTo(memory);
        byte[] before = contents(memory);
        WalkOutcome expected = new ReferenceWalker(memory, mode, settings).walk(0, linear, access);
        Mmu mmu = Mmu.builder(memory, mode)
                .features(features(settings))
                .tlbSize(16)
                .build();
        mmu.loadBase(0, FlushScope.ALL);
        PageWalk inspected = mmu.walk(0, linear);
        assertArrayEquals(before, contents(memory), "inspection writes");
        long maddr = mmu.translate(linear, access);
        if (expected instanceof Faulted faulted) {
            assertEquals(AddressTranslator.FAULT, maddr);
            assertEquals(faulted.fault(), mmu.fault());
        } else if (expected instanceof Translated translated) {
            assertEquals(translated.maddr(), maddr);
            assertEquals(translated.maddr(), inspected.maddr());
            assertNotEquals(0, inspected.steps().size());
            LazyMemory updated = new LazyMemory(RandomTables.FRAMES);
            updated.write(0, before, 0, before.length);
            for (Map.Entry<Long, Long> update : translated.updates().entrySet()) {
                updated.writeU64(update.getKey(), update.getValue());
            }
            before = contents(updated);
        }
        assertArrayEquals(before, contents(memory));
    }

    private static MmuFeatures features(WalkSettings settings) {
        return new MmuFeatures(
                settings.physicalWidth(), settings.noExecute(), settings.gigabytePages(), settings.writeProtect());
    }

    private static byte[] contents(MachineMemory memory) {
        byte[] bytes = new byte[RandomTables.FRAMES << MachineMemory.FRAME_SHIFT];
        memory.read(0, bytes, 0, bytes.length);
        return bytes;
    }
}
