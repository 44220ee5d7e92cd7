package io.github.paravane.cpu.exec;

/**
 * What instructions see of memory: linear addresses in, values out, faults as the core's signal.
 *
 * <p>{@code stack} says that the address belongs to the stack segment, so that a non-canonical one raises #SS(0) and not
 * #GP(0). Values are zero-extended on the way in and truncated on the way out. A method that throws has changed nothing
 * in memory.
 */
abstract class MemoryPort {
    /** Low and high half of the last {@link #load16}. */
    long lo;

    long hi;

    abstract long load1(long linear, boolean stack);

    abstract long load2(long linear, boolean stack);

    abstract long load4(long linear, boolean stack);

    abstract long load8(long linear, boolean stack);

    abstract void store1(long linear, long value, boolean stack);

    abstract void store2(long linear, long value, boolean stack);

    abstract void store4(long linear, long value, boolean stack);

    abstract void store8(long linear, long value, boolean stack);

    /** Reads 16 bytes into {@link #lo} and {@link #hi}; #AC as AMD processors raise it, at 16 bytes. */
    abstract void load16(long linear, boolean stack);

    /** Writes 16 bytes; #AC as for {@link #load16}; nothing is written if either page faults. */
    abstract void store16(long linear, long low, long high, boolean stack);

    /**
     * Reads for a read-modify-write: faults as a write does. {@link #commit} follows, with no other access between.
     *
     * @return the value in memory
     */
    abstract long modify(long linear, int width, boolean stack);

    /** Stores the result of the read-modify-write that {@link #modify} began. */
    abstract void commit(long value, boolean locked);

    /** As {@link #commit}, for XCHG, which is locked without a prefix. */
    abstract void exchange(long value);

    /** As {@link #commit}, for CMPXCHG: {@code expected} is the accumulator; returns what memory held. */
    abstract long commitCompare(long expected, long value, boolean locked);

    /**
     * CMPXCHG16B: compares the 16 aligned bytes with {@code expectedLow/High}, stores the new value when equal, and
     * leaves what memory held in {@link #lo} and {@link #hi}.
     *
     * @param values expected low, expected high, new low, new high
     */
    abstract boolean compareExchange16(long linear, long[] values, boolean stack);

    /**
     * A non-canonical address faults; #AC if alignment checking is on and {@code linear} is no multiple of {@code alignment}: for operands whose parts are
     * accessed one by one. AMD processors find this before anything else about the page.
     */
    void checkAlignment(long linear, int alignment, boolean stack) {}

    /** As {@link #probeWrite} of {@code width} bytes that must be aligned where alignment checking is on. */
    void probeAligned(long linear, int width, boolean stack) {
        probeWrite(linear, width, stack);
    }

    /** Faults as a write of {@code length} bytes (at most a page) would; changes nothing. */
    abstract void probeWrite(long linear, int length, boolean stack);

    /** Reads 1, 2, 4 or 8 bytes. */
    final long load(long linear, int width, boolean stack) {
        switch (width) {
            case 1:
                return load1(linear, stack);
            case 2:
                return load2(linear, stack);
            case 4:
                return load4(linear, stack);
            default:
                return load8(linear, stack);
        }
    }

    /** Writes 1, 2, 4 or 8 bytes. */
    final void store(long linear, long value, int width, boolean stack) {
        switch (width) {
            case 1:
                store1(linear, value, stack);
                break;
            case 2:
                store2(linear, value, stack);
                break;
            case 4:
                store4(linear, value, stack);
                break;
            default:
                store8(linear, value, stack);
                break;
        }
    }
}
