package io.github.paravane.samples.guest;

import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.api.paging.Access;
import org.jspecify.annotations.Nullable;

/**
 * A core as QEMU's: where a LOCK CMPXCHG faults on a page that is not present, the error code says read. A processor says
 * write (AMD64 vol. 3, CMPXCHG), and so does ours; the recordings were made under QEMU.
 */
final class LockedReadsFirst implements TrapHandler {

    private static final int WRITE = 2;
    private static final int PRESENT = 1;
    private static final int LOCK = 0xF0;
    private static final int CMPXCHG = 0xB10F;

    private final CpuEnvironment environment;
    private @Nullable CpuCore core;

    private LockedReadsFirst(CpuEnvironment environment) {
        this.environment = environment;
    }

    static CpuCoreFactory around(CpuCoreFactory cores) {
        return environment -> {
            LockedReadsFirst handler = new LockedReadsFirst(environment);
            CpuCore core = cores.create(new CpuEnvironment(
                    environment.memory(),
                    environment.translator(),
                    handler,
                    environment.descriptors(),
                    environment.cpuid(),
                    environment.timeStamp()));
            handler.core = core;
            return core;
        };
    }

    @Override
    public Disposition trap(Trap trap) {
        if (trap.vector() != Trap.PF || (trap.errorCode() & (WRITE | PRESENT)) != WRITE || !isLockedExchange()) {
            return environment.traps().trap(trap);
        }
        return environment
                .traps()
                .trap(new Trap(trap.kind(), trap.vector(), trap.errorCode() & ~WRITE, trap.linear(), trap.fault()));
    }

    /** Whether the instruction at RIP is LOCK CMPXCHG of 64 bits: F0, REX, 0F B1. */
    private boolean isLockedExchange() {
        CpuCore faulted = core;
        if (faulted == null) {
            return false;
        }
        long maddr = environment.translator().translate(faulted.registers().rip(), Access.FETCH | Access.USER);
        return maddr >= 0
                && environment.memory().readU8(maddr) == LOCK
                && (environment.memory().readU32(maddr) >>> 16) == CMPXCHG;
    }

    @Override
    public Disposition syscall() {
        return environment.traps().syscall();
    }

    @Override
    public boolean mayInterrupt(int vector) {
        return environment.traps().mayInterrupt(vector);
    }
}
