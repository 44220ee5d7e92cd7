package io.github.paravane.testkit.contract;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.cpu.TrapHandler;
import io.github.paravane.cpu.X86Core;

/** A core with one thing wrong, in how it runs or in what its instructions leave behind. */
final class FaultyCore implements CpuCore {

    private static final int TF = 1 << 8;
    private static final int END = 0x80;

    /** What is wrong. */
    enum Fault {
        RUNS_BEYOND_ITS_BUDGET,
        CALLS_AN_INTERRUPT_A_SPENT_BUDGET,
        COUNTS_TRAPS_AS_RETIRED,
        FAULTS_BEHIND_THE_INSTRUCTION,
        SYSCALL_LOSES_RCX,
        SYSCALL_LOSES_FLAGS,
        PAGE_FAULT_WITHOUT_ADDRESS,
        EVERY_INTERRUPT_IS_ALLOWED,
        TRAPS_CHANGE_A_REGISTER,
        NO_SINGLE_STEP,
        DEPENDS_ON_THE_CLOCK,
        FLIPS_CARRY,
        FLIPS_PARITY,
        FLIPS_ADJUST,
        FLIPS_ZERO,
        FLIPS_SIGN,
        FLIPS_OVERFLOW,
        FLIPS_TOP_BIT_OF_RAX,
        KEEPS_UPPER_HALF_OF_RAX,
        STACK_OFF_BY_EIGHT,
        STRING_POINTER_OFF_BY_ONE
    }

    private final Fault fault;
    private final CpuCore core;
    private int traps;

    FaultyCore(CpuEnvironment environment, Fault fault) {
        this.fault = fault;
        core = X86Core.factory()
                .create(new CpuEnvironment(
                        environment.memory(),
                        environment.translator(),
                        new Handler(environment.traps()),
                        environment.descriptors(),
                        environment.cpuid(),
                        environment.timeStamp()));
    }

    private boolean is(Fault one) {
        return fault == one;
    }

    @Override
    public Registers registers() {
        return core.registers();
    }

    @Override
    public InstructionEmulator emulator() {
        return core.emulator();
    }

    @Override
    public CpuExit run(Budget budget) {
        if (is(Fault.NO_SINGLE_STEP)) {
            registers().setRflags(registers().rflags() & ~TF);
        }
        CpuExit exit =
                core.run(is(Fault.RUNS_BEYOND_ITS_BUDGET) ? new Budget(budget.instructions() / 2 + 100_000) : budget);
        boolean renamed = is(Fault.CALLS_AN_INTERRUPT_A_SPENT_BUDGET) && exit.kind() == CpuExit.Kind.INTERRUPTED;
        return renamed ? new CpuExit.BudgetSpent() : exit;
    }

    @Override
    public void interrupt() {
        core.interrupt();
    }

    @Override
    public long retired() {
        return core.retired() + (is(Fault.COUNTS_TRAPS_AS_RETIRED) ? traps : 0);
    }

    private void flip(int flag) {
        registers().setRflags(registers().rflags() ^ flag);
    }

    private void spoil(int register, long change) {
        registers().setGpr(register, registers().gpr(register) ^ change);
    }

    /** What the program left behind, spoilt when its end is reached. */
    private void atTheEnd() {
        switch (fault) {
            case FLIPS_CARRY -> flip(1);
            case FLIPS_PARITY -> flip(1 << 2);
            case FLIPS_ADJUST -> flip(1 << 4);
            case FLIPS_ZERO -> flip(1 << 6);
            case FLIPS_SIGN -> flip(1 << 7);
            case FLIPS_OVERFLOW -> flip(1 << 11);
            case FLIPS_TOP_BIT_OF_RAX -> spoil(Registers.RAX, Long.MIN_VALUE);
            case KEEPS_UPPER_HALF_OF_RAX -> spoil(Registers.RAX, 0xABCDL << 32);
            case STACK_OFF_BY_EIGHT -> spoil(Registers.RSP, 8);
            case STRING_POINTER_OFF_BY_ONE -> spoil(Registers.RDI, 1);
            default -> {
                // spoilt elsewhere
            }
        }
    }

    private final class Handler implements TrapHandler {

        private final TrapHandler handler;

        Handler(TrapHandler handler) {
            this.handler = handler;
        }

        @Override
        public Disposition trap(Trap trap) {
            traps++;
            Registers r = registers();
            if (trap.vector() == END) {
                atTheEnd();
            }
            if (is(Fault.FAULTS_BEHIND_THE_INSTRUCTION) && trap.kind() == Trap.Kind.FAULT) {
                r.setRip(r.rip() + 1);
            }
            if (is(Fault.TRAPS_CHANGE_A_REGISTER)) {
                spoil(Registers.R15, 1);
            }
            if (is(Fault.DEPENDS_ON_THE_CLOCK)) {
                spoil(Registers.R15, System.nanoTime());
            }
            boolean anonymous = is(Fault.PAGE_FAULT_WITHOUT_ADDRESS) && trap.vector() == Trap.PF;
            return handler.trap(anonymous ? Trap.fault(Trap.PF, trap.errorCode()) : trap);
        }

        @Override
        public Disposition syscall() {
            if (is(Fault.SYSCALL_LOSES_RCX)) {
                registers().setGpr(Registers.RCX, 0);
            }
            if (is(Fault.SYSCALL_LOSES_FLAGS)) {
                registers().setGpr(Registers.R11, 2);
            }
            return handler.syscall();
        }

        @Override
        public boolean mayInterrupt(int vector) {
            return is(Fault.EVERY_INTERRUPT_IS_ALLOWED) || handler.mayInterrupt(vector);
        }
    }

    /** Whether it is a fault of single instructions, for which there is a suite of its own. */
    static boolean isOfInstructions(Fault fault) {
        return fault.ordinal() >= Fault.FLIPS_CARRY.ordinal();
    }
}
