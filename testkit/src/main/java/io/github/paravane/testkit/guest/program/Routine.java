package io.github.paravane.testkit.guest.program;

import static io.github.paravane.testkit.asm.Gpr.RAX;

import io.github.paravane.testkit.asm.Label;

/** A routine with parameters and one result; parameters are global cells, so it must not call itself. */
public final class Routine {
    private final GuestProgram program;
    private final Label entry;
    private final Label end;
    private final Variable[] parameters;

    Routine(GuestProgram program, String name, int parameters) {
        this.program = program;
        this.entry = program.asm().label(name);
        this.end = program.asm().label(name + ".end");
        this.parameters = new Variable[parameters];
        for (int i = 0; i < parameters; i++) {
            this.parameters[i] = program.variable();
        }
    }

    Label entry() {
        return entry;
    }

    Label end() {
        return end;
    }

    /** A parameter, counted from 0. */
    public Variable parameter(int index) {
        return parameters[index];
    }

    /** Emits a return with a value; a routine that reaches its end returns whatever was computed last. */
    public void returns(Value value) {
        value.emit(program.asm());
        program.asm().jmp(end);
    }

    /** A call of the routine, made whenever the value is computed; {@link GuestProgram#run} makes it a statement. */
    public Value call(Value... arguments) {
        if (arguments.length != parameters.length) {
            throw new IllegalArgumentException(
                    entry + " has " + parameters.length + " parameters, not " + arguments.length);
        }
        Value[] values = arguments.clone();
        return Value.computed(asm -> {
            for (Value value : values) {
                value.emit(asm);
                asm.push(RAX);
            }
            for (int i = values.length - 1; i >= 0; i--) {
                asm.pop(RAX).mov(parameters[i].operand(), RAX);
            }
            asm.call(entry);
        });
    }
}
