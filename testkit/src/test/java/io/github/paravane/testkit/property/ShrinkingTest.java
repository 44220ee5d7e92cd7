package io.github.paravane.testkit.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.Shrinkable;

/** What is left when a failure is shrunk: that which it takes, and nothing that a reader would have to think away. */
class ShrinkingTest {

    private static final int SAMPLES = 3000;
    private static final int FAILURES = 5;
    private static final int STEPS = 4000;
    private static final GuestPlaces PLACES =
            new GuestPlaces(List.of(0x100L, 0x101L), List.of(0x200L, 0x201L), List.of(0x10_0000L, 0x20_0000L));

    /** Draws values until some fail, shrinks each, and gives what remains. */
    private static <T> List<T> shrunk(Arbitrary<T> arbitrary, Predicate<T> fails) {
        Random random = new Random(1);
        var generator = arbitrary.generator(1000);
        List<T> smallest = new ArrayList<>();
        for (int n = 0; n < SAMPLES && smallest.size() < FAILURES; n++) {
            Shrinkable<T> drawn = generator.next(random);
            if (fails.test(drawn.value())) {
                smallest.add(shrink(drawn, fails).value());
            }
        }
        assertEquals(FAILURES, smallest.size(), "the arbitrary hardly ever makes what the test looks for");
        return smallest;
    }

    private static <T> Shrinkable<T> shrink(Shrinkable<T> start, Predicate<T> fails) {
        Shrinkable<T> best = start;
        for (int n = 0; n < STEPS; n++) {
            Shrinkable<T> now = best;
            Optional<Shrinkable<T>> smaller = now.shrink()
                    .limit(STEPS)
                    .filter(each -> each.distance().compareTo(now.distance()) < 0 && fails.test(each.value()))
                    .findFirst();
            if (smaller.isEmpty()) {
                return best;
            }
            best = smaller.get();
        }
        return best;
    }

    @Example
    void guestsShrinkToTheOneStepThatMatters() {
        for (HostileGuest guest : shrunk(
                GuestArbitraries.guest(PLACES),
                guest -> guest.steps().stream().anyMatch(GuestStep.Store.class::isInstance))) {
            assertEquals(1, guest.steps().size(), guest::toString);
        }
    }

    @Example
    void guestsKeepBothStepsThatMatterInOrder() {
        for (HostileGuest guest : shrunk(GuestArbitraries.guest(PLACES), ShrinkingTest::loadsThenCalls)) {
            assertEquals(2, guest.steps().size(), guest::toString);
        }
    }

    private static boolean loadsThenCalls(HostileGuest guest) {
        boolean loaded = false;
        for (GuestStep step : guest.steps()) {
            if (loaded && step instanceof GuestStep.Call) {
                return true;
            }
            loaded |= step instanceof GuestStep.Load;
        }
        return false;
    }

    @Example
    void hypercallSequencesShrinkToOneCallWithLittleInIt() {
        for (List<HypercallRequest> calls : shrunk(
                HypercallArbitraries.sequence(PLACES), calls -> calls.stream().anyMatch(call -> call.number() == 1))) {
            assertEquals(1, calls.size());
            assertTrue(calls.get(0).buffer().size() <= 2, calls::toString);
        }
    }

    @Example
    void instructionSequencesShrinkToTheInstructionWithLowRegisters() {
        for (List<InstructionBytes> code : shrunk(
                InstructionArbitraries.sequence(),
                code -> code.stream().anyMatch(each -> each.bytes().contains(0x83)))) {
            assertEquals(1, code.size(), code::toString);
            assertTrue(code.get(0).bytes().size() <= 3, code::toString);
        }
    }

    @Example
    void addressesEntriesAndOperandsShrinkToTheBoundary() {
        shrunk(PagingArbitraries.linear(PagingMode.FOUR_LEVEL), linear -> linear < 0)
                .forEach(linear -> assertTrue(linear < 0));
        for (long entry : shrunk(PagingArbitraries.entry(), each -> (each & Pte.RW) != 0)) {
            assertEquals(0, Pte.mfn(entry), () -> Long.toHexString(entry));
            assertEquals(0, entry & Pte.NX, () -> Long.toHexString(entry));
        }
        for (long operand : shrunk(CpuArbitraries.operand(), each -> Long.compareUnsigned(each, 1000) > 0)) {
            assertTrue(
                    operand == -1 || Long.bitCount(operand) <= 16 || operand < 1100, () -> Long.toHexString(operand));
        }
    }

    @Example
    void tablesShrinkToTheEntryThatMatters() {
        for (RandomTables tables : shrunk(
                PagingArbitraries.tables(PagingMode.FOUR_LEVEL),
                tables -> (tables.entries().get(7) & Pte.NX) != 0)) {
            long others = tables.entries().stream()
                    .filter(entry -> (entry & Pte.NX) != 0)
                    .count();
            assertEquals(1, others, tables::toString);
        }
    }

    @Example
    void registerFilesShrinkToTheRegisterThatMatters() {
        for (RegisterFile file :
                shrunk(CpuArbitraries.registers(0x1000), each -> each.gprs().get(3) == -1)) {
            List<Long> others = new ArrayList<>(file.gprs());
            others.remove(3);
            assertTrue(others.stream().allMatch(each -> each == 0), file::toString);
            assertEquals(0x202, file.rflags());
        }
    }

    @Example
    void garbageShrinksToTheBytesThatMatter() {
        for (byte[] page : shrunk(CpuArbitraries.garbagePage(), each -> each[10] != (byte) 0xF4)) {
            byte[] rest = Arrays.copyOfRange(page, 11, page.length);
            for (byte each : rest) {
                assertEquals((byte) 0xF4, each);
            }
        }
    }
}
