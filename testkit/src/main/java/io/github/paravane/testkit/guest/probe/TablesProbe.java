package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/**
 * The probe of deep page tables: slots have levels, so that trees of all four levels grow, point to themselves, are
 * pinned, become base tables and are taken apart. Top-level tables are built from tables that hold by themselves.
 */
final class TablesProbe {
    private static final int SLOTS = 32;
    private static final int SWEEP_EVERY = 32;
    private static final int SWEPT_WORDS = 9;
    private static final int LAST_WORD = 511;

    /** First slots of the levels 1 to 4 and of plain pages. */
    private static final int[] FIRST = {0, 8, 14, 19, 24};

    private static final int BASE_TABLES = FIRST[4] - FIRST[3];
    private static final int FIRST_ROOT_WORD = 5;
    private static final long WINDOW = (long) FIRST_ROOT_WORD << 39;

    private final Probe probe = new Probe();
    private final GuestProgram program = probe.program;
    private final Dice dice = probe.dice;
    private final FramePool pool = new FramePool(probe, SLOTS, SLOTS);
    private final TableStores stores = new TableStores(probe);
    private final Variable kernelTop = program.variable();
    private final Variable kernelEntry = program.variable();
    private final Variable current = program.variable();
    private final Routine level;
    private final Routine child;
    private final Routine word;
    private final Routine branch;
    private final Routine tree;

    private TablesProbe() {
        level = program.routine("level", 1, routine -> {
            for (int i = 1; i <= 4; i++) {
                int result = i;
                program.when(routine.parameter(0).below(FIRST[i]), () -> routine.returns(Value.of(result)));
            }
            routine.returns(Value.of(0));
        });
        word = program.routine(
                "word",
                1,
                routine -> routine.returns(dice.below(4)
                        .plus(level.call(routine.parameter(0)).eq(4).times(FIRST_ROOT_WORD))));
        child = program.routine("child", 1, this::child);
        branch = program.routine("branch", 2, this::branch);
        tree = program.routine("tree", 1, this::tree);
    }

    static byte[] elf() {
        return new TablesProbe().build();
    }

    /** An entry that fits a table of the slot's level, now and then one that does not. */
    private void child(Routine routine) {
        Variable own = probe.set(level.call(routine.parameter(0)));
        Variable target = program.variable();
        Variable flags = probe.set(Value.of(Probe.TABLE));
        program.choose(
                own,
                () -> program.set(target, dice.below(SLOTS)),
                () -> {
                    program.set(target, dice.below(SLOTS));
                    program.set(flags, dice.oneOf(0x61, 0x61, 0x65, 0x61, 0x67, 0x63, 0x21, 1));
                },
                () -> program.set(target, dice.below(FIRST[1])),
                () -> program.set(target, dice.below(FIRST[2] - FIRST[1]).plus(FIRST[1])),
                () -> program.set(target, dice.below(FIRST[3] - FIRST[2]).plus(FIRST[2])));
        program.when(
                dice.oneIn(6).and(Value.of(1).below(own)),
                () -> dice.roll(
                        // the same level again: the table itself or a sister
                        new Face(3, () -> {
                            program.set(target, routine.parameter(0));
                            program.set(flags, dice.oneOf(0x25, 0x65, 0x65, 0x67, 0x61));
                        }),
                        new Face(2, () -> {
                            program.set(target, routine.parameter(0).plus(1).modulo(SLOTS));
                            program.set(flags, dice.oneOf(0x65, 0x65, 0x67));
                        }),
                        new Face(2, () -> program.set(target, dice.below(SLOTS))),
                        new Face(
                                1, () -> program.set(flags, dice.oneOf(0, 0xe7, 0x167, 1, 5, 0x27, 0x67 | 1L << 63)))));
        program.when(dice.oneIn(5), () -> routine.returns(Value.of(0)));
        routine.returns(pool.mfn(target).shl(12).or(flags));
    }

    /** An entry for the top level, 0 unless what it points to is a table of the third level by itself already. */
    private void branch(Routine routine) {
        Variable entry = routine.parameter(1);
        Variable frame = probe.set(entry.and(Probe.FRAME_MASK).shr(12));
        program.when(entry.and(Probe.PRESENT).isZero(), () -> routine.returns(entry));
        program.when(frame.eq(pool.mfn(routine.parameter(0))), () -> routine.returns(entry));
        dice.hash(probe.extended(Value.of(Hypercalls.UNPIN_TABLE), frame, Value.of(0)));
        Variable pinned = probe.set(probe.extended(Value.of(Hypercalls.PIN_L3_TABLE), frame, Value.of(0)));
        dice.hash(pinned);
        program.when(pinned, () -> routine.returns(Value.of(0)));
        routine.returns(entry);
    }

    /** Whether a slot's page is where it should be and all its branches hold. */
    private void tree(Routine routine) {
        Variable slot = routine.parameter(0);
        Variable index = program.variable();
        Variable entry = program.variable();
        readOnly(slot);
        program.when(isMapped(slot).isZero(), () -> routine.returns(Value.of(0)));
        program.repeat(index, Value.of(4), () -> {
            program.set(
                    entry,
                    pool.address(slot).plus(index.plus(FIRST_ROOT_WORD).shl(3)).load64());
            program.when(branch.call(slot, entry).ne(entry), () -> routine.returns(Value.of(0)));
        });
        routine.returns(Value.of(1));
    }

    private byte[] build() {
        program.main(() -> {
            probe.start();
            start();
            probe.log.run(this::any, SWEEP_EVERY, this::sweep);
        });
        return program.toElf();
    }

    private void start() {
        pool.start();
        program.run(probe.startInfo.topTable());
        program.runtime().machineFrame();
        program.asm().mov(kernelTop.operand(), RAX);
        program.set(kernelEntry, probe.startInfo.topTable().plus(8 * LAST_WORD).load64());
        program.set(current, -1);
        Variable i = program.variable();
        program.repeat(
                i,
                Value.of(BASE_TABLES),
                () -> program.store64(pool.address(i.plus(FIRST[3])).plus(8 * LAST_WORD), kernelEntry));
        program.repeat(i, Value.of(FIRST[4]), () -> readOnly(i));
    }

    private void readOnly(Value slot) {
        dice.hash(
                probe.updateVaMapping(pool.address(slot), pool.mfn(slot).shl(12).or(Probe.READ_ONLY), Value.of(2)));
    }

    private void any() {
        dice.roll(
                new Face(22, this::update),
                new Face(5, this::batch),
                new Face(20, this::pin),
                new Face(12, this::map),
                new Face(10, this::store),
                new Face(5, this::root),
                new Face(8, this::switchBase),
                new Face(4, this::userBase),
                new Face(6, this::mapInWindow),
                new Face(6, this::readWindow),
                new Face(4, this::flush));
    }

    private Value table() {
        return dice.below(FIRST[4]);
    }

    private void update() {
        Variable slot = probe.set(table());
        Variable index = probe.set(word.call(slot));
        Variable entry = probe.set(child.call(slot));
        program.when(level.call(slot).eq(4).and(slot.ne(current)).and(dice.oneIn(5)), () -> {
            program.set(index, LAST_WORD);
            program.set(entry, kernelEntry);
        });
        program.when(
                level.call(slot).eq(4).and(index.ne(LAST_WORD)), () -> program.set(entry, branch.call(slot, entry)));
        Variable command = probe.set(dice.oneOf(0, 0, 0, 2, 2, 3));
        Variable result =
                probe.set(probe.update(pool.mfn(slot).shl(12).or(index.shl(3)).or(command), entry));
        probe.log.say("update", result, slot, index, pool.normal(entry), command, probe.done(), word(slot, index));
    }

    /** The word of a slot's page, whatever is mapped there; 1 if it cannot be read. */
    private Variable word(Value slot, Value index) {
        Variable read = probe.set(Value.of(1));
        program.attempt(() -> program.set(
                read, pool.normal(pool.address(slot).plus(index.shl(3)).load64())));
        return read;
    }

    private void batch() {
        Value requests = stores.requests();
        Variable i = program.variable();
        program.repeat(i, Value.of(TableStores.BATCH), () -> {
            Variable slot = probe.set(dice.below(FIRST[3]));
            Value request = requests.plus(i.shl(4));
            program.store64(request, pool.mfn(slot).shl(12).or(word.call(slot).shl(3)));
            program.store64(request.plus(8), child.call(slot));
        });
        Variable result = probe.set(stores.update());
        probe.log.say("batch", result, stores.done());
    }

    private void pin() {
        Variable slot = probe.set(table());
        Variable own = probe.set(level.call(slot));
        Variable command = probe.set(own.minus(Value.of(1)));
        program.when(dice.oneIn(3), () -> program.set(command, Hypercalls.UNPIN_TABLE));
        program.when(dice.oneIn(12), () -> program.set(command, dice.below(3)));
        Variable result = probe.set(Value.of(1));
        Variable isFit = probe.set(Value.of(1));
        program.when(command.eq(Hypercalls.PIN_L4_TABLE), () -> program.set(isFit, tree.call(slot)));
        program.when(isFit, () -> program.set(result, probe.extended(command, pool.mfn(slot), Value.of(0))));
        probe.log.say("pin", result, command, slot, probe.done());
    }

    private void map() {
        Variable slot = probe.set(dice.below(SLOTS));
        Variable target = probe.set(slot);
        program.when(dice.oneIn(20), () -> program.set(target, dice.below(SLOTS)));
        Variable entry = probe.set(pool.mfn(target).shl(12).or(dice.oneOf(0x61, 0x61, 0x63, 0x63, 0x67, 0x161)));
        Variable result = probe.set(probe.updateVaMapping(pool.address(slot), entry, dice.oneOf(2, 2, 1, 0)));
        probe.flushAll();
        Variable read = word(slot, Value.of(0));
        program.when(read.eq(1), () -> readOnly(slot));
        probe.log.say("map", result, slot, pool.normal(entry), read);
    }

    /** A store to a table, which the hypervisor carries out only in tables of the last level. */
    private void store() {
        Variable slot = probe.set(table());
        Variable index = probe.set(word.call(slot));
        Variable entry = probe.set(child.call(slot));
        Variable kind = probe.set(dice.below(TableStores.KINDS));
        Variable place = probe.set(pool.address(slot).plus(index.shl(3)));
        Variable before = word(slot, index);
        program.when(kind.eq(1).and(dice.below(4)), () -> program.attempt(() -> program.set(before, place.load64())));
        probe.flushAll();
        Variable vector = stores.store(kind, place, entry, before);
        Variable error = probe.set(program.trap(TrapWord.ERROR));
        probe.log.say("store", vector, error, kind, slot, index, pool.normal(entry), word(slot, index));
    }

    private void root() {
        Variable index = probe.set(dice.below(4).plus(FIRST_ROOT_WORD));
        Variable entry = probe.set(branch.call(Value.of(SLOTS - 1), child.call(Value.of(FIRST[3]))));
        Variable result = probe.set(probe.update(kernelTop.shl(12).or(index.shl(3)), entry));
        probe.log.say("root", result, index, pool.normal(entry), probe.done());
    }

    /** A slot of the top level becomes the base table, but only one that maps the kernel. */
    private void switchBase() {
        Variable slot = probe.set(dice.below(BASE_TABLES).plus(FIRST[3]));
        Variable result = probe.set(Value.of(1));
        program.when(
                dice.below(3),
                () -> {
                    readOnly(slot);
                    Variable entry = probe.set(Value.of(0));
                    program.attempt(() -> program.set(
                            entry, pool.address(slot).plus(8 * LAST_WORD).load64()));
                    Value same = entry.xor(kernelEntry).and(~0x60L).isZero();
                    program.when(same.and(isMapped(slot)), () -> {
                        program.set(
                                result, probe.extended(Value.of(Hypercalls.NEW_BASEPTR), pool.mfn(slot), Value.of(0)));
                        program.when(result.isZero(), () -> program.set(current, slot));
                    });
                },
                () -> {
                    program.set(result, probe.extended(Value.of(Hypercalls.NEW_BASEPTR), kernelTop, Value.of(0)));
                    program.when(result.isZero(), () -> program.set(current, -1));
                });
        probe.log.say("base", result, slot, current, probe.done());
    }

    /** Whether a slot's address maps its own frame. */
    private Value isMapped(Value slot) {
        Value entryAddress = probe.entryOf(pool.address(slot));
        Variable entry = probe.set(entryAddress);
        Value table = probe.tableOf(entry).plus(entry.and(0xff8));
        return table.load64().and(Probe.FRAME_MASK).shr(12).eq(pool.mfn(slot));
    }

    private void userBase() {
        Variable slot = probe.set(dice.below(BASE_TABLES).plus(FIRST[3]));
        Variable frame = probe.set(pool.mfn(slot));
        program.when(dice.oneIn(6), () -> program.set(frame, Value.of(0)));
        program.when(dice.oneIn(6), () -> program.set(frame, kernelTop));
        program.when(dice.oneIn(10), () -> program.set(frame, pool.mfn(dice.below(SLOTS))));
        Variable result = probe.set(probe.extended(Value.of(Hypercalls.NEW_USER_BASEPTR), frame, Value.of(0)));
        probe.log.say("user_base", result, pool.named(frame), probe.done());
    }

    /** An address below the first of the random words of base tables, with small indices at all levels. */
    private Value windowAddress() {
        return dice.below(3)
                .shl(39)
                .plus(dice.below(4).shl(30))
                .plus(dice.below(4).shl(21))
                .plus(dice.below(4).shl(12))
                .plus(WINDOW);
    }

    private void mapInWindow() {
        Variable linear = probe.set(windowAddress());
        Variable entry = probe.set(child.call(Value.of(0)));
        Variable result = probe.set(probe.updateVaMapping(linear, entry, dice.oneOf(2, 1, 0)));
        probe.log.say("window", result, linear, pool.normal(entry));
    }

    private void readWindow() {
        Variable linear = probe.set(windowAddress().plus(dice.below(9).shl(3)));
        Variable read = probe.set(Value.of(0));
        probe.flushAll();
        program.attempt(() -> program.set(read, linear.load64()));
        Variable vector = probe.set(program.trap(TrapWord.VECTOR));
        probe.log.say("read", vector, linear, program.trap(TrapWord.ERROR), pool.normal(read));
    }

    private void flush() {
        Variable command = probe.set(dice.oneOf(6, 7, 8, 9, 10, 11, 12, 14, 18, 19, 20, 21, -1));
        Variable first = probe.set(pool.address(dice.below(SLOTS)));
        Variable mask = probe.set(Value.of(1));
        Variable second = probe.set(mask.address());
        program.when(dice.oneIn(5), () -> program.set(second, dice.oneOf(0, 8, -1L << 47)));
        program.when(dice.oneIn(8), () -> program.set(first, dice.oneOf(0, 1L << 46, -1L << 47)));
        Variable result = probe.set(probe.extended(command, first, second));
        probe.log.say("flush", result, command, probe.done());
    }

    private void sweep() {
        Variable slot = program.variable();
        Variable index = program.variable();
        probe.flushAll();
        program.repeat(slot, Value.of(SLOTS), () -> {
            program.attempt(() -> {
                program.repeat(
                        index,
                        Value.of(SWEPT_WORDS),
                        () -> dice.hash(pool.normal(
                                pool.address(slot).plus(index.shl(3)).load64())));
                dice.hash(pool.normal(pool.address(slot).plus(8 * LAST_WORD).load64()));
            });
            dice.hash(program.trap(TrapWord.VECTOR));
        });
        probe.log.say("sweep", Value.of(0));
    }
}
