package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Entries of the trap table that change: their DPL and whether they mask events. */
final class EntryGates {
    private static final int VECTORS = 256;
    private static final int MASKS_EVENTS = 4;

    /** Vectors in the order of the pieces that raise them, and the first piece that raises none of these. */
    private static final int[] RAISED = {0x80, 3, 1, 0x21, 0, 14, 13};

    private static final int[] FIRST_PIECE = {1, 2, 3, 5, 6, 8, 12};

    private final Probe probe;
    private final GuestProgram program;
    private final Dice dice;
    private final Value table;
    private final Value callback;
    private final Label handlers;

    EntryGates(EntryScene scene) {
        probe = scene.probe;
        program = scene.program;
        dice = probe.dice;
        table = program.bytes(16 * (RAISED.length + 1));
        callback = program.bytes(16);
        handlers = program.label("handlers");
        program.runtime().data(() -> {
            program.asm().align(8).bind(handlers);
            for (int vector = 0; vector < VECTORS; vector++) {
                program.asm().u64(program.runtime().handler(vector));
            }
        });
    }

    /** Emits the change of one entry of the trap table; its handler records what it finds. */
    void change() {
        Variable vector = probe.set(dice.below(VECTORS));
        program.when(dice.below(2), () -> program.set(vector, dice.below(32)));
        set(vector, dice.oneOf(0, 0, 1, 2, 3, 3, MASKS_EVENTS, MASKS_EVENTS + 3), recorder(vector));
    }

    /** The handler of a vector that records what it finds. */
    Value recorder(Value vector) {
        return program.addressOf(handlers).plus(vector.shl(3)).load64();
    }

    /**
     * Emits handlers for all vectors that pieces of code raise: one of {@link EntryCode}'s that raises none of the vectors
     * before, so that entries nest and end, or the one that records. The event callback may be any.
     */
    void nest() {
        for (int i = 0; i < RAISED.length; i++) {
            Value vector = Value.of(RAISED[i]);
            Variable handler = handler(recorder(vector), FIRST_PIECE[i]);
            fill(i, vector, dice.oneOf(0, 1, 3, MASKS_EVENTS, MASKS_EVENTS + 1, MASKS_EVENTS + 3), handler);
        }
        dice.hash(program.hypercall(Hypercalls.SET_TRAP_TABLE, table));
        Variable event = handler(program.addressOf(program.runtime().eventHandler()), 0);
        program.store64(callback, Value.of(0));
        program.store64(callback.plus(8), event);
        dice.hash(program.hypercall(Hypercalls.CALLBACK_OP, Value.of(0), callback));
    }

    private Variable handler(Value recorder, int firstPiece) {
        Variable handler = probe.set(recorder);
        program.when(dice.below(2), () -> {
            program.set(
                    handler,
                    dice.below(EntryCode.PIECES - firstPiece)
                            .plus(firstPiece)
                            .times(EntryCode.SIZE)
                            .plus(EntryScene.CODE));
            program.when(dice.oneIn(3), () -> program.add(handler, EntryCode.STORING));
        });
        return handler;
    }

    private void fill(int index, Value vector, Value flags, Value handler) {
        program.store64(table.plus(16L * index), vector.or(flags.shl(8)).or((long) EntryScene.KERNEL_CS << 16));
        program.store64(table.plus(16L * index + 8), handler);
    }

    /** Emits an entry of the trap table: DPL and mask bit, and where the handler is. */
    private void set(Value vector, Value flags, Value handler) {
        fill(0, vector, flags, handler);
        program.store64(table.plus(24), Value.of(0));
        dice.hash(program.hypercall(Hypercalls.SET_TRAP_TABLE, table));
    }
}
