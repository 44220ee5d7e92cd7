package io.github.paravane.cpu.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FlagsTest {
    private static final int[] WIDTHS = {1, 2, 4, 8};

    private final Flags flags = new Flags();

    @Property
    void whatIsSetIsRead(@ForAll long rflags) {
        flags.setRflags(rflags);
        assertEquals(rflags & Flags.DEFINED | 2, flags.rflags());
        assertEquals(flags.rflags(), copy(flags.rflags()).rflags());
    }

    private static Flags copy(long rflags) {
        Flags copy = new Flags();
        copy.setRflags(rflags);
        return copy;
    }

    @Property
    void additionMatchesExactArithmetic(
            @ForAll long a, @ForAll long b, @ForAll boolean carry, @ForAll @IntRange(min = 0, max = 3) int log) {
        int width = WIDTHS[log];
        BigInteger exact = unsigned(a, width).add(unsigned(b, width)).add(carry ? BigInteger.ONE : BigInteger.ZERO);
        BigInteger signed = signed(a, width).add(signed(b, width)).add(carry ? BigInteger.ONE : BigInteger.ZERO);
        long sum = a + b + (carry ? 1 : 0);
        flags.add(a, b, sum, width);
        assertEquals(exact.bitLength() > 8 * width, flags.cf());
        assertEquals(signed.bitLength() > 8 * width - 1, flags.of());
        assertEquals((a & 15) + (b & 15) + (carry ? 1 : 0) > 15, flags.af());
        assertResult(sum, width);
        if (width == 8) {
            long normal = flags.rflags();
            flags.add64(a, b, sum);
            assertEquals(normal, flags.rflags());
        }
    }

    @Property
    void subtractionMatchesExactArithmetic(
            @ForAll long a, @ForAll long b, @ForAll boolean borrow, @ForAll @IntRange(min = 0, max = 3) int log) {
        int width = WIDTHS[log];
        BigInteger less = borrow ? BigInteger.ONE : BigInteger.ZERO;
        BigInteger exact = unsigned(a, width).subtract(unsigned(b, width)).subtract(less);
        BigInteger signed = signed(a, width).subtract(signed(b, width)).subtract(less);
        long difference = a - b - (borrow ? 1 : 0);
        flags.sub(a, b, difference, width);
        assertEquals(exact.signum() < 0, flags.cf());
        assertEquals(signed.bitLength() > 8 * width - 1, flags.of());
        assertEquals((a & 15) - (b & 15) - (borrow ? 1 : 0) < 0, flags.af());
        assertResult(difference, width);
    }

    @Property
    void singleFlagsLeaveTheOthers(@ForAll long rflags, @ForAll boolean value) {
        flags.setRflags(rflags);
        flags.setCf(value);
        assertEquals(copy(rflags).rflags() & ~Flags.CF | (value ? Flags.CF : 0), flags.rflags());
        flags.setRflags(rflags);
        flags.setZf(value);
        assertEquals(copy(rflags).rflags() & ~Flags.ZF | (value ? Flags.ZF : 0), flags.rflags());
    }

    @Property
    void oddConditionsNegateEvenOnes(@ForAll long rflags, @ForAll @IntRange(min = 0, max = 7) int pair) {
        flags.setRflags(rflags);
        assertEquals(flags.condition(2 * pair), !flags.condition(2 * pair + 1));
    }

    private void assertResult(long value, int width) {
        assertEquals(unsigned(value, width).signum() == 0, flags.zf());
        assertEquals(signed(value, width).signum() < 0, flags.sf());
        assertEquals(Long.bitCount(value & 0xFF) % 2 == 0, flags.pf());
    }

    private static BigInteger unsigned(long value, int width) {
        return new BigInteger(Long.toUnsignedString(value)).mod(BigInteger.ONE.shiftLeft(8 * width));
    }

    private static BigInteger signed(long value, int width) {
        BigInteger unsigned = unsigned(value, width);
        return unsigned.testBit(8 * width - 1) ? unsigned.subtract(BigInteger.ONE.shiftLeft(8 * width)) : unsigned;
    }
}
