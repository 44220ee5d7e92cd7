package io.github.paravane.hypervisor.time;

/**
 * How a guest turns TSC ticks into ns: {@code ns = (shift >= 0 ? ticks << shift : ticks >> -shift) * multiplier >> 32}
 * (struct vcpu_time_info, abi-reference 3.17).
 *
 * @param multiplier unsigned 32 bits, with the highest bit set for best precision
 * @param shift -31 to 31
 */
public record TimeScale(int multiplier, int shift) {

    private static final long SECOND = 1_000_000_000L;

    /** The scale of a TSC of {@code kilohertz}. */
    public static TimeScale of(long kilohertz) {
        if (kilohertz < 1 || kilohertz > 1L << 30) {
            throw new IllegalArgumentException(
                    "TSC frequency out of range [1, 2^30] kHz: 0x" + Long.toHexString(kilohertz));
        }
        long perSecond = kilohertz * 1000;
        int shift = 0;
        while (perSecond > 2 * SECOND) {
            perSecond >>= 1;
            shift--;
        }
        while (perSecond <= SECOND) {
            perSecond <<= 1;
            shift++;
        }
        return new TimeScale((int) ((SECOND << 32) / perSecond), shift);
    }

    /** {@code ticks}, unsigned, in ns; computed as guests do. */
    public long nanoseconds(long ticks) {
        long shifted = shift >= 0 ? ticks << shift : ticks >>> -shift;
        long factor = Integer.toUnsignedLong(multiplier);
        // The factor has 32 bits, so two 32-bit halves of the ticks make the 96-bit product.
        return (shifted >>> 32) * factor + ((shifted & 0xFFFF_FFFFL) * factor >>> 32);
    }
}
