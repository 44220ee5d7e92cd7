package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.fault.FaultSignal;

/** The port of the emulator: each access is one call of a hook. */
final class HookPort extends MemoryPort {
    private final FaultSignal fault;
    private final Cell cell;
    private EmulationHooks hooks = new EmulationHooks() {};
    private long modifyLinear;
    private int modifyWidth;
    private long modifyOld;

    HookPort(FaultSignal fault, Cell cell) {
        this.fault = fault;
        this.cell = cell;
    }

    void use(EmulationHooks newHooks) {
        hooks = newHooks;
    }

    private void require(Reply reply) {
        if (reply == Reply.TRAP) {
            throw fault.raise(cell.trap);
        }
        if (reply != Reply.DONE) {
            throw fault.unhandleable();
        }
    }

    private void check(long linear, int width, boolean stack) {
        long last = linear + width - 1;
        if ((linear << 16 >> 16) != linear || (last << 16 >> 16) != last) {
            throw fault.vector(stack ? Trap.SS : Trap.GP, 0);
        }
    }

    private long read(long linear, int width, boolean stack) {
        check(linear, width, stack);
        require(hooks.read(linear, width, cell));
        return width == 8 ? cell.value : cell.value & ((1L << (8 * width)) - 1);
    }

    private void write(long linear, int width, long value, boolean stack) {
        check(linear, width, stack);
        long masked = width == 8 ? value : value & ((1L << (8 * width)) - 1);
        require(hooks.write(linear, width, masked, false, cell));
    }

    @Override
    long load1(long linear, boolean stack) {
        return read(linear, 1, stack);
    }

    @Override
    long load2(long linear, boolean stack) {
        return read(linear, 2, stack);
    }

    @Override
    long load4(long linear, boolean stack) {
        return read(linear, 4, stack);
    }

    @Override
    long load8(long linear, boolean stack) {
        return read(linear, 8, stack);
    }

    @Override
    void store1(long linear, long value, boolean stack) {
        write(linear, 1, value, stack);
    }

    @Override
    void store2(long linear, long value, boolean stack) {
        write(linear, 2, value, stack);
    }

    @Override
    void store4(long linear, long value, boolean stack) {
        write(linear, 4, value, stack);
    }

    @Override
    void store8(long linear, long value, boolean stack) {
        write(linear, 8, value, stack);
    }

    @Override
    void load16(long linear, boolean stack) {
        long low = read(linear, 8, stack);
        hi = read(linear + 8, 8, stack);
        lo = low;
    }

    /** No hook takes 16 bytes at once, and two stores could fault in between. */
    @Override
    void store16(long linear, long low, long high, boolean stack) {
        throw fault.unhandleable();
    }

    @Override
    long modify(long linear, int width, boolean stack) {
        modifyLinear = linear;
        modifyWidth = width;
        modifyOld = read(linear, width, stack);
        return modifyOld;
    }

    private long masked(long value) {
        return modifyWidth == 8 ? value : value & ((1L << (8 * modifyWidth)) - 1);
    }

    @Override
    void commit(long value, boolean locked) {
        if (!locked) {
            require(hooks.write(modifyLinear, modifyWidth, masked(value), false, cell));
            return;
        }
        require(hooks.compareExchange(modifyLinear, modifyWidth, modifyOld, masked(value), true, cell));
        if (!cell.flag) {
            throw fault.unhandleable();
        }
    }

    @Override
    void exchange(long value) {
        require(hooks.write(modifyLinear, modifyWidth, masked(value), true, cell));
    }

    @Override
    long commitCompare(long expected, long value, boolean locked) {
        require(hooks.compareExchange(modifyLinear, modifyWidth, expected, masked(value), locked, cell));
        return cell.flag ? expected : masked(cell.value);
    }

    @Override
    boolean compareExchange16(long linear, long[] values, boolean stack) {
        check(linear, 16, stack);
        long[] expected = {values[0], values[1]};
        long[] replacement = {values[2], values[3]};
        require(hooks.compareExchange16(linear, expected, replacement, cell));
        lo = cell.flag ? expected[0] : cell.value;
        hi = cell.flag ? expected[1] : cell.high;
        return cell.flag;
    }

    @Override
    void probeWrite(long linear, int length, boolean stack) {
        check(linear, length, stack);
    }
}
