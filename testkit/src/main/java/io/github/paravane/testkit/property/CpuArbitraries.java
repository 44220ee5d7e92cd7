package io.github.paravane.testkit.property;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Register files and bytes to execute. */
public final class CpuArbitraries {
    /** The flags that CPL 3 code can change with POPF: CF, PF, AF, ZF, SF, TF, DF, OF, NT, AC, ID. */
    public static final long USER_FLAGS = 0x24_4DD5L;

    private static final long TF = 1 << 8;
    private static final int PAGE = 4096;
    private static final byte HLT = (byte) 0xF4;

    private CpuArbitraries() {}

    /** Operand values: small numbers, powers of two and their neighbours, sign boundaries of every width, and any. */
    public static Arbitrary<Long> operand() {
        return Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.of(0L, 1L, -1L, 2L, 0x7FL, 0x80L, 0xFFL, 0x7FFFL, 0x8000L, 0xFFFFL)),
                Tuple.of(2, Arbitraries.of(0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, Long.MAX_VALUE, Long.MIN_VALUE)),
                Tuple.of(1, Arbitraries.integers().between(0, 63).map(bit -> 1L << bit)),
                Tuple.of(2, Arbitraries.longs()));
    }

    /** Flags without TF, so that a run is not single-stepped. */
    public static Arbitrary<Long> flags() {
        return Arbitraries.longs().map(value -> value & USER_FLAGS & ~TF | 0x202);
    }

    /** Registers of any contents, RIP as given. */
    public static Arbitrary<RegisterFile> registers(long rip) {
        return Combinators.combine(operand().list().ofSize(16), flags())
                .as((gprs, flags) -> new RegisterFile(gprs, rip, flags));
    }

    /** One to fifteen bytes that look like an instruction: prefixes, an opcode of any map, anything after it. */
    public static Arbitrary<byte[]> instruction() {
        Arbitrary<List<Integer>> prefixes = Arbitraries.frequency(
                        Tuple.of(3, 0x48),
                        Tuple.of(2, 0x66),
                        Tuple.of(1, 0x67),
                        Tuple.of(1, 0xF0),
                        Tuple.of(1, 0xF2),
                        Tuple.of(1, 0xF3),
                        Tuple.of(1, 0x64),
                        Tuple.of(1, 0x4F))
                .list()
                .ofMaxSize(3);
        Arbitrary<List<Integer>> escape = Arbitraries.frequency(
                Tuple.of(4, List.of()),
                Tuple.of(4, List.of(0x0F)),
                Tuple.of(1, List.of(0x0F, 0x38)),
                Tuple.of(1, List.of(0x0F, 0x3A)));
        Arbitrary<List<Integer>> rest =
                Arbitraries.integers().between(0, 255).list().ofMinSize(1).ofMaxSize(10);
        return Combinators.combine(prefixes, escape, rest).as(CpuArbitraries::joined);
    }

    private static byte[] joined(List<Integer> prefixes, List<Integer> escape, List<Integer> rest) {
        List<Integer> all = new ArrayList<>(prefixes);
        all.addAll(escape);
        all.addAll(rest);
        byte[] bytes = new byte[Math.min(15, all.size())];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = all.get(i).byteValue();
        }
        return bytes;
    }

    /** A page that begins with bytes without any structure; it shrinks to fewer of them, with HLT behind. */
    public static Arbitrary<byte[]> garbagePage() {
        Arbitrary<Integer> length = Arbitraries.integers()
                .between(0, PAGE)
                .withDistribution(RandomDistribution.uniform())
                .shrinkTowards(0);
        return Combinators.combine(Arbitraries.longs(), length).as((seed, count) -> {
            byte[] garbage = new byte[PAGE];
            new Random(seed).nextBytes(garbage);
            Arrays.fill(garbage, count, PAGE, HLT);
            return garbage;
        });
    }
}
