package io.github.paravane.testkit.guest.program;

import static io.github.paravane.testkit.asm.Gpr.RAX;

/** What start_info tells a guest program: its memory, its tables, its command line (Xen public/xen.h). */
public final class StartInfo {
    private static final int NR_PAGES = 32;
    private static final int PT_BASE = 88;
    private static final int MFN_LIST = 104;
    private static final int COMMAND_LINE = 128;

    private final GuestProgram program;
    private final Value startInfo;
    private final Routine find;
    private final Routine number;

    /** Emits what reading takes into a program, before its main routine. */
    public StartInfo(GuestProgram program) {
        this.program = program;
        startInfo = Value.computed(asm -> asm.mov(RAX, program.runtime().startInfo()));
        find = find();
        number = number();
    }

    /** The domain's pages at the start. */
    public Value pageCount() {
        return startInfo.plus(NR_PAGES).load64();
    }

    /** The linear address of the top-level page table. */
    public Value topTable() {
        return startInfo.plus(PT_BASE).load64();
    }

    /** The machine frame of a page by its number, from the list that the domain builder made. */
    public Value mfn(Value pfn) {
        return startInfo.plus(MFN_LIST).load64().plus(pfn.shl(3)).load64();
    }

    /** 1 if the command line contains this text. */
    public Value has(String key) {
        return find.call(program.text(key)).ne(0);
    }

    /** The decimal number behind {@code key=} on the command line, or another value if the key is not there. */
    public Value number(String key, Value otherwise) {
        return number.call(program.text(key + "="), otherwise);
    }

    /** The address behind the first occurrence of a text on the command line, 0 if there is none. */
    private Routine find() {
        Variable at = program.variable();
        Variable i = program.variable();
        return program.routine("find", 1, routine -> {
            Value wanted = routine.parameter(0);
            program.set(at, startInfo.plus(COMMAND_LINE));
            program.loop(at.load8(), () -> {
                program.set(i, 0);
                Value same = wanted.plus(i).load8().eq(at.plus(i).load8());
                program.loop(wanted.plus(i).load8().ne(0).and(same), () -> program.add(i, 1));
                program.when(wanted.plus(i).load8().isZero(), () -> routine.returns(at.plus(i)));
                program.add(at, 1);
            });
            routine.returns(Value.of(0));
        });
    }

    private Routine number() {
        Variable at = program.variable();
        Variable result = program.variable();
        return program.routine("number", 2, routine -> {
            program.set(at, find.call(routine.parameter(0)));
            program.when(at.isZero(), () -> routine.returns(routine.parameter(1)));
            program.set(result, 0);
            program.loop(at.load8().minus(Value.of('0')).below(10), () -> {
                program.set(result, result.times(10).plus(at.load8().minus(Value.of('0'))));
                program.add(at, 1);
            });
            routine.returns(result);
        });
    }
}
