package io.github.paravane.api.memory;

/**
 * A canonical 48-bit linear address: bits 63:47 are all equal (AMD64 APM vol 2, 5.3.1).
 *
 * @param value the address, sign-extended to 64 bits; order is unsigned
 */
public record LinearAddress(long value) implements Comparable<LinearAddress> {

    public LinearAddress {
        if (!isCanonical(value)) {
            throw new IllegalArgumentException("linear address is not canonical: 0x" + Long.toHexString(value));
        }
    }

    /** Whether bits 63:47 of {@code linear} are all equal. */
    public static boolean isCanonical(long linear) {
        return linear << 16 >> 16 == linear;
    }

    /** Offset in the page, 0 to 4095. */
    public int offset() {
        return (int) value & 0xFFF;
    }

    /** The address {@code bytes} further on, modulo 2<sup>64</sup>; {@link IllegalArgumentException} if not canonical. */
    public LinearAddress plusWrapping(long bytes) {
        return new LinearAddress(value + bytes);
    }

    @Override
    public int compareTo(LinearAddress other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "linear 0x" + Long.toHexString(value);
    }
}
