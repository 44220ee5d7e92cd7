package io.github.paravane.testkit.guest.probe;

import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.StartInfo;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;

/** What the operations of a probe share: the program, dice, the log, and short forms of what they do all the time. */
final class Probe {
    static final long PRESENT = 1;
    static final long READ_ONLY = 0x61;
    static final long WRITABLE = 0x63;
    static final long TABLE = 0x67;
    static final long FRAME_MASK = 0x000f_ffff_ffff_f000L;
    static final long SELF = GuestRuntime.DOMID_SELF;
    static final int CLEAR_PAGE = 16;
    static final int COPY_PAGE = 17;

    private static final int EVTCHN_STATUS = 5;
    private static final int EVTCHN_ALLOC_UNBOUND = 6;

    final GuestProgram program = new GuestProgram();
    final Dice dice = new Dice(program);
    final StartInfo startInfo = new StartInfo(program);
    final OperationLog log = new OperationLog(program, startInfo, dice);
    final Variable ownDomid = program.variable();
    private final Value words = program.bytes(32);
    private final Routine tableAddress;
    private final Routine entryAddress;
    private final Routine extended;
    private final Routine update;

    Probe() {
        tableAddress = program.routine("table_address", 1, routine -> {
            Value mfn = routine.parameter(0).and(FRAME_MASK).shr(12);
            routine.returns(m2p(mfn).shl(12).plus(GuestRuntime.BASE));
        });
        entryAddress = program.routine("entry_address", 1, routine -> {
            Variable linear = routine.parameter(0);
            Variable entry = program.variable();
            Variable table = program.variable();
            program.set(table, startInfo.topTable());
            for (int shift : new int[] {39, 30, 21}) {
                program.set(entry, table.plus(linear.shr(shift).and(511).shl(3)).load64());
                program.set(table, tableAddress.call(entry));
            }
            routine.returns(entry.and(FRAME_MASK).plus(linear.shr(12).and(511).shl(3)));
        });
        extended = program.routine("mmuext", 3, routine -> {
            program.store64(words, routine.parameter(0));
            program.store64(words.plus(8), routine.parameter(1));
            program.store64(words.plus(16), routine.parameter(2));
            one(routine, Hypercalls.MMUEXT_OP);
        });
        update = program.routine("mmu_update", 2, routine -> {
            program.store64(words, routine.parameter(0));
            program.store64(words.plus(8), routine.parameter(1));
            one(routine, Hypercalls.MMU_UPDATE);
        });
    }

    private void one(Routine routine, int number) {
        program.store32(words.plus(24), Value.of(99));
        routine.returns(program.hypercall(number, words, Value.of(1), words.plus(24), Value.of(SELF)));
    }

    /** Finds out the domain's own number: a port for itself names it. */
    void start() {
        program.store16(words, Value.of(SELF));
        program.store16(words.plus(2), Value.of(SELF));
        program.run(program.hypercall(Hypercalls.EVENT_CHANNEL_OP, Value.of(EVTCHN_ALLOC_UNBOUND), words));
        program.run(program.hypercall(Hypercalls.EVENT_CHANNEL_OP, Value.of(EVTCHN_STATUS), words));
        program.set(ownDomid, words.plus(16).load16());
    }

    Variable set(Value value) {
        Variable variable = program.variable();
        program.set(variable, value);
        return variable;
    }

    /** The entry of the machine-to-physical table; beyond its end a fault. */
    Value m2p(Value mfn) {
        return mfn.shl(3).plus(GuestRuntime.M2P).load64();
    }

    /** The machine address of the last-level entry that maps an address of the kernel. */
    Value entryOf(Value linear) {
        return entryAddress.call(linear);
    }

    /** The linear address of a page table of the kernel's own, from an entry that points to it. */
    Value tableOf(Value entry) {
        return tableAddress.call(entry);
    }

    Value updateVaMapping(Value linear, Value entry, Value flush) {
        return program.hypercall(Hypercalls.UPDATE_VA_MAPPING, linear, entry, flush);
    }

    /** mmuext_op with one operation. */
    Value extended(Value command, Value first, Value second) {
        return extended.call(command, first, second);
    }

    /** The number of operations that the last mmuext_op or mmu_update says it did; 99 if it said nothing. */
    Value done() {
        return words.plus(24).load32();
    }

    /** mmu_update with one request. */
    Value update(Value pointer, Value value) {
        return update.call(pointer, value);
    }

    Variable vectorOf(Runnable body) {
        program.attempt(body);
        return set(program.trap(TrapWord.VECTOR));
    }

    void flushAll() {
        program.run(extended(Value.of(Hypercalls.TLB_FLUSH_LOCAL), Value.of(0), Value.of(0)));
    }
}
