package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.EAX;

import io.github.paravane.testkit.asm.SegmentRegister;
import io.github.paravane.testkit.guest.program.Array;
import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** Descriptors, the tables they lie in, and selectors that use them. */
final class DescriptorCalls {
    private static final int SHIFT = 3;
    private static final int TABLES = 6;

    private final Probe probe;
    private final GuestProgram program;
    private final Dice dice;
    private final FramePool pool;
    private final Array list;

    DescriptorCalls(Probe probe, FramePool pool) {
        this.probe = probe;
        this.pool = pool;
        program = probe.program;
        dice = probe.dice;
        list = program.array(4);
    }

    void any() {
        dice.roll(new Face(5, this::update), new Face(4, this::gdt), new Face(4, this::ldt), new Face(6, this::load));
    }

    /** The lower slots are tables more often, so that descriptors and tables meet. */
    private Value slot() {
        Variable slot = probe.set(pool.slot());
        program.when(dice.below(4), () -> program.set(slot, dice.below(TABLES)));
        return slot;
    }

    private void update() {
        Variable frame = probe.set(pool.mfn(slot()));
        program.when(dice.oneIn(25), () -> program.set(frame, dice.oneOf(0, 1L << 36)));
        Variable offset = probe.set(dice.below(8).shl(SHIFT));
        program.when(dice.oneIn(15), () -> program.set(offset, dice.oneOf(1, 4, 4092, 4088)));
        Variable descriptor = probe.set(dice.oneOf(
                0x00cf_fb00_0000_ffffL,
                0x00cf_f300_0000_ffffL,
                0x00af_fb00_0000_ffffL,
                0x00cf_9b00_0000_ffffL,
                0x00cf_b300_0000_ffffL,
                0x00cf_d300_0000_ffffL,
                0x0040_f200_1000_0fffL,
                0x00cf_7300_0000_ffffL,
                0x00cf_e200_0000_ffffL,
                0x0000_8900_0000_0067L,
                0x0000_ec00_e033_0000L,
                0x0000_8200_0000_0fffL,
                0x00ef_fb00_0000_ffffL,
                0));
        Variable result = probe.set(
                program.hypercall(Hypercalls.UPDATE_DESCRIPTOR, frame.shl(12).or(offset), descriptor));
        probe.log.say("descriptor", result, pool.named(frame), offset, descriptor);
    }

    private void gdt() {
        Variable count = probe.set(dice.oneOf(0, 1, 8, 511, 512, 512, 513, 1024, 7168, 7169, 8192, -1));
        list.set(0, pool.mfn(slot()));
        list.set(1, pool.mfn(slot()));
        list.set(2, Value.of(0));
        Variable address = probe.set(list.address());
        program.when(dice.oneIn(25), () -> program.set(address, dice.oneOf(8, 0x1000_0000_0000L, -1L << 47)));
        probe.log.say(
                "gdt",
                program.hypercall(Hypercalls.SET_GDT, address, count),
                count,
                pool.named(list.get(0)),
                pool.named(list.get(1)));
    }

    private void ldt() {
        Variable slot = probe.set(slot());
        Variable count = probe.set(dice.oneOf(0, 1, 8, 512, 512, 1024, 8192, 8193, -1));
        Variable address = probe.set(pool.address(slot));
        program.when(dice.oneIn(12), () -> program.set(address, dice.oneOf(0, 8, 0x1000_0000_0000L, -1L << 47)));
        Variable result = probe.set(probe.extended(Value.of(Hypercalls.SET_LDT), address, count));
        probe.log.say("ldt", result, slot, count, probe.done());
    }

    private void load() {
        Variable selector = probe.set(dice.below(10).shl(SHIFT).or(dice.oneOf(3, 7, 7, 3, 0, 4)));
        program.when(dice.oneIn(12), () -> program.set(selector, dice.oneOf(0xe02b, 0xe033, 0xe023, 0xffff, 0x103b)));
        probe.flushAll();
        program.attempt(() -> dice.roll(
                new Face(1, () -> load(SegmentRegister.DS, selector)),
                new Face(1, () -> load(SegmentRegister.ES, selector)),
                new Face(1, () -> load(SegmentRegister.FS, selector)),
                new Face(1, () -> load(SegmentRegister.GS, selector))));
        Variable vector = probe.set(program.trap(TrapWord.VECTOR));
        Variable error = probe.set(program.trap(TrapWord.ERROR));
        Variable zero = probe.set(Value.of(0));
        for (SegmentRegister register :
                new SegmentRegister[] {SegmentRegister.DS, SegmentRegister.ES, SegmentRegister.FS, SegmentRegister.GS
                }) {
            load(register, zero);
        }
        probe.log.say("load", vector, error, selector);
    }

    private void load(SegmentRegister register, Variable selector) {
        program.run(selector);
        program.asm().mov(register, EAX);
    }
}
