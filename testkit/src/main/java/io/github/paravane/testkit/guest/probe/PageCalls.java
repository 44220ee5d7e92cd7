package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** Operations on single pages: mapped, cleared, copied, named, pinned as a page table, written to. */
final class PageCalls {
    private final Probe probe;
    private final GuestProgram program;
    private final Dice dice;
    private final FramePool pool;

    PageCalls(Probe probe, FramePool pool) {
        this.probe = probe;
        this.pool = pool;
        program = probe.program;
        dice = probe.dice;
    }

    void any() {
        dice.roll(
                new Face(9, this::map),
                new Face(3, this::clearOrCopy),
                new Face(2, this::name),
                new Face(3, this::pin),
                new Face(2, this::update),
                new Face(9, this::store));
    }

    /** A slot's frame, or now and then something that is none. */
    private Value frame() {
        Variable frame = probe.set(pool.mfn(pool.slot()));
        program.when(dice.oneIn(25), () -> program.set(frame, dice.oneOf(0, 1L << 36, -1L >>> 24)));
        return frame;
    }

    private void map() {
        Variable slot = probe.set(pool.slot());
        Variable entry = probe.set(pool.mfn(slot));
        program.when(dice.oneIn(6), () -> program.set(entry, frame()));
        program.set(entry, entry.shl(12).or(dice.oneOf(0x63, 0x63, 0x63, 0x61, 0x63 | 1L << 63, 0)));
        Variable flush = probe.set(dice.oneOf(2, 2, 2, 1, 0, 3, 4));
        probe.log.say("map", probe.updateVaMapping(pool.address(slot), entry, flush), slot, pool.normal(entry), flush);
    }

    private void clearOrCopy() {
        Variable command = probe.set(dice.oneOf(Probe.CLEAR_PAGE, Probe.COPY_PAGE, Probe.COPY_PAGE));
        Variable target = probe.set(frame());
        Variable source = probe.set(frame());
        probe.log.say(
                "clear_copy",
                probe.extended(command, target, source),
                command,
                pool.named(target),
                pool.named(source),
                probe.done());
    }

    private void name() {
        Variable slot = probe.set(pool.slot());
        Variable frame = probe.set(pool.mfn(slot));
        program.when(frame.isZero(), () -> program.set(frame, Value.of(-1L >>> 24)));
        Variable other = probe.set(probe.update(frame.shl(12).or(1), dice.oneOf(0, 5, -1)));
        program.when(pool.mfn(slot), () -> dice.hash(probe.m2p(frame)));
        probe.log.say("name", other, slot, probe.done());
        probe.log.say("rename", probe.update(frame.shl(12).or(1), pool.pfn(slot)), probe.done());
    }

    private void pin() {
        Variable command = probe.set(dice.oneOf(
                Hypercalls.PIN_L1_TABLE, Hypercalls.PIN_L1_TABLE, Hypercalls.PIN_L2_TABLE, Hypercalls.UNPIN_TABLE));
        Variable frame = probe.set(frame());
        program.when(dice.oneIn(3), () -> program.set(command, Hypercalls.UNPIN_TABLE));
        probe.log.say("pin", probe.extended(command, frame, Value.of(0)), command, pool.named(frame), probe.done());
    }

    private void update() {
        Variable frame = probe.set(frame());
        Variable index = probe.set(dice.below(4));
        Variable target = probe.set(pool.mfn(pool.keptSlot()));
        program.when(dice.oneIn(25), () -> program.set(target, dice.oneOf(0, 1L << 36, -1L >>> 24)));
        Variable entry = probe.set(target.shl(12).or(dice.oneOf(0x61, 0x63, 0x67, 0, 1)));
        Variable result = probe.set(probe.update(frame.shl(12).or(index.shl(3)), entry));
        probe.log.say("update", result, pool.named(frame), index, pool.normal(entry), probe.done());
    }

    private void store() {
        Variable slot = probe.set(pool.slot());
        Variable word = probe.set(dice.below(8));
        Variable value = probe.set(dice.below(1 << 12).shl(1));
        Variable place = probe.set(pool.address(slot).plus(word.shl(3)));
        Variable read = probe.set(Value.of(0));
        probe.flushAll();
        program.attempt(() -> {
            program.set(read, place.load64());
            program.when(dice.oneIn(2), () -> program.store64(place, value));
        });
        Variable vector = probe.set(program.trap(TrapWord.VECTOR));
        Variable error = probe.set(program.trap(TrapWord.ERROR));
        probe.log.say("store", vector, error, slot, word, pool.normal(read));
    }
}
