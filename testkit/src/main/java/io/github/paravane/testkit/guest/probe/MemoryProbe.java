package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.TrapWord;

/** The probe of memory_op, grants and descriptors. */
final class MemoryProbe {
    private static final int SLOTS = 32;
    private static final int KEPT_SLOTS = 16;
    private static final int SWEEP_EVERY = 32;
    private static final int SWEPT_WORDS = 8;
    private static final int SUM_FACTOR = 31;

    private final Probe probe = new Probe();
    private final FramePool pool = new FramePool(probe, SLOTS, KEPT_SLOTS);
    private final ReservationCalls reservations = new ReservationCalls(probe, pool);
    private final PageCalls pages = new PageCalls(probe, pool);
    private final GrantCalls grants = new GrantCalls(probe, pool);
    private final DescriptorCalls descriptors = new DescriptorCalls(probe, pool);
    private final OddCalls oddCalls = new OddCalls(probe);

    private MemoryProbe() {}

    static byte[] elf() {
        return new MemoryProbe().build();
    }

    private byte[] build() {
        probe.program.main(() -> {
            probe.start();
            pool.start();
            grants.start();
            probe.log.run(this::any, SWEEP_EVERY, this::sweep);
        });
        return probe.program.toElf();
    }

    private void any() {
        probe.dice.roll(
                new Face(20, reservations::any),
                new Face(25, pages::any),
                new Face(35, grants::any),
                new Face(14, descriptors::any),
                new Face(6, oddCalls::any));
        reservations.count();
    }

    /** What lies in the pages, as far as they can be read, and in the grant table. */
    private void sweep() {
        Variable slot = probe.program.variable();
        Variable word = probe.program.variable();
        Variable sum = probe.program.variable();
        probe.flushAll();
        probe.program.repeat(slot, Value.of(SLOTS), () -> {
            probe.program.set(sum, 0);
            probe.program.attempt(() -> probe.program.repeat(
                    word,
                    Value.of(SWEPT_WORDS),
                    () -> probe.program.set(
                            sum,
                            sum.times(SUM_FACTOR)
                                    .plus(pool.normal(
                                            pool.address(slot).plus(word.shl(3)).load64())))));
            Variable vector = probe.set(probe.program.trap(TrapWord.VECTOR));
            probe.log.say("page", vector, probe.program.trap(TrapWord.ERROR), slot, sum);
        });
        grants.sweep();
    }
}
