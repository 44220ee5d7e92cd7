package io.github.paravane.cpu.state;

/**
 * RFLAGS, with the six arithmetic flags lazy: an instruction leaves its result and its carry vector, and a flag is
 * computed when somebody asks.
 *
 * <p>{@code result} is the result sign-extended to 64 bits: ZF, SF and PF come from it. {@code aux} holds, normalised
 * to 64 bits whatever the width: bit 63 CF, bit 62 CF xor OF (the carry into the sign bit), bit 3 AF, bit 0 inverts SF,
 * bits 8-15 are xor-ed into the byte that PF looks at. The last two are zero except after flags were loaded as such.
 */
public final class Flags {
    public static final int CF = 1;
    public static final int PF = 1 << 2;
    public static final int AF = 1 << 4;
    public static final int ZF = 1 << 6;
    public static final int SF = 1 << 7;
    public static final int TF = 1 << 8;
    public static final int IF = 1 << 9;
    public static final int DF = 1 << 10;
    public static final int OF = 1 << 11;
    public static final int IOPL = 3 << 12;
    public static final int NT = 1 << 14;
    public static final int RF = 1 << 16;
    public static final int VM = 1 << 17;
    public static final int AC = 1 << 18;
    public static final int VIF = 1 << 19;
    public static final int VIP = 1 << 20;
    public static final int ID = 1 << 21;
    /** The six arithmetic flags. */
    public static final int ARITHMETIC = CF | PF | AF | ZF | SF | OF;
    /** Bits of RFLAGS that exist. */
    public static final int DEFINED = ARITHMETIC | TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID;

    private static final long CARRIES = 0xC000_0000_0000_0008L;

    /** Result of the last flag-setting instruction, sign-extended. */
    public long result = 1;
    /** Carries and corrections, see the class. */
    public long aux;
    /** All flags that are not arithmetic, at their places; bit 1 not stored. */
    public long system;

    /** Flags of a logical operation: CF, OF and AF clear. {@code value} is sign-extended from its width. */
    public void logic(long value) {
        result = value;
        aux = 0;
    }

    /** Flags of {@code a + b (+ carry) = sum} at 64 bits. */
    public void add64(long a, long b, long sum) {
        result = sum;
        aux = ((a & b) | ((a | b) & ~sum)) & CARRIES;
    }

    /** Flags of {@code a - b (- borrow) = difference} at 64 bits. */
    public void sub64(long a, long b, long difference) {
        result = difference;
        aux = ((~a & b) | ((~a | b) & difference)) & CARRIES;
    }

    /** Flags of an addition at 1, 2, 4 or 8 bytes; only the low bits of the arguments count. */
    public void add(long a, long b, long sum, int width) {
        normalise((a & b) | ((a | b) & ~sum), sum, width);
    }

    /** Flags of a subtraction at 1, 2, 4 or 8 bytes. */
    public void sub(long a, long b, long difference, int width) {
        normalise((~a & b) | ((~a | b) & difference), difference, width);
    }

    /** Flags of a logical operation at 1, 2, 4 or 8 bytes. */
    public void logic(long value, int width) {
        result = signExtend(value, width);
        aux = 0;
    }

    private void normalise(long carries, long value, int width) {
        int shift = 64 - 8 * width;
        result = value << shift >> shift;
        aux = (carries << shift & 0xC000_0000_0000_0000L) | (carries & 8);
    }

    /** {@code value} sign-extended from {@code width} bytes. */
    public static long signExtend(long value, int width) {
        int shift = 64 - 8 * width;
        return value << shift >> shift;
    }

    /** Keeps the result's ZF, SF, PF and sets CF, OF and AF. {@code value} is sign-extended. */
    public void set(long value, boolean carry, boolean overflow, boolean adjust) {
        result = value;
        aux = (carry ? 1L << 63 : 0) | (carry != overflow ? 1L << 62 : 0) | (adjust ? 8 : 0);
    }

    public boolean cf() {
        return aux < 0;
    }

    public boolean of() {
        return (aux ^ (aux << 1)) < 0;
    }

    public boolean zf() {
        return result == 0;
    }

    public boolean sf() {
        return (result ^ (aux << 63)) < 0;
    }

    public boolean af() {
        return (aux & 8) != 0;
    }

    public boolean pf() {
        return (Integer.bitCount((int) (result ^ (aux >>> 8)) & 0xFF) & 1) == 0;
    }

    /** CF as 0 or 1. */
    public long carry() {
        return aux >>> 63;
    }

    /** Sets CF alone. */
    public void setCf(boolean carry) {
        setCfOf(carry, of());
    }

    /** Sets CF and OF alone. */
    public void setCfOf(boolean carry, boolean overflow) {
        aux = (aux & ~0xC000_0000_0000_0000L) | (carry ? 1L << 63 : 0) | (carry != overflow ? 1L << 62 : 0);
    }

    /** Sets ZF alone. */
    public void setZf(boolean zero) {
        setArithmetic(zero ? arithmetic() | ZF : arithmetic() & ~ZF);
    }

    /** The six arithmetic flags at their places. */
    public int arithmetic() {
        long even = ~Integer.bitCount((int) (result ^ (aux >>> 8)) & 0xFF) & 1;
        return (int) (aux >>> 63
                | even << 2
                | (aux & 8) << 1
                | (result == 0 ? ZF : 0)
                | (result ^ aux << 63) >>> 63 << 7
                | (aux ^ aux << 1) >>> 63 << 11);
    }

    /** Sets the six arithmetic flags from their places in {@code flags}. */
    public void setArithmetic(long flags) {
        boolean zero = (flags & ZF) != 0;
        boolean sign = (flags & SF) != 0;
        boolean parity = (flags & PF) != 0;
        boolean carry = (flags & CF) != 0;
        boolean overflow = (flags & OF) != 0;
        // A result that is zero or not, non-negative, with an even low byte; the corrections say the rest.
        result = zero ? 0 : 0x100;
        aux = (carry ? 1L << 63 : 0)
                | (carry != overflow ? 1L << 62 : 0)
                | ((flags & AF) != 0 ? 8 : 0)
                | (sign ? 1 : 0)
                | (parity ? 0 : 0x100);
    }

    /** RFLAGS with bit 1 set. */
    public long rflags() {
        return system | arithmetic() | 2;
    }

    /** Sets every flag that exists. */
    public void setRflags(long rflags) {
        system = rflags & DEFINED & ~ARITHMETIC;
        setArithmetic(rflags);
    }

    public boolean df() {
        return (system & DF) != 0;
    }

    /** Whether condition {@code cond} (low four bits of Jcc, SETcc, CMOVcc) holds. */
    public boolean condition(int cond) {
        boolean holds = switch (cond >>> 1) {
            case 0 -> of();
            case 1 -> cf();
            case 2 -> zf();
            case 3 -> cf() || zf();
            case 4 -> sf();
            case 5 -> pf();
            case 6 -> sf() != of();
            default -> zf() || sf() != of();
        };
        return holds ^ ((cond & 1) != 0);
    }
}
