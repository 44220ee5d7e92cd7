package io.github.paravane.cpu;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.exec.Interpreter;

/**
 * Executes 64-bit mode and 32-bit compatibility mode at CPL 3: the integer, system, x87 and SSE instructions that
 * {@link X86Cpuid} describes.
 *
 * <p>The core decodes basic blocks once per machine frame and drops them when {@code MachineMemory} reports a write.
 * Within a page it translates RIP once per entry into the page, so the fetch statistics of a TLB count pages entered, not
 * instructions.
 */
public final class X86Core implements CpuCore {
    private final Interpreter interpreter;

    private X86Core(CpuEnvironment environment, ModifyFault modifyFault) {
        interpreter = new Interpreter(environment);
        interpreter.setModifyFaultsAsRead(modifyFault == ModifyFault.READ);
    }

    /** How a read-modify-write instruction reports that its page is not present: bit W of the error code. */
    public enum ModifyFault {
        /** As a write: what processors do. */
        WRITE,
        /** As a read: what QEMU's translator does, and hence transcripts that were recorded there show. */
        READ
    }

    /** Makes cores of this kind. */
    public static CpuCoreFactory factory() {
        return factory(ModifyFault.WRITE);
    }

    /** Makes cores of this kind that differ from processors where a transcript of an emulator asks for it. */
    public static CpuCoreFactory factory(ModifyFault modifyFault) {
        return environment -> new X86Core(environment, modifyFault);
    }

    @Override
    public Registers registers() {
        return interpreter.registers();
    }

    @Override
    public InstructionEmulator emulator() {
        return interpreter.emulator();
    }

    @Override
    public CpuExit run(Budget budget) {
        return interpreter.run(budget);
    }

    @Override
    public void interrupt() {
        interpreter.interrupt();
    }

    @Override
    public long retired() {
        return interpreter.retired();
    }
}
