package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.Registers;

/** Privileged accesses of an emulated instruction: each is one call of a hook. */
final class HookPrivileged extends Privileged {
    private final Cell cell;
    private EmulationHooks hooks = new EmulationHooks() {};

    HookPrivileged(Cell cell) {
        this.cell = cell;
    }

    void use(EmulationHooks newHooks) {
        hooks = newHooks;
    }

    private long require(Core c, Reply reply) {
        if (reply == Reply.TRAP) {
            throw c.fault.raise(cell.trap);
        }
        if (reply != Reply.DONE) {
            throw c.fault.unhandleable();
        }
        return cell.value;
    }

    @Override
    long readControl(Core c, int register) {
        return require(c, hooks.readControl(register, cell));
    }

    @Override
    void writeControl(Core c, int register, long value) {
        require(c, hooks.writeControl(register, value, cell));
    }

    @Override
    long readDebug(Core c, int register) {
        return require(c, hooks.readDebug(register, cell));
    }

    @Override
    void writeDebug(Core c, int register, long value) {
        require(c, hooks.writeDebug(register, value, cell));
    }

    @Override
    long readMsr(Core c, int index) {
        return require(c, hooks.readMsr(index, cell));
    }

    @Override
    void writeMsr(Core c, int index, long value) {
        require(c, hooks.writeMsr(index, value, cell));
    }

    @Override
    void checkPort(Core c, int width, boolean transfers) {
        if (transfers) {
            require(c, hooks.admitPort((int) c.reg(Registers.RDX, 2), width, cell));
        }
    }

    @Override
    long readPort(Core c, int port, int width) {
        return require(c, hooks.readPort(port, width, cell));
    }

    @Override
    void writePort(Core c, int port, int width, long value) {
        require(c, hooks.writePort(port, width, (int) value, cell));
    }

    @Override
    void setInterruptFlag(Core c, boolean enabled) {
        require(c, hooks.setInterruptFlag(enabled, cell));
    }

    @Override
    void writeExtendedControl(Core c, int index, long value) {
        require(c, hooks.writeExtendedControl(index, value, cell));
    }

    @Override
    void invalidateCaches(Core c) {
        require(c, hooks.invalidateCaches(cell));
    }

    @Override
    void invalidatePage(Core c, long linear) {
        require(c, hooks.invalidatePage(linear, cell));
    }

    @Override
    CpuidLeaf cpuid(Core c, int leaf, int subleaf) {
        CpuidLeaf answer = hooks.cpuid(leaf, subleaf);
        if (answer == null) {
            throw c.fault.unhandleable();
        }
        return answer;
    }

    @Override
    long timeStamp(Core c) {
        return require(c, hooks.readTimeStamp(cell));
    }

    @Override
    void refuse(Core c) {
        throw c.fault.unhandleable();
    }
}
