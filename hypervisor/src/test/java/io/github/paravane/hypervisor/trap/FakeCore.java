package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Registers;
import java.util.function.Function;

/** A register file without instructions; what the emulator does is given by the test. */
final class FakeCore implements CpuCore, InstructionEmulator {
    final FakeRegisters registers = new FakeRegisters();
    Function<EmulationHooks, EmulationResult> instruction = hooks -> EmulationResult.UNHANDLEABLE;
    int length = 2;

    @Override
    public Registers registers() {
        return registers;
    }

    @Override
    public InstructionEmulator emulator() {
        return this;
    }

    @Override
    public EmulationResult emulate(EmulationHooks hooks) {
        EmulationResult result = instruction.apply(hooks);
        if (result.kind() == EmulationResult.Kind.DONE) {
            registers.setRip(registers.rip() + length);
        }
        return result;
    }

    @Override
    public int instructionLength() {
        return length;
    }

    @Override
    public CpuExit run(Budget budget) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void interrupt() {}

    @Override
    public long retired() {
        return 0;
    }

    /** Plain fields. */
    static final class FakeRegisters implements Registers {
        private final long[] gprs = new long[16];
        private final int[] selectors = new int[6];
        private final long[] bases = new long[6];
        private final long[] debug = new long[8];
        private long rip;
        private long rflags = 2;
        private boolean taskSwitched;

        @Override
        public long gpr(int index) {
            return gprs[index];
        }

        @Override
        public void setGpr(int index, long value) {
            gprs[index] = value;
        }

        @Override
        public long rip() {
            return rip;
        }

        @Override
        public void setRip(long value) {
            rip = value;
        }

        @Override
        public long rflags() {
            return rflags;
        }

        @Override
        public void setRflags(long value) {
            rflags = value | 2;
        }

        @Override
        public int selector(int segment) {
            return selectors[segment];
        }

        @Override
        public long segmentBase(int segment) {
            return bases[segment];
        }

        @Override
        public void setSegmentBase(int segment, long base) {
            bases[segment] = base;
        }

        @Override
        public void loadSegment(int segment, int selector, long descriptor) {
            selectors[segment] = selector;
            bases[segment] = descriptor >>> 16 & 0xFF_FFFFL | (descriptor >>> 56) << 24;
        }

        @Override
        public boolean taskSwitched() {
            return taskSwitched;
        }

        @Override
        public void setTaskSwitched(boolean ts) {
            taskSwitched = ts;
        }

        @Override
        public void saveFpu(byte[] image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void loadFpu(byte[] image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long debugRegister(int index) {
            return debug[index];
        }

        @Override
        public void setDebugRegister(int index, long value) {
            debug[index] = value;
        }
    }
}
