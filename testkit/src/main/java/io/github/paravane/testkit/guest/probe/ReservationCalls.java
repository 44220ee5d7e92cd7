package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Array;
import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;

/** memory_op: pages given back, taken, exchanged, and questions about them. */
final class ReservationCalls {
    private static final int INCREASE = 0;
    private static final int DECREASE = 1;
    private static final int CURRENT = 3;
    private static final int POPULATE = 6;
    private static final int EXCHANGE = 11;
    private static final int MOST = 3;

    private final Probe probe;
    private final GuestProgram program;
    private final Dice dice;
    private final FramePool pool;
    private final Array list;
    private final Array slots;
    private final Value request;
    private final Variable pageCount;

    ReservationCalls(Probe probe, FramePool pool) {
        this.probe = probe;
        this.pool = pool;
        program = probe.program;
        dice = probe.dice;
        list = program.array(MOST + 1);
        slots = program.array(MOST + 1);
        request = program.bytes(96);
        pageCount = program.variable();
    }

    void any() {
        dice.roll(
                new Face(4, this::decrease),
                new Face(3, this::increase),
                new Face(5, this::populate),
                new Face(5, this::exchange),
                new Face(2, this::exchangePair),
                new Face(3, this::question),
                new Face(1, this::oddCommand));
    }

    /** Tells how many pages the domain has, if that has changed. */
    void count() {
        program.store64(request, Value.of(Probe.SELF));
        Variable now = probe.set(memoryOp(CURRENT).minus(probe.startInfo.pageCount()));
        program.when(now.ne(pageCount), () -> probe.log.say("pages", now));
        program.set(pageCount, now);
    }

    /** struct xen_memory_reservation: list, count, order, flags, domain. */
    private void reservation(Value at, Value count, Value order, Value flags) {
        program.store64(at, list.address());
        program.store64(at.plus(8), count);
        program.store32(at.plus(16), order);
        program.store32(at.plus(20), flags);
        program.store64(at.plus(24), Value.of(Probe.SELF));
    }

    /** Spoils one field now and then; 1 if it did. */
    private Variable spoil(Value at) {
        Variable spoilt = program.variable();
        program.set(spoilt, dice.oneIn(10));
        program.when(
                spoilt,
                () -> dice.roll(
                        new Face(1, () -> program.store32(at.plus(16), dice.oneOf(10, 19, 64, -1))),
                        new Face(2, () -> program.store16(at.plus(24), dice.oneOf(0, 77, 0x7ff1, 0x7ff2, 0x7fff))),
                        new Face(1, () -> program.store64(at.plus(8), dice.oneOf(0, -1, 1L << 58, 1L << 52))),
                        new Face(1, () -> program.store64(at, dice.oneOf(0x1000_0000_0000L, -1L << 47, -8)))));
        return spoilt;
    }

    private Value memoryOp(int command) {
        return program.hypercall(Hypercalls.MEMORY_OP, Value.of(command), request);
    }

    private void decrease() {
        Variable count = probe.set(dice.below(MOST).plus(1));
        Variable i = program.variable();
        program.repeat(i, count, () -> {
            slots.set(i, pool.looseSlot());
            list.set(i, pool.mfn(slots.get(i)));
            program.when(list.get(i).isZero(), () -> list.set(i, dice.oneOf(-1, 1L << 40, 1L << 52)));
            program.when(dice.oneIn(20), () -> list.set(i, dice.oneOf(-1, 1L << 30)));
        });
        reservation(request, count, Value.of(0), Value.of(0));
        Variable spoilt = spoil(request);
        program.when(
                spoilt.and(request.plus(16).load32().below(10)).and(dice.oneIn(3)),
                () -> program.store32(request.plus(16), Value.of(0)));
        Variable result = probe.set(memoryOp(DECREASE));
        program.repeat(
                i,
                count,
                () -> program.when(
                        i.below(result).and(result.below(MOST + 1)), () -> pool.set(slots.get(i), Value.of(0))));
        probe.log.say("decrease", result, count, spoilt, slots.get(0), slots.get(1), slots.get(2));
    }

    /** New frames come without a page number; they get one and lose what is in them. */
    private void increase() {
        Variable count = probe.set(dice.below(MOST).plus(1));
        Variable i = program.variable();
        reservation(request, count, Value.of(0), dice.oneOf(0, 0, 0, 64, 52, 255));
        Variable spoilt = spoil(request);
        list.set(0, Value.of(0));
        list.set(1, Value.of(0));
        list.set(2, Value.of(0));
        Variable result = probe.set(memoryOp(INCREASE));
        program.repeat(
                i,
                count,
                () -> program.when(i.below(result).and(result.below(MOST + 1)), () -> {
                    Variable hole = pool.hole();
                    program.when(
                            list.get(i).ne(0).and(hole.ne(-1)),
                            () -> {
                                dice.hash(probe.m2p(list.get(i)));
                                pool.set(hole, list.get(i));
                                name(hole);
                                clean(hole);
                            },
                            () -> giveBack(list.get(i)));
                }));
        probe.log.say("increase", result, count, spoilt);
    }

    private void name(Value slot) {
        dice.hash(probe.update(pool.mfn(slot).shl(12).or(1), pool.pfn(slot)));
    }

    private void clean(Value slot) {
        dice.hash(probe.extended(Value.of(Probe.CLEAR_PAGE), pool.mfn(slot), Value.of(0)));
        dice.hash(probe.m2p(pool.mfn(slot)).minus(pool.pfn(slot)));
    }

    private void giveBack(Value mfn) {
        list.set(MOST, mfn);
        reservation(request, Value.of(1), Value.of(0), Value.of(0));
        program.store64(request, list.address(MOST));
        dice.hash(memoryOp(DECREASE));
    }

    private void populate() {
        Variable count = probe.set(dice.below(MOST).plus(1));
        Variable i = program.variable();
        program.repeat(i, count, () -> {
            Variable hole = pool.hole();
            slots.set(i, hole);
            list.set(i, pool.pfn(hole));
        });
        program.when(
                slots.get(0).ne(-1),
                () -> {
                    Value flags = dice.oneOf(0, 0, 0, 0, 0, 64, 1 << 16, 1 << 17, 1 << 18, 0x300);
                    reservation(request, count, Value.of(0), flags);
                    Variable spoilt = spoil(request);
                    Variable result = probe.set(memoryOp(POPULATE));
                    program.repeat(
                            i, count, () -> program.when(i.below(result).and(result.below(MOST + 1)), () -> settle(i)));
                    probe.log.say("populate", result, count, spoilt, slots.get(0), slots.get(1));
                },
                this::decrease);
    }

    /** Takes frame i of the list into its slot, if that is still a hole: the same hole may be in the list twice. */
    private void settle(Variable i) {
        program.when(
                pool.mfn(slots.get(i)).isZero(),
                () -> {
                    pool.set(slots.get(i), list.get(i));
                    clean(slots.get(i));
                },
                () -> giveBack(list.get(i)));
    }

    /** struct xen_memory_exchange: what is given, what is taken, how much is done. */
    private void exchange() {
        Variable count = probe.set(dice.below(2).plus(1));
        Variable i = program.variable();
        Value out = request.plus(32);
        program.repeat(i, count, () -> {
            slots.set(i, pool.looseSlot());
            program.when(dice.below(10).below(7), () -> unmap(slots.get(i)));
            list.set(i, pool.mfn(slots.get(i)));
            program.when(list.get(i).isZero(), () -> list.set(i, Value.of(-1)));
            list.set(i.plus(2), pool.pfn(slots.get(i)));
        });
        reservation(request, count, Value.of(0), Value.of(0));
        reservation(out, count, Value.of(0), Value.of(0));
        program.store64(out, list.address(2));
        program.store64(request.plus(64), Value.of(0));
        Variable spoilt = probe.set(spoil(request).plus(spoil(out).times(2)));
        // A list for frames that cannot be written is known too late: the frames given for them would be lost.
        program.when(out.load64().ne(list.address(2)), () -> program.store64(out, Value.of(-1L << 47)));
        program.when(dice.oneIn(15), () -> program.store64(request.plus(64), dice.oneOf(1, 2, 3, -1)));
        Variable start = probe.set(request.plus(64).load64());
        Variable result = probe.set(memoryOp(EXCHANGE));
        Variable done = probe.set(request.plus(64).load64());
        program.repeat(
                i,
                count,
                () -> program.when(
                        i.below(done).and(done.below(MOST)).and(i.below(start).isZero()), () -> {
                            pool.set(slots.get(i), list.get(i.plus(2)));
                            clean(slots.get(i));
                        }));
        probe.log.say("exchange", result, count, spoilt, start, done, slots.get(0), slots.get(1));
    }

    private void unmap(Value slot) {
        dice.hash(probe.updateVaMapping(pool.address(slot), Value.of(0), Value.of(2)));
    }

    /** Two single frames for a pair, or a pair for two single frames. */
    private void exchangePair() {
        Value out = request.plus(32);
        Variable slot = probe.set(pool.loosePair());
        Variable split = probe.set(pool.pair().ne(-1));
        program.when(split, () -> program.set(slot, pool.pair()));
        unmap(slot);
        unmap(slot.plus(1));
        list.set(0, pool.mfn(slot));
        list.set(1, pool.mfn(slot.plus(1)));
        list.set(2, pool.pfn(slot));
        list.set(3, pool.pfn(slot.plus(1)));
        reservation(request, Value.of(2).minus(split), split, Value.of(0));
        reservation(out, split.plus(1), Value.of(1).minus(split), Value.of(0));
        program.store64(out, list.address(2));
        program.store64(request.plus(64), Value.of(0));
        Variable result = probe.set(Value.of(0));
        program.when(list.get(0).ne(0).and(list.get(1).ne(0)), () -> program.set(result, memoryOp(EXCHANGE)));
        Variable done = probe.set(request.plus(64).load64());
        program.when(done, () -> {
            program.when(split.isZero(), () -> list.set(3, list.get(2).plus(1)));
            pool.set(slot, list.get(2));
            pool.set(slot.plus(1), list.get(3));
            program.when(split.isZero(), () -> program.set(pool.pair(), slot));
            clean(slot);
            clean(slot.plus(1));
        });
        probe.log.say("pair", result, split, done, slot);
    }

    private void question() {
        program.store64(request, dice.oneOf(Probe.SELF, Probe.SELF, Probe.SELF, 0, 77, 0x7ff1, 0x7fff));
        Value pages = probe.startInfo.pageCount();
        dice.roll(
                new Face(4, () -> relative("current", memoryOp(CURRENT), pages)),
                new Face(1, () -> relative("maximum", memoryOp(4), pages)),
                new Face(1, () -> probe.log.say("maximum_gpfn", memoryOp(14))),
                new Face(1, () -> probe.log.say("ram_page", memoryOp(2).isNegative())),
                new Face(1, this::machphys),
                new Face(1, this::memoryMap));
    }

    /** A count of pages as its distance from those at the start, an error as it is. */
    private void relative(String name, Value result, Value pages) {
        Variable answer = probe.set(result);
        program.when(answer.isNegative().isZero(), () -> program.set(answer, answer.minus(pages)));
        probe.log.say(name, answer);
    }

    private void machphys() {
        probe.log.say("mapping", memoryOp(12), request.load64(), request.plus(8).load64());
        program.store32(request, dice.oneOf(0, 1));
        program.store64(request.plus(8), list.address());
        probe.log.say(
                "mfn_list", memoryOp(5), request.load32(), request.plus(16).load32());
    }

    private void memoryMap() {
        program.store64(request, Value.of(4));
        program.store64(request.plus(8), list.address());
        dice.roll(
                new Face(1, () -> probe.log.say("memory_map", memoryOp(9), request.load32())),
                new Face(1, () -> probe.log.say("machine_memory_map", memoryOp(10))));
    }

    private void oddCommand() {
        Variable command = probe.set(dice.oneOf(7, 8, 13, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 29, 30, 63, 64));
        program.store64(request, Value.of(Probe.SELF));
        program.store64(request.plus(8), Value.of(0));
        program.store64(request.plus(16), Value.of(0));
        program.store64(request.plus(24), Value.of(0));
        probe.log.say("memory_op", program.hypercall(Hypercalls.MEMORY_OP, command, request), command);
        probe.log.say("memory_op", program.hypercall(Hypercalls.MEMORY_OP, command, Value.of(8)), command);
    }
}
