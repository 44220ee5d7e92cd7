package io.github.paravane.testkit.contract;

import static io.github.paravane.testkit.asm.Gpr.AH;
import static io.github.paravane.testkit.asm.Gpr.AL;
import static io.github.paravane.testkit.asm.Gpr.AX;
import static io.github.paravane.testkit.asm.Gpr.BX;
import static io.github.paravane.testkit.asm.Gpr.CL;
import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.R8;
import static io.github.paravane.testkit.asm.Gpr.R9;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Condition;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import java.math.BigInteger;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What the basic integer instructions compute on every core: results, flags that the manual defines, widths, addresses,
 * stack and strings (Intel SDM vol 2). The expected values come from arithmetic on {@link BigInteger}.
 */
public abstract class IntegerInstructionContract {
    private static final int CF = 1;
    private static final int PF = 1 << 2;
    private static final int AF = 1 << 4;
    private static final int ZF = 1 << 6;
    private static final int SF = 1 << 7;
    private static final int OF = 1 << 11;
    private static final int DF = 1 << 10;
    private static final int STATUS = CF | PF | AF | ZF | SF | OF;
    private static final List<Integer> WIDTHS = List.of(8, 16, 32, 64);
    private static final long[] OPERANDS = {
        0,
        1,
        2,
        0xF,
        0x10,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x7FFF_FFFF,
        0x8000_0000L,
        0xFFFF_FFFFL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        0x0123_4567_89AB_CDEFL
    };

    /** The factory of the core to be tested. */
    protected abstract CpuCoreFactory factory();

    private CoreScene scene(Consumer<Assembler> program) {
        return new CoreScene(factory()).code(program);
    }

    /** A value of some bits, seen as unsigned and as signed number. */
    private record Word(long bits, int width) {
        BigInteger unsigned() {
            return BigInteger.valueOf(bits).and(mask(width));
        }

        BigInteger signed() {
            return BigInteger.valueOf(bits << 64 - width >> 64 - width);
        }
    }

    private static BigInteger mask(int width) {
        return BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    }

    /** ZF, SF and PF of a result. */
    private static int resultFlags(long result, int width) {
        Word word = new Word(result, width);
        return (word.unsigned().signum() == 0 ? ZF : 0)
                | (word.signed().signum() < 0 ? SF : 0)
                | (Long.bitCount(result & 0xFF) % 2 == 0 ? PF : 0);
    }

    /** Flags of an addition or subtraction of three numbers, from their exact sum. */
    private static int sumFlags(Word a, Word b, int carry, boolean subtract) {
        BigInteger in = BigInteger.valueOf(carry);
        BigInteger unsigned = subtract
                ? a.unsigned().subtract(b.unsigned()).subtract(in)
                : a.unsigned().add(b.unsigned()).add(in);
        BigInteger signed = subtract
                ? a.signed().subtract(b.signed()).subtract(in)
                : a.signed().add(b.signed()).add(in);
        long low = subtract ? (a.bits & 15) - (b.bits & 15) - carry : (a.bits & 15) + (b.bits & 15) + carry;
        BigInteger limit = BigInteger.ONE.shiftLeft(a.width - 1);
        boolean overflow = signed.compareTo(limit) >= 0 || signed.compareTo(limit.negate()) < 0;
        boolean carryOut = unsigned.signum() < 0 || unsigned.bitLength() > a.width;
        return (carryOut ? CF : 0)
                | (low < 0 || low > 15 ? AF : 0)
                | (overflow ? OF : 0)
                | resultFlags(unsigned.longValue(), a.width);
    }

    private interface Binary {
        void emit(Assembler asm, Gpr destination, Gpr source);
    }

    /** What an instruction makes of two operands and a carry. */
    private interface Model {
        Expected apply(Word a, Word b, int carry);
    }

    /** A result and flags, of which those in {@code defined} count. */
    private record Expected(long result, int flags, int defined) {}

    /** Runs {@code operation rax, rbx} at every width on all pairs of operands and compares RAX and the flags. */
    private void check(String name, Binary operation, Model model) {
        for (int width : WIDTHS) {
            CoreScene scene = scene(asm -> operation.emit(asm, RAX.atWidth(width), RBX.atWidth(width)));
            for (long left : OPERANDS) {
                for (long right : OPERANDS) {
                    for (int carry = 0; carry <= 1; carry++) {
                        checkOne(name, scene, new Word(left, width), new Word(right, width), carry, model);
                    }
                }
            }
        }
    }

    /** Like {@link #check} for an instruction that has one operand, in RAX. */
    private void checkUnary(
            String name, BiConsumer<Assembler, Gpr> operation, BiFunction<Word, Integer, Expected> model) {
        for (int width : WIDTHS) {
            CoreScene scene = scene(asm -> operation.accept(asm, RAX.atWidth(width)));
            Word none = new Word(0, width);
            for (long operand : OPERANDS) {
                for (int carry = 0; carry <= 1; carry++) {
                    Word a = new Word(operand, width);
                    checkOne(name, scene, a, none, carry, (value, unused, in) -> model.apply(value, in));
                }
            }
        }
    }

    private static void checkOne(String name, CoreScene scene, Word a, Word b, int carry, Model model) {
        String what = name + " " + Long.toHexString(a.bits) + ", " + Long.toHexString(b.bits) + " at " + a.width
                + " carry " + carry;
        scene.core.registers().setRip(CoreScene.CODE);
        scene.core.registers().setRflags(0x202 | carry);
        scene.set(RAX, a.bits).set(RBX, b.bits).runToEnd();
        Expected expected = model.apply(a, b, carry);
        long result = new Word(expected.result, a.width).unsigned().longValue();
        // A 32-bit result clears the upper half of its register; narrower ones leave the rest.
        long kept = a.width >= 32 ? 0 : a.bits & -1L << a.width;
        assertEquals(Long.toHexString(kept | result), Long.toHexString(scene.get(RAX)), what);
        long flags = scene.core.registers().rflags() & expected.defined;
        assertEquals(
                Integer.toHexString(expected.flags & expected.defined), Long.toHexString(flags), "flags of " + what);
    }

    private static Expected add(Word a, Word b, int carry) {
        return new Expected(a.bits + b.bits + carry, sumFlags(a, b, carry, false), STATUS);
    }

    private static Expected subtract(Word a, Word b, int carry) {
        return new Expected(a.bits - b.bits - carry, sumFlags(a, b, carry, true), STATUS);
    }

    private static Expected logic(long result, Word a) {
        return new Expected(result, resultFlags(result, a.width), STATUS & ~AF);
    }

    @Test
    void additionsAndSubtractions() {
        check("add", Assembler::add, (a, b, carry) -> add(a, b, 0));
        check("adc", Assembler::adc, IntegerInstructionContract::add);
        check("sub", Assembler::sub, (a, b, carry) -> subtract(a, b, 0));
        check("sbb", Assembler::sbb, IntegerInstructionContract::subtract);
    }

    @Test
    void incrementsLeaveTheCarryAlone() {
        Word one = new Word(1, 64);
        checkUnary("inc", (asm, a) -> asm.inc(a), (a, carry) -> withCarry(add(a, sized(one, a), 0), carry));
        checkUnary("dec", (asm, a) -> asm.dec(a), (a, carry) -> withCarry(subtract(a, sized(one, a), 0), carry));
        checkUnary("neg", (asm, a) -> asm.neg(a), (a, carry) -> subtract(new Word(0, a.width), a, 0));
        checkUnary("not", (asm, a) -> asm.not(a), (a, carry) -> new Expected(~a.bits, carry, CF));
    }

    private static Word sized(Word value, Word like) {
        return new Word(value.bits, like.width);
    }

    private static Expected withCarry(Expected other, int carry) {
        return new Expected(other.result, other.flags & ~CF | carry, STATUS);
    }

    @Test
    void comparisonsChangeFlagsOnly() {
        // In the 32-bit form too, a comparison leaves the register's upper half: move the value once more to compare.
        check(
                "cmp",
                (asm, a, b) -> asm.cmp(a, b).mov(a, a),
                (a, b, carry) -> new Expected(a.bits, subtract(a, b, 0).flags, STATUS));
        check(
                "test",
                (asm, a, b) -> asm.test(a, b).mov(a, a),
                (a, b, carry) -> new Expected(a.bits, resultFlags(a.bits & b.bits, a.width), STATUS & ~AF));
    }

    @Test
    void logicClearsCarryAndOverflow() {
        check("and", Assembler::and, (a, b, carry) -> logic(a.bits & b.bits, a));
        check("or", Assembler::or, (a, b, carry) -> logic(a.bits | b.bits, a));
        check("xor", Assembler::xor, (a, b, carry) -> logic(a.bits ^ b.bits, a));
    }

    @Test
    void exchanges() {
        check("xchg", Assembler::xchg, (a, b, carry) -> new Expected(b.bits, carry, CF));
        check("xadd", Assembler::xadd, (a, b, carry) -> add(a, b, 0));
        // CMPXCHG with RAX itself as destination always finds it equal and stores the source.
        check("cmpxchg", Assembler::cmpxchg, (a, b, carry) -> new Expected(b.bits, subtract(a, a, 0).flags, STATUS));
    }

    @Test
    void shiftsByACount() {
        for (int count : new int[] {0, 1, 2, 7, 8, 15, 16, 31, 32, 33, 63, 64}) {
            checkUnary("shl " + count, (asm, a) -> asm.shl(a, count), (a, carry) -> shift(a, count, carry, 'l'));
            checkUnary("shr " + count, (asm, a) -> asm.shr(a, count), (a, carry) -> shift(a, count, carry, 'r'));
            checkUnary("sar " + count, (asm, a) -> asm.sar(a, count), (a, carry) -> shift(a, count, carry, 'a'));
            checkUnary("rol " + count, (asm, a) -> asm.rol(a, count), (a, carry) -> rotate(a, count, carry, true));
            checkUnary("ror " + count, (asm, a) -> asm.ror(a, count), (a, carry) -> rotate(a, count, carry, false));
        }
    }

    /** Shifts bit by bit; OF is defined for a count of 1 only, CF not beyond the width. */
    private static Expected shift(Word a, int encoded, int carry, char kind) {
        int count = encoded & (a.width == 64 ? 63 : 31);
        BigInteger value = kind == 'a' ? a.signed() : a.unsigned();
        int out = carry;
        for (int i = 0; i < count; i++) {
            out = value.testBit(kind == 'l' ? a.width - 1 : 0) ? 1 : 0;
            value = kind == 'l' ? value.shiftLeft(1) : value.shiftRight(1);
        }
        if (count == 0) {
            return new Expected(a.bits, carry, CF);
        }
        long result = value.and(mask(a.width)).longValue();
        boolean sign = new Word(result, a.width).signed().signum() < 0;
        boolean overflow =
                kind == 'l' ? sign != (out == 1) : kind == 'r' && a.signed().signum() < 0;
        int flags = resultFlags(result, a.width) | out | (overflow ? OF : 0);
        int undefined = AF | (count == 1 ? 0 : OF) | (kind != 'a' && count > a.width ? CF : 0);
        return new Expected(result, flags, STATUS & ~undefined);
    }

    private static Expected rotate(Word a, int encoded, int carry, boolean left) {
        int count = encoded & (a.width == 64 ? 63 : 31);
        BigInteger value = a.unsigned();
        for (int i = 0; i < count; i++) {
            boolean bit = value.testBit(left ? a.width - 1 : 0);
            value = left ? value.shiftLeft(1).and(mask(a.width)) : value.shiftRight(1);
            value = bit ? value.setBit(left ? 0 : a.width - 1) : value;
        }
        boolean out = value.testBit(left ? 0 : a.width - 1);
        return new Expected(value.longValue(), count == 0 ? carry : out ? CF : 0, CF);
    }

    @Test
    void multiplications() {
        for (int width : List.of(16, 32, 64)) {
            CoreScene unsigned = scene(asm -> asm.mul(RBX.atWidth(width)));
            CoreScene signed = scene(asm -> asm.imul(RBX.atWidth(width)));
            for (long left : OPERANDS) {
                for (long right : OPERANDS) {
                    Word a = new Word(left, width);
                    Word b = new Word(right, width);
                    checkProduct(unsigned, a, b, a.unsigned().multiply(b.unsigned()));
                    checkProduct(signed, a, b, a.signed().multiply(b.signed()));
                }
            }
        }
    }

    private static void checkProduct(CoreScene scene, Word a, Word b, BigInteger product) {
        scene.core.registers().setRip(CoreScene.CODE);
        scene.set(RAX, a.bits).set(RBX, b.bits).runToEnd();
        assertEquals(new Word(product.longValue(), a.width).unsigned().longValue(), scene.get(RAX.atWidth(a.width)));
        Word high = new Word(product.shiftRight(a.width).longValue(), a.width);
        assertEquals(high.unsigned().longValue(), scene.get(RDX.atWidth(a.width)));
    }

    @Test
    void divisionsGiveQuotientAndRemainder() {
        CoreScene scene =
                scene(asm -> asm.div(RBX)).set(RDX, 3).set(RAX, 5).set(RBX, 7).runToEnd();
        BigInteger dividend = BigInteger.valueOf(3).shiftLeft(64).add(BigInteger.valueOf(5));
        assertEquals(dividend.divide(BigInteger.valueOf(7)).longValue(), scene.get(RAX));
        assertEquals(dividend.mod(BigInteger.valueOf(7)).longValue(), scene.get(RDX));
        scene = scene(asm -> asm.cqo().idiv(RBX)).set(RAX, -7).set(RBX, 2).runToEnd();
        assertEquals(-3, scene.get(RAX));
        assertEquals(-1, scene.get(RDX));
        assertEquals(
                0,
                scene(asm -> asm.div(EBX)).set(RDX, 1).set(RBX, 1).runToTrap().vector());
        assertEquals(
                0,
                scene(asm -> asm.cqo().idiv(RBX))
                        .set(RAX, Long.MIN_VALUE)
                        .set(RBX, -1)
                        .runToTrap()
                        .vector());
    }

    @Test
    void widthsAndExtensions() {
        CoreScene scene = scene(asm -> asm.mov(AL, 0xFF)
                        .mov(AH, 1)
                        .mov(ECX, -1)
                        .mov(BX, AX)
                        .movsx(EDX, AH)
                        .movzx(RSI.atWidth(32), AL)
                        .movsxd(RDI, ECX)
                        .movsx(R8, AL)
                        .mov(R9, 0x1234_5678_9ABC_DEF0L))
                .set(RAX, -1)
                .set(RCX, -1)
                .set(RBX, 0)
                .set(RSI, -1)
                .runToEnd();
        assertEquals(0xFFFF_FFFF_FFFF_01FFL, scene.get(RAX));
        assertEquals(0xFFFF_FFFFL, scene.get(RCX));
        assertEquals(0x1FF, scene.get(RBX));
        assertEquals(1, scene.get(RDX));
        assertEquals(0xFF, scene.get(RSI));
        assertEquals(-1, scene.get(RDI));
        assertEquals(-1, scene.get(R8));
        assertEquals(0x1234_5678_9ABC_DEF0L, scene.get(R9));
    }

    @Test
    void addressesAndStack() {
        CoreScene scene = scene(asm -> {
                    Label function = asm.label("function");
                    Label end = asm.label("end");
                    asm.lea(RAX, ptr(RBX, RCX, 8, -16))
                            .push(RAX)
                            .push(-1)
                            .pop(R8)
                            .call(function)
                            .jmp(end);
                    asm.bind(function).mov(RDX, qword(ptr(RSP, 8))).ret();
                    asm.bind(end).pop(R9).pushf().pop(RSI);
                })
                .set(RBX, 0x1000)
                .set(RCX, 5)
                .runToEnd();
        assertEquals(0x1018, scene.get(RAX));
        assertEquals(-1, scene.get(R8));
        assertEquals(0x1018, scene.get(RDX));
        assertEquals(0x1018, scene.get(R9));
        assertEquals(CoreScene.STACK_TOP, scene.get(RSP));
        assertEquals(0x202, scene.get(RSI) & ~STATUS);
    }

    @Test
    void conditions() {
        int[][] holds = {{OF}, {CF}, {ZF}, {CF, ZF}, {SF}, {PF}};
        for (int i = 0; i < holds.length; i++) {
            for (int flag : holds[i]) {
                Condition condition = Condition.ofCode(2 * i);
                CoreScene scene = scene(asm -> asm.set(condition, AL).set(condition.negated(), CL));
                scene.core.registers().setRflags(0x202 | flag);
                assertEquals(1, scene.runToEnd().get(AL), condition + " with " + flag);
                assertEquals(0, scene.get(CL));
            }
        }
        CoreScene less =
                scene(asm -> asm.mov(EAX, -5).cmp(EAX, 3).set(Condition.L, CL).cmov(Condition.GE, RAX, RBX));
        assertEquals(1, less.runToEnd().get(CL));
        assertEquals(0xFFFF_FFFBL, less.get(RAX));
    }

    @Test
    void stringsGoBothWays() {
        CoreScene scene = scene(asm -> asm.mov(ECX, 5)
                        .rep()
                        .movs(8)
                        .std()
                        .mov(ECX, 2)
                        .rep()
                        .stos(16)
                        .cld())
                .set(RAX, 0xABCD)
                .set(RSI, CoreScene.DATA)
                .set(RDI, CoreScene.DATA + 2);
        scene.memory.writeU16(CoreScene.DATA, 0x2211);
        scene.runToEnd();
        // Overlapping forward copy by bytes repeats the first two; then two words downwards from the end.
        assertEquals(0x0011_2211_2211_2211L & 0xFFFF_FFFFL, scene.memory.readU32(CoreScene.DATA) & 0xFFFF_FFFFL);
        assertEquals(0xABCD, scene.memory.readU16(CoreScene.DATA + 7));
        assertEquals(0xABCD, scene.memory.readU16(CoreScene.DATA + 5));
        assertEquals(CoreScene.DATA + 3, scene.get(RDI));
        assertEquals(0, scene.get(RCX));
        assertEquals(0, scene.core.registers().rflags() & DF);
        CoreScene scan = scene(asm -> asm.mov(ECX, 100).repne().scas(8))
                .set(RDI, CoreScene.DATA)
                .set(RAX, 0x99);
        scan.memory.writeU8(CoreScene.DATA + 41, 0x99);
        assertEquals(CoreScene.DATA + 42, scan.runToEnd().get(RDI));
        assertEquals(58, scan.get(RCX));
    }

    @Test
    void bits() {
        CoreScene scene = scene(asm -> asm.bsf(RAX, RBX)
                        .bsr(RCX, RBX)
                        .bts(qword(ptr(RDI)), R8)
                        .bswap(R9)
                        .popcnt(RDX, RBX))
                .set(RBX, 0x0000_0F00_0000_0100L)
                .set(RDI, CoreScene.DATA + 64)
                .set(R8, -65)
                .set(R9, 0x1122_3344_5566_7788L)
                .runToEnd();
        assertEquals(8, scene.get(RAX));
        assertEquals(43, scene.get(RCX));
        assertEquals(1L << 63, scene.memory.readU64(CoreScene.DATA + 64 - 16));
        assertEquals(0x8877_6655_4433_2211L, scene.get(R9));
        assertEquals(5, scene.get(RDX));
    }
}
