package io.github.paravane.testkit.guest.surface;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.TrapWord;

/** Reads and writes model-specific registers in every range that is in use, and prints where something changes. */
final class RegisterSurface {
    private static final long[][] RANGES = {
        {0, 0x1000},
        {0x4000_0001L, 0x4000_0200L},
        {0x8000_0000L, 0x8000_0010L},
        {0xC000_0080L, 0xC000_0110L},
        {0xC001_0000L, 0xC001_0400L},
        {0xC001_1000L, 0xC001_1100L}
    };
    /** The vector of the UD2 behind each access. */
    private static final int ANSWERED = 6;

    private static final int TSC = 0x10;
    private static final int MICROCODE_REVISION = 0x8B;
    private static final int MISC_ENABLE = 0x1A0;
    private static final int TSC_AUX = 0xC000_0103;

    private final GuestProgram program = new GuestProgram();
    private final Variable index = program.variable();
    private final Variable value = program.variable();
    private final Variable vector = program.variable();
    private final Variable lastValue = program.variable();
    private final Variable lastVector = program.variable();

    private RegisterSurface() {}

    static byte[] elf() {
        RegisterSurface surface = new RegisterSurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    private void body() {
        for (long[] range : RANGES) {
            range(range, "read", this::read);
        }
        for (long bits : new long[] {0, 1, 0xFFFF_FFFFL, -1}) {
            for (long[] range : RANGES) {
                range(range, "write " + Long.toHexString(bits), () -> write(bits));
            }
        }
        program.print("END\n");
    }

    private void range(long[] range, String name, Runnable access) {
        program.set(lastVector, -1);
        program.set(index, range[0]);
        program.loop(index.below(range[1]), () -> {
            program.set(value, 0);
            Value skipped = index.eq(TSC).or(index.eq(MICROCODE_REVISION)).or(index.eq(MISC_ENABLE));
            program.when(skipped.or(index.eq(TSC_AUX & 0xFFFF_FFFFL)), () -> {}, () -> {
                program.attempt(access);
                program.set(vector, program.trap(TrapWord.VECTOR));
                program.when(
                        vector.eq(ANSWERED),
                        () -> program.set(
                                value,
                                program.trap(TrapWord.RAX)
                                        .or(program.trap(TrapWord.RDX).shl(32))),
                        () -> program.set(value, program.trap(TrapWord.ERROR)));
                Value changed = vector.ne(lastVector).or(value.ne(lastValue));
                program.when(changed, () -> program.print(name + " %x: %x %x\n", index, vector, value));
                program.set(lastVector, vector);
                program.set(lastValue, value);
            });
            program.add(index, 1);
        });
    }

    private void read() {
        program.run(index);
        program.asm().mov(RCX, RAX).rdmsr().ud2();
    }

    private void write(long bits) {
        program.run(index);
        program.asm()
                .mov(RCX, RAX)
                .movabs(RAX, bits)
                .mov(RDX, RAX)
                .shr(RDX, 32)
                .wrmsr()
                .xor(EAX, EAX)
                .xor(EDX, EDX)
                .ud2();
    }
}
