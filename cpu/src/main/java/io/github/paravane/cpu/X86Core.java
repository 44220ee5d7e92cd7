package io.github.paravane.cpu;

import io.github.paravane.api.cpu.Budget;
import io.github.paravane.api.cpu.CpuCore;
import io.github.paravane.api.cpu.CpuCoreFactory;
import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.CpuExit;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.cpu.exec.Interpreter;
import java.util.Objects;

/**
 * Executes 64-bit mode at CPL 3 and 32-bit compatibility mode at CPL 1 and 3: the integer, system, x87 and SSE instructions that
 * {@link X86Cpuid} describes.
 *
 * <p>The core decodes basic blocks once per machine frame and drops them when {@code MachineMemory} reports a write;
 * those that run often become classes ({@link Translation}).
 * Within a page it translates RIP once per entry into the page, so the fetch statistics of a TLB count pages entered, not
 * instructions.
 */
public final class X86Core implements CpuCore {
    private final Interpreter interpreter;

    private X86Core(CpuEnvironment environment, ModifyFault modifyFault, Translation translation) {
        interpreter = new Interpreter(environment, translation.hot, translation.hotter);
        interpreter.setModifyFaultsAsRead(modifyFault == ModifyFault.READ);
    }

    /** How a read-modify-write instruction reports that its page is not present: bit W of the error code. */
    public enum ModifyFault {
        /** As a write: what processors do. */
        WRITE,
        /** As a read: what QEMU's translator does, and hence transcripts that were recorded there show. */
        READ
    }

    /**
     * When the core makes a class of the operations of a block, and when one of a region: blocks of a page that jump to each
     * other, with their operands. What a guest sees is the same; classes need a JVM that can define them at run time, and
     * each takes a few kilobytes. A core has at most 4,096 and 2,048 of them, and they go with it.
     */
    public enum Translation {
        /** Never: all is interpreted. */
        NEVER(0, 0),
        /** Once a block has run some hundred times, and a region once it has run some thousand times. */
        HOT(400, 4000),
        /** Before a block runs at all, and no regions: for tests. */
        ALWAYS(1, 0),
        /** Regions only, before a block runs at all: for tests. */
        REGIONS(0, 1);

        private final int hot;
        private final int hotter;

        Translation(int hot, int hotter) {
            this.hot = hot;
            this.hotter = hotter;
        }
    }

    /** Makes cores of this kind. */
    public static CpuCoreFactory factory() {
        return factory(ModifyFault.WRITE);
    }

    /** Makes cores of this kind that differ from processors where a transcript of an emulator asks for it. */
    public static CpuCoreFactory factory(ModifyFault modifyFault) {
        return factory(modifyFault, Translation.HOT);
    }

    /** As {@link #factory(ModifyFault)}, with a choice of when code is translated. */
    public static CpuCoreFactory factory(ModifyFault modifyFault, Translation translation) {
        Objects.requireNonNull(modifyFault, "modifyFault");
        Objects.requireNonNull(translation, "translation");
        return environment -> new X86Core(environment, modifyFault, translation);
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
