package io.github.paravane.samples.core;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.cpu.X86Core;

/**
 * A core of one's own: it executes MOV r32, imm32 itself, leaves the rest to the usual core, block by block, and prints
 * who did what.
 */
public final class TracingCore implements CpuCore {

    private final CpuEnvironment environment;
    private final CpuCore usual;
    private long own;

    /** A core for the machine builder. */
    public TracingCore(CpuEnvironment environment) {
        this.environment = environment;
        usual = X86Core.factory().create(environment);
    }

    @Override
    public CpuExit run(Budget budget) {
        long end = retired() + Math.min(budget.instructions(), Long.MAX_VALUE - retired());
        CpuExit exit;
        do {
            long rip = registers().rip();
            boolean done = moveImmediate(rip);
            exit = done ? new CpuExit.BudgetSpent() : usual.run(new Budget(1));
            System.out.printf("%x %s, %d retired%n", rip, done ? "own" : "usual", retired());
        } while (exit.kind() == CpuExit.Kind.BUDGET_SPENT && retired() < end);
        return exit;
    }

    /** B8+r imm32, where it does not cross a page: loads a register, zero-extended. */
    private boolean moveImmediate(long rip) {
        long maddr = environment.translator().translate(rip, Access.FETCH | Access.USER);
        if (maddr == AddressTranslator.FAULT || (rip & 0xFFF) > 0xFFB) {
            return false;
        }
        int opcode = environment.memory().readU8(maddr);
        if ((opcode & 0xF8) != 0xB8) {
            return false;
        }
        registers().setGpr(opcode & 7, environment.memory().readU32(maddr + 1) & 0xFFFF_FFFFL);
        registers().setRip(rip + 5);
        own++;
        return true;
    }

    @Override
    public Registers registers() {
        return usual.registers();
    }

    @Override
    public InstructionEmulator emulator() {
        return usual.emulator();
    }

    @Override
    public void interrupt() {
        usual.interrupt();
    }

    @Override
    public long retired() {
        return usual.retired() + own;
    }
}
