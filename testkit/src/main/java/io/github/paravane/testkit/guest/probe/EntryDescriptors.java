package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Array;
import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;

/** A GDT and an LDT with random descriptors, and selectors for them. */
final class EntryDescriptors {
    /** Descriptors that change, in each table: the first ones, but for those that stay. */
    static final int COUNT = 24;

    private static final int FIXED = 4;
    private static final int WILD = 16;
    private static final int LDT_ENTRIES = 512 + COUNT;
    private static final int ENTRY_SHIFT = 3;
    private static final int LOCAL = 4;

    private static final long CODE_64 = 0x00af_fb00_0000_ffffL;
    private static final long CODE_32 = 0x00cf_fb00_0000_ffffL;
    private static final long DATA = 0x00cf_f300_0000_ffffL;
    private static final long PRESENT = 1L << 47;
    private static final long ACCESSED = 1L << 40;
    private static final long CODE = 1L << 43;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final int TYPE_SHIFT = 40;

    private final Probe probe;
    private final GuestProgram program;
    private final Dice dice;
    private final EntryScene scene;
    private final Value global;
    private final Value local;
    private final Array list;
    private final Routine descriptor;
    private final Routine selector;
    private final Routine wildSelector;

    EntryDescriptors(EntryScene scene) {
        this.scene = scene;
        probe = scene.probe;
        program = scene.program;
        dice = probe.dice;
        global = program.pages(1);
        local = program.pages(1);
        list = program.array(1);
        descriptor = program.routine("descriptor", 0, this::descriptor);
        selector = program.routine("selector", 0, this::selector);
        wildSelector = program.routine("wild_selector", 0, routine -> {
            program.when(dice.below(2), () -> routine.returns(selector.call()));
            routine.returns(dice.below(WILD)
                    .plus(COUNT)
                    .shl(ENTRY_SHIFT)
                    .or(dice.oneOf(0, LOCAL))
                    .or(dice.oneOf(3, 3, 3, 0, 1, 2)));
        });
    }

    /** Emits the start: the tables hold flat segments and are in use. */
    void start() {
        long[] fixed = {0, CODE_64, CODE_32, DATA};
        for (Value table : new Value[] {global, local}) {
            for (int i = 0; i < fixed.length; i++) {
                program.store64(table.plus(8L * i), Value.of(fixed[i]));
            }
            dice.hash(probe.updateVaMapping(table, scene.mfn(table).shl(12).or(Probe.READ_ONLY), Value.of(2)));
        }
        list.set(0, scene.mfn(global));
        dice.hash(program.hypercall(Hypercalls.SET_GDT, list.address(), Value.of(512)));
        dice.hash(probe.extended(Value.of(Hypercalls.SET_LDT), local, Value.of(LDT_ENTRIES)));
    }

    /**
     * A descriptor. Segments have their accessed bit, which IRET sets on a processor and not on QEMU; code and stacks have
     * the limit of 4 GiB, which QEMU does not check, and 32-bit operands in compatibility mode, because a 16-bit stack
     * pointer shows some of the hypervisor's.
     */
    private void descriptor(Routine routine) {
        Variable type = probe.set(dice.below(32));
        // what 16-bit TSS and gates are to LAR and LSL in long mode, QEMU does not know
        program.when(type.below(6), () -> program.set(type, type.or(8)));
        Variable result = probe.set(dice.below(4).shl(5).or(type).shl(TYPE_SHIFT));
        program.set(
                result, result.or(dice.oneOf(0x00cf_0000_0000_ffffL, 0x00cf_0000_0000_ffffL, 0x00df_0000_0000_ffffL)));
        program.when(dice.below(8), () -> program.set(result, result.or(PRESENT)));
        program.when(type.and(16), () -> program.set(result, result.or(ACCESSED)), () -> {
            program.when(
                    dice.below(3),
                    () -> program.set(result, result.xor(dice.any().shr(4))));
        });
        // QEMU says #NP of a stack that is not present
        program.when(type.and(26).eq(18), () -> program.set(result, result.or(PRESENT)));
        Value isCode = result.and(CODE | CODE_OR_DATA).eq(CODE | CODE_OR_DATA);
        program.when(
                isCode,
                () -> program.when(
                        dice.below(3), () -> program.set(result, result.xor(Value.of(0x0060_0000_0000_0000L)))));
        program.when(
                dice.oneIn(4),
                () -> program.set(
                        result,
                        result.or(
                                dice.oneOf(0x10_0000L, 0x1000_0000L, 0x0000_0010_0000_0000L, 0xff00_00ff_f000_0000L))));
        routine.returns(result);
    }

    /** Emits the change of one random descriptor by hypercall. */
    void change() {
        change(dice.below(COUNT - FIXED).plus(FIXED), descriptor.call());
    }

    /** The same, also of one of those that may have any bits. */
    void changeAny() {
        program.when(dice.below(2), this::change, () -> {
            Variable value = probe.set(dice.any().shl(20).xor(dice.any()));
            program.when(dice.below(3), () -> program.set(value, value.or(CODE_OR_DATA | PRESENT)));
            program.when(
                    value.and(CODE_OR_DATA).isZero(),
                    () -> program.set(
                            value,
                            value.and(~(0xfL << TYPE_SHIFT))
                                    .or(dice.oneOf(0, 2, 6, 8, 9, 10, 11, 12, 14, 15)
                                            .shl(TYPE_SHIFT))));
            change(dice.below(WILD).plus(COUNT), value);
        });
    }

    private void change(Value number, Value bits) {
        Variable index = probe.set(number.shl(ENTRY_SHIFT));
        Variable value = probe.set(bits);
        Variable table = probe.set(global);
        program.when(dice.below(2), () -> program.set(table, local));
        Variable result = probe.set(program.hypercall(
                Hypercalls.UPDATE_DESCRIPTOR, scene.mfn(table).shl(12).or(index), value));
        probe.log.say(
                "descriptor",
                result,
                table.eq(local),
                index,
                value,
                table.plus(index).load64());
    }

    private void selector(Routine routine) {
        Variable rpl = probe.set(dice.oneOf(3, 3, 3, 0, 1, 2));
        Variable result = program.variable();
        dice.roll(
                new Face(8, () -> program.set(result, dice.below(COUNT).shl(ENTRY_SHIFT))),
                new Face(
                        5,
                        () -> program.set(
                                result, dice.below(COUNT).shl(ENTRY_SHIFT).or(LOCAL))),
                new Face(1, () -> program.set(result, Value.of(0))),
                new Face(
                        2,
                        () -> program.set(
                                result, dice.below(32).shl(ENTRY_SHIFT).or(0xe000))),
                new Face(
                        1,
                        () -> program.set(
                                result,
                                dice.oneOf(
                                        0x0ff8, 0x1000, 0x1ff8, 0xdff8, 0xeff8, 0xf000, 0xfff8, 0x0ffc, 0x1004, 0x100c,
                                        0x10b4, 0x10bc, 0x10c4, 0xfffc))));
        routine.returns(result.or(rpl));
    }

    /** A selector for what does not execute and is no stack; its descriptor may have any bits. */
    Value anySelector() {
        return wildSelector.call();
    }

    /** A selector of these tables, of the hypervisor's part of the GDT, or of nothing. */
    Value selector() {
        return selector.call();
    }
}
