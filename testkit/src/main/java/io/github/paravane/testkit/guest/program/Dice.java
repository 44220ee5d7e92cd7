package io.github.paravane.testkit.guest.program;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDX;

import io.github.paravane.testkit.asm.Assembler;

/** Random numbers from a seed (xorshift64*), and a running hash of results. */
public final class Dice {
    private static final long SEED_FACTOR = 0x9E37_79B9_7F4A_7C15L;
    private static final long STAR = 0x2545_F491_4F6C_DD1DL;
    private static final long HASH_START = 0xCBF2_9CE4_8422_2325L;
    private static final long HASH_FACTOR = 0xFF51_AFD7_ED55_8CCDL;

    /** A body that {@link #roll} runs in {@code weight} of all cases, relative to the weights of the others. */
    public record Face(int weight, Runnable body) {}

    private final GuestProgram program;
    private final Variable state;
    private final Variable hash;
    private final Routine next;
    private final Routine mix;

    /** Emits what rolling takes into a program, before its main routine. */
    public Dice(GuestProgram program) {
        this.program = program;
        state = program.variable();
        hash = program.variable();
        next = program.routine("random", 0, routine -> next(program.asm()));
        mix = program.routine("hash", 1, routine -> mix(program.asm(), routine.parameter(0)));
    }

    private void next(Assembler asm) {
        asm.mov(RAX, state.operand()).mov(RCX, RAX).shr(RCX, 12).xor(RAX, RCX);
        asm.mov(RCX, RAX).shl(RCX, 25).xor(RAX, RCX);
        asm.mov(RCX, RAX).shr(RCX, 27).xor(RAX, RCX).mov(state.operand(), RAX);
        asm.mov(RDX, STAR).imul(RAX, RDX).shr(RAX, 20);
    }

    private void mix(Assembler asm, Variable value) {
        asm.mov(RAX, hash.operand())
                .xor(RAX, value.operand())
                .mov(RCX, HASH_FACTOR)
                .imul(RAX, RCX);
        asm.mov(RCX, RAX).shr(RCX, 32).xor(RAX, RCX).mov(hash.operand(), RAX);
    }

    /** Emits the start of a new sequence and of a new hash. */
    public void seed(Value seed) {
        program.set(state, seed.times(SEED_FACTOR).plus(1));
        program.set(hash, HASH_START);
    }

    /** A number below a limit; it takes one step of the sequence whenever it is computed. */
    public Value below(long limit) {
        return limit == 1 ? next.call().and(0) : next.call().modulo(limit);
    }

    /** 44 random bits. */
    public Value any() {
        return next.call();
    }

    /** 1 in one of {@code n} cases. */
    public Value oneIn(int n) {
        return below(n).isZero();
    }

    /** One of these constants. */
    public Value oneOf(long... values) {
        return program.table(values).plus(below(values.length).shl(3)).load64();
    }

    /** Emits a body for each face; one of them runs. */
    public void roll(Face... faces) {
        int total = 0;
        for (Face face : faces) {
            total += face.weight;
        }
        long[] numbers = new long[total];
        Runnable[] bodies = new Runnable[faces.length];
        int at = 0;
        for (int i = 0; i < faces.length; i++) {
            bodies[i] = faces[i].body;
            for (int j = 0; j < faces[i].weight; j++) {
                numbers[at++] = i;
            }
        }
        program.choose(oneOf(numbers), bodies);
    }

    /** Emits the hashing of a value. */
    public void hash(Value value) {
        program.run(mix.call(value));
    }

    /** The hash of everything so far. */
    public Variable hash() {
        return hash;
    }
}
