package io.github.paravane.samples.jmh;

import io.github.paravane.cpu.decode.Decoder;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.OpcodeTable;
import io.github.paravane.testkit.asm.Assembler;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding: the eleven instructions of an xorshift step, one after another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {

    private static final int INSTRUCTIONS = 11;

    private final Decoder decoder = new Decoder(OpcodeTable.standard());
    private final byte[] code = code();

    private static byte[] code() {
        Assembler asm = new Assembler(0);
        GuestLoops.xorshift(asm);
        return asm.assemble().bytes();
    }

    /** Time of one instruction. */
    @Benchmark
    @OperationsPerInvocation(INSTRUCTIONS)
    public int decode() {
        int at = 0;
        while (at < code.length) {
            Insn insn = new Insn();
            if (decoder.decode(code, at, code.length, true, insn) != Decoder.OK) {
                throw new IllegalStateException("not decoded at " + at);
            }
            at += insn.length;
        }
        return at;
    }
}
