package io.github.paravane.api.profile;

/**
 * A 64-bit mask that prints in hexadecimal.
 *
 * @param bits the mask
 */
public record BitMask(long bits) {

    /** Whether any bit of {@code value} is in the mask. */
    public boolean intersects(long value) {
        return (bits & value) != 0;
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(bits);
    }
}
