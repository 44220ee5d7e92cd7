package io.github.paravane.cpu.exec;

/** Shows each access that succeeded to the breakpoints. */
final class WatchPort extends MemoryPort {
    private final MemoryPort port;
    private final Breakpoints breakpoints;
    private long modifyLinear;
    private int modifyWidth;

    WatchPort(MemoryPort port, Breakpoints breakpoints) {
        this.port = port;
        this.breakpoints = breakpoints;
    }

    private long loaded(long linear, int width, long value) {
        breakpoints.access(linear, width, false);
        return value;
    }

    @Override
    long load1(long linear, boolean stack) {
        return loaded(linear, 1, port.load1(linear, stack));
    }

    @Override
    long load2(long linear, boolean stack) {
        return loaded(linear, 2, port.load2(linear, stack));
    }

    @Override
    long load4(long linear, boolean stack) {
        return loaded(linear, 4, port.load4(linear, stack));
    }

    @Override
    long load8(long linear, boolean stack) {
        return loaded(linear, 8, port.load8(linear, stack));
    }

    @Override
    void store1(long linear, long value, boolean stack) {
        port.store1(linear, value, stack);
        breakpoints.access(linear, 1, true);
    }

    @Override
    void store2(long linear, long value, boolean stack) {
        port.store2(linear, value, stack);
        breakpoints.access(linear, 2, true);
    }

    @Override
    void store4(long linear, long value, boolean stack) {
        port.store4(linear, value, stack);
        breakpoints.access(linear, 4, true);
    }

    @Override
    void store8(long linear, long value, boolean stack) {
        port.store8(linear, value, stack);
        breakpoints.access(linear, 8, true);
    }

    @Override
    void load16(long linear, boolean stack) {
        port.load16(linear, stack);
        lo = port.lo;
        hi = port.hi;
        breakpoints.access(linear, 16, false);
    }

    @Override
    void store16(long linear, long low, long high, boolean stack) {
        port.store16(linear, low, high, stack);
        breakpoints.access(linear, 16, true);
    }

    @Override
    long modify(long linear, int width, boolean stack) {
        modifyLinear = linear;
        modifyWidth = width;
        return port.modify(linear, width, stack);
    }

    @Override
    void commit(long value, boolean locked) {
        port.commit(value, locked);
        breakpoints.access(modifyLinear, modifyWidth, true);
    }

    @Override
    void exchange(long value) {
        port.exchange(value);
        breakpoints.access(modifyLinear, modifyWidth, true);
    }

    @Override
    long commitCompare(long expected, long value, boolean locked) {
        long old = port.commitCompare(expected, value, locked);
        breakpoints.access(modifyLinear, modifyWidth, true);
        return old;
    }

    @Override
    boolean compareExchange16(long linear, long[] values, boolean stack) {
        boolean equal = port.compareExchange16(linear, values, stack);
        lo = port.lo;
        hi = port.hi;
        breakpoints.access(linear, 16, true);
        return equal;
    }

    @Override
    void probeWrite(long linear, int length, boolean stack) {
        port.probeWrite(linear, length, stack);
    }
}
