package io.github.paravane.testkit.guest.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.ConsolePort;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.SegmentRegister;
import io.github.paravane.testkit.runtime.TrapWord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the statements and expressions of guest programs compile to, seen by running them. */
class GuestProgramTest {
    private final GuestProgram program = new GuestProgram();
    private final Dice dice = new Dice(program);
    private final StartInfo startInfo = new StartInfo(program);

    private List<String> run(Runnable body) {
        program.main(body);
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(DomainConfig.of(GuestImage.of(program.toElf()).withCommandLine("seed=42 verbose"))
                        .console(ConsolePort.output(console)))
                .virtualTime()
                .build();
        assertEquals(
                RunResult.Kind.SHUT_DOWN,
                machine.run(RunLimits.none().instructions(2_000_000)).kind());
        return console.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    @Test
    void arithmeticAndFormats() {
        Variable x = program.variable();
        List<String> lines = run(() -> {
            program.set(x, 1000);
            program.print("%x %d text\n", x, x.negated());
            program.print(
                    "%d %d %d\n",
                    x.modulo(7), x.dividedBy(7), x.minus(x.plus(1)).shr(60));
            program.print(
                    "%d %d %d\n",
                    x.below(1001), x.eq(1000).and(x.ne(3)), Value.of(0xFFFF).signed16());
        });
        assertEquals(List.of("3e8 -1000 text", "6 142 15", "1 1 -1"), lines);
    }

    @Test
    void loopsRoutinesAndArrays() {
        Variable i = program.variable();
        Array squares = program.array(10);
        Routine sum = program.routine("sum", 2, routine -> {
            program.when(routine.parameter(0).eq(9), () -> routine.returns(Value.of(-1)));
            routine.returns(routine.parameter(0).plus(routine.parameter(1)));
        });
        List<String> lines = run(() -> {
            program.repeat(i, Value.of(10), () -> squares.set(i, sum.call(i, sum.call(i, i))));
            program.repeat(
                    i,
                    Value.of(4),
                    () -> program.choose(
                            i,
                            () -> program.print("zero\n"),
                            () -> program.print("one\n"),
                            () -> program.print("more %d\n", squares.get(i))));
            program.print("%d %d\n", squares.get(8), squares.get(9));
        });
        assertEquals(List.of("zero", "one", "more 6", "more 9", "24 -1"), lines);
    }

    @Test
    void anAttemptKeepsTheTrap() {
        List<String> lines = run(() -> {
            program.attempt(() -> program.run(Value.of(0x1234_5678_9000L).load64()));
            program.print(
                    "%x %x %x\n",
                    program.trap(TrapWord.VECTOR), program.trap(TrapWord.ERROR), program.trap(TrapWord.CR2));
            program.attempt(() -> program.asm().mov(Gpr.EAX, 0x13).mov(SegmentRegister.DS, Gpr.EAX));
            program.print("%x %x\n", program.trap(TrapWord.VECTOR), program.trap(TrapWord.ERROR));
            program.attempt(() -> {});
            program.print("%x\n", program.trap(TrapWord.VECTOR));
        });
        assertEquals(List.of("e 0 123456789000", "d 10", "fff"), lines);
    }

    @Test
    void aTrapOutsideAnAttemptEndsTheProgram() {
        List<String> lines = run(() -> {
            program.asm().ud2();
            program.print("not reached\n");
        });
        assertEquals(1, lines.size());
        assertEquals("unexpected trap 6 error 0 ", lines.get(0).substring(0, 26));
    }

    @Test
    void theCommandLineHasNumbers() {
        List<String> lines = run(() -> {
            program.print("%d %d\n", startInfo.number("seed", Value.of(1)), startInfo.number("n", Value.of(7)));
            program.print("%d %d\n", startInfo.has("verbose"), startInfo.has("noptwr"));
        });
        assertEquals(List.of("42 7", "1 0"), lines);
    }

    @Test
    void diceRepeatForASeed() {
        List<String> lines = run(() -> {
            for (int seed : new int[] {1, 2, 1}) {
                dice.seed(Value.of(seed));
                dice.hash(dice.any());
                program.print("%x %d\n", dice.hash(), dice.below(1000));
            }
        });
        assertEquals(lines.get(0), lines.get(2));
        assertEquals(3, lines.size());
        assertEquals(2, lines.stream().distinct().count());
    }

    @Test
    void aProgramHasOneMain() {
        assertThrows(IllegalStateException.class, program::toElf);
        program.main(() -> {});
        assertThrows(IllegalStateException.class, () -> program.main(() -> {}));
        assertThrows(IllegalArgumentException.class, () -> program.print("%d %d\n", Value.of(1)));
    }
}
