package io.github.paravane.api.memory;

/**
 * A machine address in bytes.
 *
 * @param value 0 up to 2<sup>52</sup> - 1 (AMD64 APM vol 2, 5.1)
 */
public record MachineAddress(long value) implements Comparable<MachineAddress> {

    public MachineAddress {
        if (value < 0 || value >= 1L << 52) {
            throw new IllegalArgumentException("maddr out of range [0, 2^52): 0x" + Long.toHexString(value));
        }
    }

    /** The frame that holds this byte. */
    public Mfn frame() {
        return new Mfn(value >>> 12);
    }

    /** Offset in the frame, 0 to 4095. */
    public int offset() {
        return (int) value & 0xFFF;
    }

    /** The address {@code bytes} further on; {@link IllegalArgumentException} when that leaves the space. */
    public MachineAddress plusExact(long bytes) {
        return new MachineAddress(Math.addExact(value, bytes));
    }

    @Override
    public int compareTo(MachineAddress other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "maddr 0x" + Long.toHexString(value);
    }
}
