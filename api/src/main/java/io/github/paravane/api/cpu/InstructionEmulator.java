package io.github.paravane.api.cpu;

/**
 * Runs exactly one instruction against callbacks: how a hypervisor emulates a page-table write or a privileged
 * instruction without knowing the core.
 */
public interface InstructionEmulator {

    /**
     * Decodes the instruction at RIP and runs it, all its accesses going to {@code hooks}. Its bytes are read through the
     * core's translator as data, as a hypervisor copies them: they need not be executable, and the error code of a page
     * fault there is 0. Registers, RIP and flags change only with {@link EmulationResult.Kind#DONE}; then RIP is after the
     * instruction. A REP string instruction may stop early with RIP at itself and RCX, RSI, RDI advanced.
     */
    EmulationResult emulate(EmulationHooks hooks);

    /** Bytes of the instruction at RIP, 1 to 15, or 0 if it cannot be fetched or decoded. */
    int instructionLength();
}
