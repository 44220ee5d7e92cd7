package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;

import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.guest.program.Array;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.GuestRuntime;

/**
 * The pages that a probe works on: slots, each an address range of one page and the machine frame that belongs there, 0
 * if there is none. Frames are named by their slot in everything that is hashed, because their numbers differ by host.
 *
 * <p>The first slots keep their frames for good. Only these frames' numbers may be written where they outlive the call:
 * the number of a frame that was given back may mean nothing, or the next frame that comes, as the host's allocator
 * decides.
 */
final class FramePool {
    /** What a frame of no slot is called. */
    static final long STRANGE = 0x999;

    private static final long NAMES = 0x100;

    private final GuestProgram program;
    private final Probe probe;
    private final int size;
    private final int kept;
    private final Value pages;
    private final Array mfns;
    private final Variable pair;
    private final Routine name;

    FramePool(Probe probe, int size, int kept) {
        this.probe = probe;
        this.program = probe.program;
        this.size = size;
        this.kept = kept;
        pages = program.pages(size);
        mfns = program.array(size);
        pair = program.variable();
        name = program.routine("frame_name", 1, this::name);
    }

    private void name(Routine routine) {
        Label found = program.label("found");
        Value mfn = routine.parameter(0);
        program.when(mfn.isZero(), () -> routine.returns(Value.of(0)));
        program.run(mfns.address());
        program.asm()
                .mov(RDI, RAX)
                .mov(RAX, routine.parameter(0).operand())
                .mov(RCX, size)
                .cld();
        program.asm().repne().scas(64).je(found);
        routine.returns(Value.of(STRANGE));
        program.asm().bind(found).mov(RAX, size - 1 + NAMES).sub(RAX, RCX);
    }

    void start() {
        Variable i = program.variable();
        program.repeat(i, Value.of(size), () -> mfns.set(i, probe.startInfo.mfn(pfn(i))));
        program.set(pair, -1);
    }

    int size() {
        return size;
    }

    /** A random slot. */
    Value slot() {
        return probe.dice.below(size);
    }

    /** A random slot of those that keep their frames. */
    Value keptSlot() {
        return probe.dice.below(kept);
    }

    /** A random slot of those whose frames may be given back. */
    Value looseSlot() {
        return probe.dice.below(size - kept).plus(kept);
    }

    /** The first of two neighbours among those whose frames may be given back. */
    Value loosePair() {
        return probe.dice.below((size - kept) / 2).times(2).plus(kept);
    }

    Value mfn(Value slot) {
        return mfns.get(slot);
    }

    /** Emits the assignment of a frame to a slot. */
    void set(Value slot, Value mfn) {
        mfns.set(slot, mfn);
        program.when(slot.eq(pair).or(slot.eq(pair.plus(1))), () -> program.set(pair, -1));
    }

    /** The first of two slots whose frames lie side by side because the hypervisor gave them so, or -1. */
    Variable pair() {
        return pair;
    }

    Value address(Value slot) {
        return slot.shl(12).plus(pages);
    }

    Value pfn(Value slot) {
        return address(slot).minus(Value.of(GuestRuntime.BASE)).shr(12);
    }

    /** The name of a frame by its number. */
    Value named(Value mfn) {
        return name.call(mfn);
    }

    /** A page-table entry with the name of its frame instead of the number. */
    Value normal(Value entry) {
        return name.call(entry.and(Probe.FRAME_MASK).shr(12)).shl(12).or(entry.and(~Probe.FRAME_MASK));
    }

    /** A random slot without a frame, or -1. */
    Variable hole() {
        Variable slot = program.variable();
        Variable tries = program.variable();
        Variable result = program.variable();
        program.set(slot, slot());
        program.set(result, -1);
        program.repeat(tries, Value.of(size), () -> {
            program.when(result.eq(-1).and(mfn(slot).isZero()), () -> program.set(result, slot));
            program.set(slot, slot.plus(1).modulo(size));
        });
        return result;
    }
}
