package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;

/**
 * What instructions do that CPL 3 may not do, or that a hypervisor may want to answer. The running core uses
 * {@link #FORBIDDEN}; the emulator one that asks its hooks. Methods return normally only if the access was made.
 */
abstract class Privileged {
    /** CPL 3: everything is #GP(0); CPUID and RDTSC are answered by the environment. */
    static final Privileged FORBIDDEN = new ForbiddenPrivileged();

    abstract long readControl(Core c, int register);

    abstract void writeControl(Core c, int register, long value);

    abstract long readDebug(Core c, int register);

    abstract void writeDebug(Core c, int register, long value);

    abstract long readMsr(Core c, int index);

    abstract void writeMsr(Core c, int index, long value);

    /** #GP(0) where no port can be accessed at all; before the memory operand of INS and OUTS. */
    abstract void checkPort(Core c, int width, boolean transfers);

    abstract long readPort(Core c, int port, int width);

    abstract void writePort(Core c, int port, int width, long value);

    abstract void setInterruptFlag(Core c, boolean enabled);

    abstract void writeExtendedControl(Core c, int index, long value);

    abstract void invalidateCaches(Core c);

    abstract void invalidatePage(Core c, long linear);

    abstract CpuidLeaf cpuid(Core c, int leaf, int subleaf);

    abstract long timeStamp(Core c);

    /** For instructions that have no hook: HLT, LGDT, SWAPGS and the like. */
    abstract void refuse(Core c);

    private static final class ForbiddenPrivileged extends Privileged {
        @Override
        long readControl(Core c, int register) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void writeControl(Core c, int register, long value) {
            throw c.fault.generalProtection(0);
        }

        @Override
        long readDebug(Core c, int register) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void writeDebug(Core c, int register, long value) {
            throw c.fault.generalProtection(0);
        }

        @Override
        long readMsr(Core c, int index) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void writeMsr(Core c, int index, long value) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void checkPort(Core c, int width, boolean transfers) {
            throw c.fault.generalProtection(0);
        }

        @Override
        long readPort(Core c, int port, int width) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void writePort(Core c, int port, int width, long value) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void setInterruptFlag(Core c, boolean enabled) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void writeExtendedControl(Core c, int index, long value) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void invalidateCaches(Core c) {
            throw c.fault.generalProtection(0);
        }

        @Override
        void invalidatePage(Core c, long linear) {
            throw c.fault.generalProtection(0);
        }

        @Override
        CpuidLeaf cpuid(Core c, int leaf, int subleaf) {
            return c.environment.cpuid().cpuid(leaf, subleaf);
        }

        @Override
        long timeStamp(Core c) {
            return c.environment.timeStamp().timeStamp();
        }

        @Override
        void refuse(Core c) {
            throw c.fault.generalProtection(0);
        }
    }
}
