package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.InstructionClass;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.InstructionEmulator;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.decode.Op;
import io.github.paravane.cpu.decode.OpcodeTable;
import io.github.paravane.cpu.fault.FaultSignal;
import io.github.paravane.cpu.state.Flags;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One instruction against hooks: the same decoder and the same family methods as the interpreter, with the memory port
 * and the privileged accesses replaced for the time of the instruction.
 */
final class Emulator implements InstructionEmulator {
    /** Methods whose first operand, in memory, is only read. */
    private static final Set<String> READS_FIRST = Set.of(
            "IntegerArithmetic.cmp",
            "Logic.test",
            "BitOps.bt",
            "MultiplyDivide.mul",
            "MultiplyDivide.imul1",
            "MultiplyDivide.div",
            "MultiplyDivide.idiv",
            "StackOps.push",
            "Branches.callIndirect",
            "Branches.jmpIndirect",
            "SegmentOps.callFarMemory",
            "SegmentOps.jmpFarMemory",
            "FlagOps.nop",
            "FlagOps.clflush");

    private final Core c;
    private final Fetch fetch;
    private final Cell cell = new Cell();
    private final HookPort port;
    private final HookPrivileged privileged;
    /** The registers before the instruction that is being emulated. */
    private final long[] saved = new long[Insn.REGISTER_SLOTS];

    private boolean fetching;
    /** By row of the table, once asked: the class of the instruction without and with its first operand in memory. */
    private final @Nullable InstructionClass[] classes =
            new InstructionClass[2 * OpcodeTable.standard().size()];

    Emulator(Core c, Fetch fetch) {
        this.c = c;
        this.fetch = fetch;
        this.port = new HookPort(c.fault, cell);
        this.privileged = new HookPrivileged(cell);
    }

    @Override
    public int instructionLength() {
        try {
            Insn insn = fetch.singleAsData();
            return insn.op == Op.UNDEFINED || insn.op == Op.TOO_LONG ? 0 : insn.length;
        } catch (FaultSignal signal) {
            return 0;
        }
    }

    @Override
    public EmulationResult emulate(EmulationHooks hooks) {
        long start = c.s.rip;
        long blockRip = c.r[Insn.BLOCK_RIP];
        boolean wasStepping = c.stepping;
        System.arraycopy(c.r, 0, saved, 0, saved.length);
        long savedSystem = c.f.system;
        EmulationResult result;
        fetching = true;
        try {
            result = execute(hooks, start);
        } catch (FaultSignal signal) {
            result = failed(signal);
        } finally {
            c.useMemory();
            c.privileged = Privileged.FORBIDDEN;
            c.stepping = wasStepping;
            c.service = Core.Service.NONE;
        }
        if (result != EmulationResult.DONE) {
            System.arraycopy(saved, 0, c.r, 0, saved.length);
            c.f.system = savedSystem;
            c.s.rip = start;
        }
        c.r[Insn.BLOCK_RIP] = blockRip;
        c.s.attention = true;
        return result;
    }

    private EmulationResult execute(EmulationHooks hooks, long start) {
        Insn insn = fetch.singleAsData();
        if (insn.op <= Op.TOO_LONG) {
            return EmulationResult.UNHANDLEABLE;
        }
        fetching = false;
        cell.trap = null;
        Reply reply = hooks.admit(classOf(insn));
        if (reply != Reply.DONE) {
            return reply == Reply.TRAP && cell.trap != null
                    ? EmulationResult.trap(cell.trap)
                    : EmulationResult.UNHANDLEABLE;
        }
        port.use(hooks);
        privileged.use(hooks);
        c.mem = port;
        c.privileged = privileged;
        c.stepping = true;
        c.r[Insn.BLOCK_RIP] = start;
        c.s.rip = (start + insn.length) & insn.linearMask;
        IntegerDispatch.execute(c, insn);
        if (c.service != Core.Service.NONE) {
            return EmulationResult.UNHANDLEABLE;
        }
        c.f.system &= ~(long) Flags.RF;
        return EmulationResult.DONE;
    }

    /** A page fault of the fetch is one of a hypervisor's copy: its error code is 0. */
    private EmulationResult failed(FaultSignal signal) {
        if (fetching && signal.kind() == FaultSignal.Kind.FAULT) {
            Trap trap = signal.toTrap();
            boolean isPageFault = trap.vector() == Trap.PF;
            return EmulationResult.trap(
                    isPageFault ? new Trap(Trap.Kind.FAULT, Trap.PF, 0, trap.linear(), trap.fault()) : trap);
        }
        return switch (signal.kind()) {
            case FAULT, TRAP -> EmulationResult.trap(signal.toTrap());
            default -> EmulationResult.UNHANDLEABLE;
        };
    }

    private InstructionClass classOf(Insn insn) {
        int slot = 2 * insn.row + (insn.memOperand == 1 ? 1 : 0);
        InstructionClass known = classes[slot];
        if (known == null) {
            known = findClass(insn);
            classes[slot] = known;
        }
        return known;
    }

    private static InstructionClass findClass(Insn insn) {
        String method = OpcodeTable.standard().methodOf(insn.row);
        switch (method) {
            case "SystemOps.in", "SystemOps.out", "StringOps.ins", "StringOps.outs" -> {
                return InstructionClass.PORT;
            }
            case "SystemOps.cli", "SystemOps.sti", "SystemOps.rdtsc", "SystemOps.rdtscp" -> {
                return InstructionClass.PRIVILEGED;
            }
            case "SystemOps.lmsw" -> {
                return InstructionClass.OTHER;
            }
            case "StringOps.movs", "StringOps.stos" -> {
                return InstructionClass.MEMORY_WRITE;
            }
            default -> {
                if (OpcodeTable.standard().isPrivileged(insn.row)) {
                    return InstructionClass.PRIVILEGED;
                }
                boolean writes = insn.memOperand == 1 && !READS_FIRST.contains(method);
                return writes ? InstructionClass.MEMORY_WRITE : InstructionClass.OTHER;
            }
        }
    }
}
