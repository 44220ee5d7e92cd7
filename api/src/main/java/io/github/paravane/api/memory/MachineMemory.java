package io.github.paravane.api.memory;

/**
 * Byte-addressed machine memory of {@link #frames()} frames of 4 KiB, little-endian, initially zero.
 *
 * <p>An access of width 2, 4 or 8 must not cross a frame boundary; it need not be aligned. Atomic operations must be
 * naturally aligned. An address outside {@code [0, frames() << 12)} or a crossing access is misuse by the embedder and
 * throws {@link IndexOutOfBoundsException}; guest mistakes are caught by translation and by the hypervisor's frame
 * checks before memory is touched.
 *
 * <p>One machine runs on one thread at a time; implementations need no locks. Atomic operations exist because the guest
 * instruction they serve is defined as one access.
 */
public interface MachineMemory {

    /** log2 of the frame size in bytes. */
    int FRAME_SHIFT = 12;

    /** Bytes in a frame. */
    int FRAME_SIZE = 1 << FRAME_SHIFT;

    /** Number of frames; valid mfns are 0 to {@code frames() - 1}. Constant for the life of the object. */
    long frames();

    /** The byte at {@code maddr}, zero-extended. */
    int readU8(long maddr);

    /** The two bytes at {@code maddr}, zero-extended. */
    int readU16(long maddr);

    /** The four bytes at {@code maddr} as an {@code int}. */
    int readU32(long maddr);

    /** The eight bytes at {@code maddr}. */
    long readU64(long maddr);

    /** Stores the low 8 bits of {@code value}. */
    void writeU8(long maddr, int value);

    /** Stores the low 16 bits of {@code value}. */
    void writeU16(long maddr, int value);

    /** Stores {@code value}. */
    void writeU32(long maddr, int value);

    /** Stores {@code value}. */
    void writeU64(long maddr, long value);

    /** Stores {@code value} and returns true iff the eight aligned bytes at {@code maddr} equal {@code expected}. */
    boolean compareAndSetU64(long maddr, long expected, long value);

    /** Copies {@code length} bytes, which may cross frames, from {@code maddr} into {@code target}. */
    void read(long maddr, byte[] target, int offset, int length);

    /** Copies {@code length} bytes from {@code source} to {@code maddr}; may cross frames. */
    void write(long maddr, byte[] source, int offset, int length);

    /** Makes all bytes of frame {@code mfn} zero; an implementation may give its storage back. */
    void zeroFrame(long mfn);

    /**
     * Watches a frame: its next write by anybody calls every listener once with the mfn and ends the watch. Used by
     * cores that cache decoded instructions. Watching twice is the same as once.
     */
    void watch(long mfn);

    /** Adds a listener for watched frames; it stays for the life of the memory. */
    void addWriteListener(FrameWriteListener listener);
}
