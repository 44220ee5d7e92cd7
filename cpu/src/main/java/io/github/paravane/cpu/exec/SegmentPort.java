package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.fault.FaultSignal;
import io.github.paravane.cpu.state.CpuState;

/**
 * The port outside 64-bit mode: limit and type of the segment for every byte of an access, then the machine port.
 *
 * <p>The segment is SS for stack accesses, else the one that {@link Core#segmented} translated last (Intel SDM vol 3, 5.3
 * and 5.5).
 */
final class SegmentPort extends MemoryPort {
    private static final long CODE = 1L << 43;
    private static final long EXPAND_DOWN = 1L << 42;
    private static final long RIGHTS = 1L << 41;
    private static final long BIG = 1L << 54;
    private static final long TOP = 0xFFFF_FFFFL;

    private final MachinePort machine;
    private final CpuState s;
    private final FaultSignal fault;

    /** The segment of the next access that is not to the stack. */
    int segment;

    SegmentPort(MachinePort machine, CpuState s, FaultSignal fault) {
        this.machine = machine;
        this.s = s;
        this.fault = fault;
    }

    private void check(long linear, int width, boolean write, boolean stack) {
        int used = stack ? CpuState.SS : segment;
        long descriptor = s.descriptor[used];
        boolean code = (descriptor & CODE) != 0;
        boolean rights = (descriptor & RIGHTS) != 0;
        if (descriptor == 0
                || (write ? code || !rights : code && !rights)
                || !within(linear, width, used, descriptor)) {
            throw fault.vector(used == CpuState.SS ? Trap.SS : Trap.GP, 0);
        }
    }

    private boolean within(long linear, int width, int used, long descriptor) {
        long first = (linear - s.segmentBase[used]) & TOP;
        long last = first + width - 1;
        long limit = SegmentLoader.limit(descriptor);
        if ((descriptor & (CODE | EXPAND_DOWN)) == EXPAND_DOWN) {
            return first > limit && last <= ((descriptor & BIG) != 0 ? TOP : 0xFFFF);
        }
        return last <= limit;
    }

    @Override
    long load1(long linear, boolean stack) {
        check(linear, 1, false, stack);
        return machine.load1(linear, stack);
    }

    @Override
    long load2(long linear, boolean stack) {
        check(linear, 2, false, stack);
        return machine.load2(linear, stack);
    }

    @Override
    long load4(long linear, boolean stack) {
        check(linear, 4, false, stack);
        return machine.load4(linear, stack);
    }

    @Override
    long load8(long linear, boolean stack) {
        check(linear, 8, false, stack);
        return machine.load8(linear, stack);
    }

    @Override
    void store1(long linear, long value, boolean stack) {
        check(linear, 1, true, stack);
        machine.store1(linear, value, stack);
    }

    @Override
    void store2(long linear, long value, boolean stack) {
        check(linear, 2, true, stack);
        machine.store2(linear, value, stack);
    }

    @Override
    void store4(long linear, long value, boolean stack) {
        check(linear, 4, true, stack);
        machine.store4(linear, value, stack);
    }

    @Override
    void store8(long linear, long value, boolean stack) {
        check(linear, 8, true, stack);
        machine.store8(linear, value, stack);
    }

    @Override
    void load16(long linear, boolean stack) {
        check(linear, 16, false, stack);
        machine.load16(linear, stack);
        lo = machine.lo;
        hi = machine.hi;
    }

    @Override
    void store16(long linear, long low, long high, boolean stack) {
        check(linear, 16, true, stack);
        machine.store16(linear, low, high, stack);
    }

    @Override
    long modify(long linear, int width, boolean stack) {
        check(linear, width, true, stack);
        return machine.modify(linear, width, stack);
    }

    @Override
    void commit(long value, boolean locked) {
        machine.commit(value, locked);
    }

    @Override
    void exchange(long value) {
        machine.exchange(value);
    }

    @Override
    long commitCompare(long expected, long value, boolean locked) {
        return machine.commitCompare(expected, value, locked);
    }

    @Override
    boolean compareExchange16(long linear, long[] values, boolean stack) {
        check(linear, 16, true, stack);
        boolean equal = machine.compareExchange16(linear, values, stack);
        lo = machine.lo;
        hi = machine.hi;
        return equal;
    }

    @Override
    void probeWrite(long linear, int length, boolean stack) {
        check(linear, length, true, stack);
        machine.probeWrite(linear, length, stack);
    }

    @Override
    void probeAligned(long linear, int width, boolean stack) {
        check(linear, width, true, stack);
        machine.probeAligned(linear, width, stack);
    }

    @Override
    void checkAlignment(long linear, int alignment, boolean stack) {
        machine.checkAlignment(linear, alignment, stack);
    }
}
