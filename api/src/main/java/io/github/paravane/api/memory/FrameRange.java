package io.github.paravane.api.memory;

/**
 * A half-open run of machine frames: {@code first} up to, not including, {@code first + count}.
 *
 * @param first the first mfn
 * @param count number of frames, may be 0
 */
public record FrameRange(long first, long count) {

    public FrameRange {
        if (first < 0 || count < 0 || first + count < 0 || first + count > 1L << 40) {
            throw new IllegalArgumentException("frame range 0x" + Long.toHexString(first) + " + 0x"
                    + Long.toHexString(count) + " leaves [0, 2^40)");
        }
    }

    /** First mfn after the range. */
    public long end() {
        return first + count;
    }

    /** Whether {@code mfn} lies in the range. */
    public boolean contains(long mfn) {
        return mfn >= first && mfn - first < count;
    }

    /** Whether the two ranges share a frame. */
    public boolean overlaps(FrameRange other) {
        return count > 0 && other.count > 0 && first < other.end() && other.first < end();
    }
}
