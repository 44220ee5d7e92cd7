package io.github.paravane.api.memory;

/**
 * A pseudo-physical frame number: the index of a frame in one domain's own numbering.
 *
 * @param value 0 up to 2<sup>40</sup> - 1
 */
public record Pfn(long value) implements Comparable<Pfn> {

    public Pfn {
        if (value < 0 || value >= 1L << 40) {
            throw new IllegalArgumentException("pfn out of range [0, 2^40): 0x" + Long.toHexString(value));
        }
    }

    /** The frame {@code frames} further on; {@link IllegalArgumentException} when that leaves the space. */
    public Pfn plusExact(long frames) {
        return new Pfn(Math.addExact(value, frames));
    }

    @Override
    public int compareTo(Pfn other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "pfn 0x" + Long.toHexString(value);
    }
}
