package io.github.paravane.api.cpu;

/**
 * A core that executes x86-64 instructions at CPL 3 for one virtual CPU.
 *
 * <p>Everything it needs came with its {@link CpuEnvironment}; it knows neither page tables nor hypervisor. A core is
 * used by one thread at a time; only {@link #interrupt} may be called from another thread.
 */
public interface CpuCore {

    /** The live register file; the same object for the life of the core. */
    Registers registers();

    /** Runs one instruction at a time against callbacks; works on {@link #registers}. */
    InstructionEmulator emulator();

    /**
     * Executes from {@link Registers#rip} until something ends the run. Never throws for what a guest does; an
     * instruction the core does not implement ends it with {@link CpuExit.Unsupported}.
     *
     * @param budget bounds this run; at least one instruction is executed or trapped unless already interrupted
     */
    CpuExit run(Budget budget);

    /** Makes a running (or the next) {@link #run} end soon with {@link CpuExit.Interrupted}. Safe from any thread. */
    void interrupt();

    /** Instructions retired since creation; a trapping instruction does not count, each REP iteration counts as 0 or 1. */
    long retired();
}
