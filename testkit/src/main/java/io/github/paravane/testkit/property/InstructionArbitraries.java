package io.github.paravane.testkit.property;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Sequences of instructions, most of them such that a core goes on behind them. They shrink to fewer instructions, and each
 * to smaller operands, low registers and no prefix.
 *
 * <pre>{@code
 * @Property
 * void coresAgree(@ForAll("code") List<InstructionBytes> code) { ... InstructionBytes.join(code) ... }
 *
 * @Provide
 * Arbitrary<List<InstructionBytes>> code() {
 *     return InstructionArbitraries.sequence();
 * }
 * }</pre>
 */
public final class InstructionArbitraries {

    private static final int MOST = 30;

    private InstructionArbitraries() {}

    /** One to thirty instructions. */
    public static Arbitrary<List<InstructionBytes>> sequence() {
        return instruction().list().ofMinSize(1).ofMaxSize(MOST);
    }

    /** One instruction: arithmetic and moves between registers and with constants, stack, shifts, memory, or anything. */
    public static Arbitrary<InstructionBytes> instruction() {
        return Arbitraries.frequencyOf(
                Tuple.of(5, betweenRegisters()),
                Tuple.of(4, withConstant()),
                Tuple.of(2, shift()),
                Tuple.of(2, stack()),
                Tuple.of(3, memory()),
                Tuple.of(2, bare()),
                Tuple.of(2, shortJump()),
                Tuple.of(2, anything()));
    }

    private static Arbitrary<Integer> register() {
        return Arbitraries.integers().between(0, 15).shrinkTowards(0);
    }

    private static Arbitrary<Boolean> wide() {
        return Arbitraries.of(false, true);
    }

    private static Arbitrary<Integer> octet() {
        return Arbitraries.integers().between(0, 255).shrinkTowards(0);
    }

    /** REX where a register or the width needs one. */
    private static List<Integer> rex(boolean wide, int reg, int rm) {
        int bits = (wide ? 8 : 0) | (reg > 7 ? 4 : 0) | (rm > 7 ? 1 : 0);
        return bits == 0 ? List.of() : List.of(0x40 | bits);
    }

    private static InstructionBytes joined(List<Integer> first, List<Integer> second) {
        List<Integer> all = new ArrayList<>(first);
        all.addAll(second);
        return new InstructionBytes(all);
    }

    private static Arbitrary<InstructionBytes> betweenRegisters() {
        // add, or, adc, sbb, and, sub, xor, cmp, test, mov
        Arbitrary<Integer> opcode = Arbitraries.of(0x01, 0x09, 0x11, 0x19, 0x21, 0x29, 0x31, 0x39, 0x85, 0x89);
        return Combinators.combine(opcode, wide(), register(), register())
                .as((code, wide, reg, rm) -> joined(rex(wide, reg, rm), List.of(code, 0xC0 | (reg & 7) << 3 | rm & 7)));
    }

    private static Arbitrary<InstructionBytes> withConstant() {
        // group 1 with a sign-extended byte
        return Combinators.combine(Arbitraries.integers().between(0, 7), wide(), register(), octet())
                .as((operation, wide, rm, constant) ->
                        joined(rex(wide, 0, rm), List.of(0x83, 0xC0 | operation << 3 | rm & 7, constant)));
    }

    private static Arbitrary<InstructionBytes> shift() {
        return Combinators.combine(Arbitraries.of(4, 5, 7, 0, 1, 2, 3), wide(), register(), octet())
                .as((operation, wide, rm, count) ->
                        joined(rex(wide, 0, rm), List.of(0xC1, 0xC0 | operation << 3 | rm & 7, count & 63)));
    }

    private static Arbitrary<InstructionBytes> stack() {
        return Combinators.combine(Arbitraries.of(0x50, 0x58), register())
                .as((code, reg) -> joined(rex(false, 0, reg), List.of(code | reg & 7)));
    }

    /** Loads and stores at a register plus a small offset; RSP and R12 would need one byte more. */
    private static Arbitrary<InstructionBytes> memory() {
        Arbitrary<Integer> base = register().filter(each -> (each & 7) != 4);
        return Combinators.combine(Arbitraries.of(0x8B, 0x89, 0x01, 0x31), wide(), register(), base, octet())
                .as((code, wide, reg, rm, offset) ->
                        joined(rex(wide, reg, rm), List.of(code, 0x40 | (reg & 7) << 3 | rm & 7, offset)));
    }

    /** Instructions of one byte or two without operands. */
    private static Arbitrary<InstructionBytes> bare() {
        return Arbitraries.of(
                InstructionBytes.of(0x90),
                InstructionBytes.of(0xF8),
                InstructionBytes.of(0xF9),
                InstructionBytes.of(0xF5),
                InstructionBytes.of(0xFC),
                InstructionBytes.of(0xFD),
                InstructionBytes.of(0x98),
                InstructionBytes.of(0x99),
                InstructionBytes.of(0x9C),
                InstructionBytes.of(0x0F, 0xA2),
                InstructionBytes.of(0x0F, 0x0B),
                InstructionBytes.of(0xCC),
                InstructionBytes.of(0xF4));
    }

    /** A conditional jump over no more than the next few bytes. */
    private static Arbitrary<InstructionBytes> shortJump() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 15),
                        Arbitraries.integers().between(0, 8))
                .as((condition, distance) -> InstructionBytes.of(0x70 | condition, distance));
    }

    private static Arbitrary<InstructionBytes> anything() {
        Arbitrary<List<Integer>> prefixes = Arbitraries.of(0x48, 0x66, 0x67, 0xF0, 0xF2, 0xF3, 0x64, 0x4F)
                .list()
                .ofMaxSize(3);
        Arbitrary<List<Integer>> escape =
                Arbitraries.of(List.of(), List.of(0x0F), List.of(0x0F, 0x38), List.of(0x0F, 0x3A));
        Arbitrary<List<Integer>> rest = octet().list().ofMinSize(1).ofMaxSize(8);
        return Combinators.combine(prefixes, escape, rest).as((first, second, third) -> {
            List<Integer> head = new ArrayList<>(first);
            head.addAll(second);
            return joined(head, third);
        });
    }
}
