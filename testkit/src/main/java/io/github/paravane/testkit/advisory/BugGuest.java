package io.github.paravane.testkit.advisory;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.TrapWord;
import java.util.function.Consumer;

/**
 * The guest of a {@link GuestTrial} in the making: a {@link GuestRuntime} that can print evidence and a verdict.
 *
 * <pre>{@code
 * GuestTrial.of(BugGuest.elf(guest -> {
 *     Label caught = guest.asm().label("caught");
 *     guest.runtime().attempt(caught, () -> guest.asm().wrmsr());
 *     guest.failure("the write was accepted");
 *     guest.asm().bind(caught);
 *     guest.evidence("vector", TrapWord.VECTOR).success("the write raised a fault");
 * }))
 * }</pre>
 */
public final class BugGuest {

    private static final int ENOSYS = -38;

    private final GuestRuntime runtime = new GuestRuntime();
    private int labels;

    private BugGuest() {}

    /** Assembles the guest that {@code program} writes, each time it is asked. */
    public static java.util.function.Supplier<byte[]> elf(Consumer<BugGuest> program) {
        return () -> {
            BugGuest guest = new BugGuest();
            program.accept(guest);
            return guest.runtime.toElf();
        };
    }

    /** The kernel around it. */
    public GuestRuntime runtime() {
        return runtime;
    }

    /** The assembler that everything is written to. */
    public Assembler asm() {
        return runtime.asm();
    }

    /** A new label of any name. */
    public Label label() {
        return asm().label("bug_" + labels++);
    }

    /** Places code behind the program, to be entered in user mode; what follows it raises #UD. */
    public Label userCode(Consumer<Assembler> code) {
        Label start = label();
        runtime.data(() -> {
            asm().align(16).bind(start);
            code.accept(asm());
            asm().ud2();
        });
        return start;
    }

    /**
     * Runs {@code code} in user mode with {@code rflags}, until it comes back by a trap, a callback or a system call;
     * then the words of the trap are there.
     */
    public BugGuest user(long rflags, Consumer<Assembler> code) {
        Label back = label();
        runtime.enterUser(userCode(code), back, rflags);
        asm().bind(back);
        return this;
    }

    /** Loads a word of the last trap. */
    public BugGuest load(Gpr register, TrapWord word) {
        asm().mov(register, runtime.trap(word));
        return this;
    }

    /** Prints a register as evidence; {@code name} is one word. Keeps every register. */
    public BugGuest evidence(String name, Gpr register) {
        if (name.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("the name of evidence is one word: " + name);
        }
        runtime.print("evidence " + name + " 0x").printHex(register).print("\n");
        return this;
    }

    /** Prints a word of the last trap as evidence. Clobbers RAX. */
    public BugGuest evidence(String name, TrapWord word) {
        asm().mov(Gpr.RAX, runtime.trap(word));
        return evidence(name, Gpr.RAX);
    }

    /** Ends the guest: the bug is there. */
    public BugGuest failure(String sentence) {
        return verdict(Outcome.FAILURE, sentence);
    }

    /** Ends the guest: the bug is not there. */
    public BugGuest success(String sentence) {
        return verdict(Outcome.SUCCESS, sentence);
    }

    /** Ends the guest with any verdict. */
    public BugGuest verdict(Outcome outcome, String sentence) {
        runtime.print("verdict " + outcome + " " + sentence + "\n").shutDown();
        return this;
    }

    /** Ends the guest: failure if {@code condition} holds for the flags of now, else success. */
    public BugGuest failIf(Condition condition, String ifFaulty, String ifFixed) {
        Label faulty = label();
        asm().j(condition, faulty);
        success(ifFixed);
        asm().bind(faulty);
        return failure(ifFaulty);
    }

    /**
     * Ends the guest: failure if {@code register} equals {@code faulty}, success if {@code fixed}, skip if it is -ENOSYS,
     * else error.
     */
    public BugGuest judge(Gpr register, long faulty, String ifFaulty, long fixed, String ifFixed) {
        Label isFixed = label();
        Label isFaulty = label();
        compare(register, fixed);
        asm().je(isFixed);
        compare(register, faulty);
        asm().je(isFaulty);
        Label known = label();
        asm().cmp(register, ENOSYS).jne(known);
        verdict(Outcome.SKIP, "this version does not have the call");
        asm().bind(known);
        verdict(Outcome.ERROR, "neither the faulty nor the correct result");
        asm().bind(isFaulty);
        failure(ifFaulty);
        asm().bind(isFixed);
        return success(ifFixed);
    }

    /** Compares with any constant; clobbers R10 for one that does not fit an immediate. */
    private void compare(Gpr register, long value) {
        if (value == (int) value) {
            asm().cmp(register, value);
        } else {
            asm().movabs(Gpr.R10, value).cmp(register, Gpr.R10);
        }
    }
}
