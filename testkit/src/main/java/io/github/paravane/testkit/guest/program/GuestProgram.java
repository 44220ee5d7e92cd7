package io.github.paravane.testkit.guest.program;

import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.AX;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.R10;
import static io.github.paravane.testkit.asm.Gpr.R8;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.TrapWord;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guest written in expressions and statements, on the start-up, console and traps of {@link GuestRuntime}. Methods that
 * return nothing emit a statement; {@link Value} objects are emitted by the statement that uses them. Routines come first,
 * {@link #main} last.
 *
 * <pre>{@code
 * GuestProgram program = new GuestProgram();
 * Variable i = program.variable();
 * program.main(() -> program.repeat(i, Value.of(3), () -> program.print("line %d\n", i)));
 * byte[] elf = program.toElf();
 * }</pre>
 */
public final class GuestProgram {
    private static final Gpr[] ARGUMENTS = {RDI, RSI, RDX, R10, R8};
    private static final Pattern FIELD = Pattern.compile("%[xd]");
    private static final long NO_TRAP = 0xfff;

    private final GuestRuntime runtime = new GuestRuntime();
    private final Assembler asm = runtime.asm();
    private final Label cells;
    private final Label start;
    private int cellBytes;
    private int labels;
    private boolean isComplete;

    /** Starts an empty program. */
    public GuestProgram() {
        cells = label("cells");
        start = label("main");
        runtime.data(() -> asm.align(8).bind(cells).zeros(cellBytes));
        asm.jmp(start);
    }

    /** The runtime below the program. */
    public GuestRuntime runtime() {
        return runtime;
    }

    /** The assembler, for what has no statement here; RSP is the only register that must survive. */
    public Assembler asm() {
        return asm;
    }

    /** A label with a new name. */
    public Label label(String prefix) {
        return asm.label(prefix + "." + labels++);
    }

    /** A new variable. */
    public Variable variable() {
        return new Variable(cells, allocate(8));
    }

    /** A new array. */
    public Array array(int length) {
        return new Array(this, bytes(8 * length), length);
    }

    /** The address of new zeroed memory, 8-byte aligned. */
    public Value bytes(int size) {
        return new Address(cells, allocate(size));
    }

    private int allocate(int size) {
        int offset = cellBytes;
        cellBytes += size + 7 & -8;
        return offset;
    }

    /** The address of new zeroed pages, one behind the other. */
    public Value pages(int count) {
        String name = "pages." + labels++;
        Label first = runtime.page(name);
        for (int i = 1; i < count; i++) {
            runtime.page(name + "." + i);
        }
        return new Address(first, 0);
    }

    /** A word of what the last trap showed; the vector is 0xfff if the last {@link #attempt} met none. */
    public Value trap(TrapWord word) {
        return Value.computed(code -> code.mov(RAX, runtime.trap(word)));
    }

    /** Emits a body that a trap ends early; {@link #trap} tells about it. */
    public void attempt(Runnable body) {
        Label end = label("caught");
        asm.mov(runtime.trap(TrapWord.VECTOR), NO_TRAP).mov(runtime.trap(TrapWord.ERROR), 0);
        runtime.attempt(end, body);
        asm.bind(end);
    }

    /** Emits output: {@code %x} is a value in hexadecimal, {@code %d} in signed decimal. */
    public void print(String format, Value... values) {
        if (FIELD.matcher(format).results().count() != values.length) {
            throw new IllegalArgumentException(values.length + " values for '" + format + "'");
        }
        Matcher field = FIELD.matcher(format);
        int from = 0;
        int next = 0;
        while (field.find()) {
            literal(format.substring(from, field.start()));
            values[next++].emit(asm);
            if (field.group().equals("%x")) {
                runtime.printHex(RAX);
            } else {
                runtime.printDecimal(RAX);
            }
            from = field.end();
        }
        literal(format.substring(from));
    }

    private void literal(String literal) {
        if (!literal.isEmpty()) {
            runtime.print(literal);
        }
    }

    /** The address of a label. */
    public Value addressOf(Label label) {
        return new Address(label, 0);
    }

    /** The address of a zero-terminated text. */
    public Value text(String text) {
        Label label = label("text");
        runtime.data(() -> asm.bind(label).asciz(text));
        return new Address(label, 0);
    }

    /** The address of a table of 64-bit constants. */
    public Value table(long... values) {
        Label label = label("table");
        long[] copy = values.clone();
        runtime.data(() -> {
            asm.align(8).bind(label);
            for (long value : copy) {
                asm.u64(value);
            }
        });
        return new Address(label, 0);
    }

    /** Emits an assignment. */
    public void set(Variable variable, Value value) {
        value.emit(asm);
        asm.mov(variable.operand(), RAX);
    }

    /** Emits an assignment of a constant. */
    public void set(Variable variable, long value) {
        set(variable, Value.of(value));
    }

    /** Emits an addition to a variable. */
    public void add(Variable variable, Value value) {
        value.emit(asm);
        asm.add(variable.operand(), RAX);
    }

    /** Emits an addition of a constant to a variable. */
    public void add(Variable variable, long value) {
        add(variable, Value.of(value));
    }

    /** Emits a store of one byte. */
    public void store8(Value address, Value value) {
        operands(address, value);
        asm.mov(ptr(RCX), AL);
    }

    /** Emits a store of 16 bits. */
    public void store16(Value address, Value value) {
        operands(address, value);
        asm.mov(ptr(RCX), AX);
    }

    /** Emits a store of 32 bits. */
    public void store32(Value address, Value value) {
        operands(address, value);
        asm.mov(ptr(RCX), EAX);
    }

    /** Emits a store of 64 bits. */
    public void store64(Value address, Value value) {
        operands(address, value);
        asm.mov(ptr(RCX), RAX);
    }

    /** The address in RCX, the value in RAX. */
    private void operands(Value address, Value value) {
        address.emit(asm);
        asm.push(RAX);
        value.emit(asm);
        asm.pop(RCX);
    }

    /** Emits a computation whose result nobody wants: a call. */
    public void run(Value value) {
        value.emit(asm);
    }

    /** Emits a body that runs if the value is not zero. */
    public void when(Value condition, Runnable body) {
        Label end = label("end");
        jumpUnless(condition, end);
        body.run();
        asm.bind(end);
    }

    /** Emits two bodies, of which the first runs if the value is not zero. */
    public void when(Value condition, Runnable body, Runnable otherwise) {
        Label other = label("else");
        Label end = label("end");
        jumpUnless(condition, other);
        body.run();
        asm.jmp(end).bind(other);
        otherwise.run();
        asm.bind(end);
    }

    /** Emits a loop that runs while the value is not zero. */
    public void loop(Value condition, Runnable body) {
        Label again = label("loop");
        Label end = label("end");
        asm.bind(again);
        jumpUnless(condition, end);
        body.run();
        asm.jmp(again).bind(end);
    }

    /** Emits a loop that counts a variable from 0 up to a limit, which every round computes anew. */
    public void repeat(Variable counter, Value limit, Runnable body) {
        set(counter, 0);
        loop(counter.below(limit), () -> {
            body.run();
            add(counter, 1);
        });
    }

    private void jumpUnless(Value condition, Label target) {
        condition.emit(asm);
        asm.test(RAX, RAX).je(target);
    }

    /** Emits bodies of which one runs: number {@code selector}, the last one if there are fewer. */
    public void choose(Value selector, Runnable... bodies) {
        Label end = label("end");
        selector.emit(asm);
        Label[] entries = new Label[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            entries[i] = label("case");
            if (i < bodies.length - 1) {
                asm.cmp(RAX, i).je(entries[i]);
            }
        }
        for (int i = bodies.length - 1; i >= 0; i--) {
            asm.bind(entries[i]);
            bodies[i].run();
            asm.jmp(end);
        }
        asm.bind(end);
    }

    /** A hypercall by its number, with up to five arguments; the value is what it returns. */
    public Value hypercall(int number, Value... arguments) {
        if (arguments.length > ARGUMENTS.length) {
            throw new IllegalArgumentException("a hypercall has at most 5 arguments, not " + arguments.length);
        }
        Value[] values = arguments.clone();
        return Value.computed(code -> {
            for (Value value : values) {
                value.emit(code);
                code.push(RAX);
            }
            for (int i = values.length - 1; i >= 0; i--) {
                code.pop(ARGUMENTS[i]);
            }
            runtime.hypercall(number);
        });
    }

    /** Emits a routine; its body finds its parameters in the routine. */
    public Routine routine(String name, int parameters, Consumer<Routine> body) {
        Routine routine = new Routine(this, name, parameters);
        asm.bind(routine.entry());
        body.accept(routine);
        asm.bind(routine.end()).ret();
        return routine;
    }

    /** Emits the main routine; the domain powers off at its end. */
    public void main(Runnable body) {
        if (isComplete) {
            throw new IllegalStateException("the program has its main routine already");
        }
        isComplete = true;
        asm.bind(start);
        body.run();
        runtime.shutDown();
    }

    /** The kernel file. */
    public byte[] toElf() {
        if (!isComplete) {
            throw new IllegalStateException("the program has no main routine");
        }
        return runtime.toElf();
    }
}
