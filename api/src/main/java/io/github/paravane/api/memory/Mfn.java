package io.github.paravane.api.memory;

/**
 * A machine frame number: the index of a 4 KiB frame of machine memory.
 *
 * @param value 0 up to 2<sup>40</sup> - 1 (a maddr has at most 52 bits, AMD64 APM vol 2, 5.1)
 */
public record Mfn(long value) implements Comparable<Mfn> {

    public Mfn {
        if (value < 0 || value >= 1L << 40) {
            throw new IllegalArgumentException("mfn out of range [0, 2^40): 0x" + Long.toHexString(value));
        }
    }

    /** The machine address of the frame's first byte. */
    public MachineAddress address() {
        return new MachineAddress(value << 12);
    }

    /** The frame {@code frames} further on; {@link IllegalArgumentException} when that leaves the space. */
    public Mfn plusExact(long frames) {
        return new Mfn(Math.addExact(value, frames));
    }

    @Override
    public int compareTo(Mfn other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "mfn 0x" + Long.toHexString(value);
    }
}
