package io.github.paravane.testkit.advisory.compat;

import io.github.paravane.testkit.advisory.GuestTrial;
import io.github.paravane.testkit.advisory.Outcome;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.CompatTrapWord;
import java.util.function.Consumer;

/** A 32-bit guest in the making: a {@link CompatRuntime} that can print evidence and a verdict. */
final class CompatGuest {

    private final CompatRuntime runtime = new CompatRuntime();
    private int labels;

    private CompatGuest() {}

    /** A trial by the guest that {@code program} writes. */
    static GuestTrial trial(Consumer<CompatGuest> program) {
        return GuestTrial.of(() -> {
                    CompatGuest guest = new CompatGuest();
                    program.accept(guest);
                    return guest.runtime.toElf();
                })
                .compat();
    }

    /** The kernel around it. */
    CompatRuntime runtime() {
        return runtime;
    }

    /** The assembler that everything is written to. */
    Assembler asm() {
        return runtime.asm();
    }

    /** A new label of any name. */
    Label label() {
        return asm().label("bug_" + labels++);
    }

    /** Prints a register as evidence. Keeps every register. */
    CompatGuest evidence(String name, Gpr register) {
        runtime.print("evidence " + name + " 0x").printHex(register).print("\n");
        return this;
    }

    /** Prints a word of the last trap as evidence. Clobbers EAX. */
    CompatGuest evidence(String name, CompatTrapWord word) {
        asm().mov(Gpr.EAX, runtime.trap(word));
        return evidence(name, Gpr.EAX);
    }

    /** Ends the guest with a verdict. */
    CompatGuest verdict(Outcome outcome, String sentence) {
        runtime.print("verdict " + outcome + " " + sentence + "\n").shutDown();
        return this;
    }

    /** Ends the guest: failure if {@code condition} holds for the flags of now, else success. */
    CompatGuest failIf(Condition condition, String ifFaulty, String ifFixed) {
        Label faulty = label();
        asm().j(condition, faulty);
        verdict(Outcome.SUCCESS, ifFixed);
        asm().bind(faulty);
        return verdict(Outcome.FAILURE, ifFaulty);
    }

    /** Ends the guest: failure if {@code register} equals {@code faulty}, success if {@code fixed}, else error. */
    CompatGuest judge(Gpr register, long faulty, String ifFaulty, long fixed, String ifFixed) {
        Label isFixed = label();
        Label isFaulty = label();
        asm().cmp(register, (int) fixed).je(isFixed).cmp(register, (int) faulty).je(isFaulty);
        verdict(Outcome.ERROR, "neither the faulty nor the correct result");
        asm().bind(isFaulty);
        verdict(Outcome.FAILURE, ifFaulty);
        asm().bind(isFixed);
        return verdict(Outcome.SUCCESS, ifFixed);
    }
}
