package io.github.paravane.cpu.exec;

import io.github.paravane.api.cpu.CpuEnvironment;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.cpu.decode.Insn;
import io.github.paravane.cpu.fault.FaultSignal;
import io.github.paravane.cpu.softfloat.SoftFloat;
import io.github.paravane.cpu.state.CpuState;
import io.github.paravane.cpu.state.Flags;
import io.github.paravane.cpu.state.FpuState;

/**
 * What an instruction works on. Every family method is {@code static void method(Core c, Insn i)} and follows three
 * rules:
 *
 * <ol>
 *   <li>Everything that can fault comes first; registers, flags and memory change only after it.
 *   <li>RIP is not touched, except by instructions with the attribute {@code end}, which may set {@code c.s.rip}. The
 *       run loop has set it to the next instruction ({@link #nextRip}) before an {@code end} instruction runs.
 *   <li>A fault is {@code throw c.fault.xyz()}.
 * </ol>
 */
final class Core {
    final CpuEnvironment environment;
    final CpuState s = new CpuState();
    /** The general registers and the address slots of {@link Insn}. */
    final long[] r = s.gpr;

    final Flags f = s.flags;
    final FpuState fpu = s.fpu;
    /** XMM registers: 2n low, 2n + 1 high half. */
    final long[] xmm = s.fpu.xmm;

    /** Arithmetic of the x87 and SSE families. */
    final SoftFloat soft = new SoftFloat();

    final FaultSignal fault = new FaultSignal();
    final MachinePort machinePort;
    final SegmentPort segmentPort;
    /** Where accesses go: machine memory, or the hooks while one instruction is emulated. */
    MemoryPort mem;

    /** Where privileged instructions go. */
    Privileged privileged = Privileged.FORBIDDEN;
    /** What the instruction asks of the trap handler once it is complete: a {@link Service}. */
    int service = Service.NONE;

    /** Vector of a {@link Service#TRAP} or {@link Service#SOFTWARE_INTERRUPT}. */
    int serviceVector;
    /** Set by MOV SS and POP SS: debug exceptions are held back until after the next instruction. */
    boolean shadow;
    /** One instruction, and one REP iteration, at a time: TF, breakpoints, the emulator. */
    boolean stepping;

    /** Index in the running block of the instruction that faulted, or the number completed. */
    int position;

    /** Instructions that a region has completed. */
    int done;

    /** The block ended in a fault, which {@link #fault} describes: within a block nothing has to be thrown for it. */
    boolean faulted;

    /** What follows an instruction: numbers, because storing a reference costs a barrier on every system call. */
    static final class Service {
        static final int NONE = 0;
        static final int SYSCALL = 1;
        static final int SYSENTER = 2;
        static final int SOFTWARE_INTERRUPT = 3;
        static final int TRAP = 4;

        private Service() {}
    }

    Core(CpuEnvironment environment) {
        this.environment = environment;
        this.machinePort = new MachinePort(environment, fault, s);
        this.segmentPort = new SegmentPort(machinePort, s, fault);
        this.mem = machinePort;
    }

    /** Chooses the port of the mode. */
    void useMemory() {
        MemoryPort port = s.long64 ? machinePort : segmentPort;
        if (mem != port) {
            mem = port;
        }
    }

    // ---- addresses ----

    /** Linear address of the memory operand. */
    long address(Insn i) {
        return i.long64 ? s.segmentBase[i.segment] + offset(i) : segmented(i, i.segment, offset(i));
    }

    /**
     * Linear address of {@code offset} in a segment outside 64-bit mode: #GP(0), or #SS(0) for SS, if the segment is
     * unusable or the offset beyond its limit. {@link SegmentPort} checks the rest of the access.
     */
    long segmented(Insn i, int segment, long offset) {
        long descriptor = s.descriptor[segment];
        boolean expandDown = (descriptor >>> 42 & 3) == 1;
        if (descriptor == 0 || (!expandDown && Long.compareUnsigned(offset, SegmentLoader.limit(descriptor)) > 0)) {
            throw fault.vector(segment == CpuState.SS ? Trap.SS : Trap.GP, 0);
        }
        segmentPort.segment = segment;
        return (s.segmentBase[segment] + offset) & i.linearMask;
    }

    /** Offset of the memory operand in its segment. */
    long offset(Insn i) {
        return (r[i.base] + (r[i.index] << i.scale) + i.disp) & i.addressMask;
    }

    /** RIP of the following instruction. */
    long nextRip(Insn i) {
        return (r[Insn.BLOCK_RIP] + i.end) & i.linearMask;
    }

    /** RIP of the instruction itself. */
    long thisRip(Insn i) {
        return (r[Insn.BLOCK_RIP] + i.start) & i.linearMask;
    }

    // ---- registers ----

    /** General register {@code n} at a width of 1, 2, 4 or 8 bytes, zero-extended; 20-23 are AH CH DH BH. */
    long reg(int n, int width) {
        switch (width) {
            case 8:
                return r[n];
            case 4:
                return r[n] & 0xFFFF_FFFFL;
            case 2:
                return r[n] & 0xFFFFL;
            default:
                return n < 16 ? r[n] & 0xFF : r[n & 3] >>> 8 & 0xFF;
        }
    }

    /** Sets general register {@code n}: 4 bytes zero-extend, 2 and 1 keep the rest. */
    void setReg(int n, int width, long value) {
        switch (width) {
            case 8:
                r[n] = value;
                break;
            case 4:
                r[n] = value & 0xFFFF_FFFFL;
                break;
            case 2:
                r[n] = (r[n] & ~0xFFFFL) | (value & 0xFFFFL);
                break;
            default:
                if (n < 16) {
                    r[n] = (r[n] & ~0xFFL) | (value & 0xFF);
                } else {
                    r[n & 3] = (r[n & 3] & ~0xFF00L) | (value & 0xFF) << 8;
                }
                break;
        }
    }

    // ---- operands ----

    /** Reads the memory operand at {@code width} bytes. */
    long loadOperand(Insn i, int width) {
        return mem.load(address(i), width, i.stackSegment);
    }

    /** Writes the memory operand at {@code width} bytes. */
    void storeOperand(Insn i, int width, long value) {
        mem.store(address(i), value, width, i.stackSegment);
    }

    /** First operand as a source only (CMP, TEST, PUSH). */
    long first(Insn i) {
        return i.memOperand == 1 ? loadOperand(i, i.width) : reg(i.dst, i.width);
    }

    /** Second operand: register, memory or immediate, zero-extended to its width. */
    long second(Insn i) {
        switch (i.form) {
            case Insn.RI:
            case Insn.MI:
                return i.width2 == 8 ? i.imm : i.imm & ((1L << (8 * i.width2)) - 1);
            case Insn.RM:
                return i.memOperand == 2 ? loadOperand(i, i.width2) : reg(i.src, i.width2);
            default:
                return reg(i.src, i.width2);
        }
    }

    /** First operand of an instruction that will write it with {@link #writeBack}. */
    long modify(Insn i) {
        return i.memOperand == 1 ? mem.modify(address(i), i.width, i.stackSegment) : reg(i.dst, i.width);
    }

    /** Writes the first operand after {@link #modify}. */
    void writeBack(Insn i, long value) {
        if (i.memOperand == 1) {
            mem.commit(value, i.lock);
        } else {
            setReg(i.dst, i.width, value);
        }
    }

    /** Writes the first operand of an instruction that does not read it. */
    void setFirst(Insn i, long value) {
        if (i.memOperand == 1) {
            storeOperand(i, i.width, value);
        } else {
            setReg(i.dst, i.width, value);
        }
    }

    // ---- stack ----

    private long stackAddress(long offset) {
        return s.long64 ? offset : (s.segmentBase[CpuState.SS] + (offset & 0xFFFF_FFFFL)) & 0xFFFF_FFFFL;
    }

    /** Reads the stack at RSP + {@code offset}. */
    long stackLoad(long offset, int width) {
        return mem.load(stackAddress(r[CpuState.RSP] + offset), width, true);
    }

    /** Writes the stack at RSP + {@code offset}; RSP stays. */
    void stackStore(long offset, long value, int width) {
        mem.store(stackAddress(r[CpuState.RSP] + offset), value, width, true);
    }

    /** Faults as {@link #stackStore} would. */
    void probeStack(long offset, int width) {
        mem.probeAligned(stackAddress(r[CpuState.RSP] + offset), width, true);
    }

    /** Moves RSP (ESP in compatibility mode). */
    void moveStack(long delta) {
        setStack(r[CpuState.RSP] + delta);
    }

    /** Sets RSP (ESP in compatibility mode). */
    void setStack(long value) {
        r[CpuState.RSP] = s.long64 ? value : value & 0xFFFF_FFFFL;
    }

    /** Pushes {@code value}. */
    void push(long value, int width) {
        stackStore(-width, value, width);
        moveStack(-width);
    }

    // ---- control ----

    /** Jumps to {@code target} within the code segment: #GP(0) if it is not canonical. */
    void jump(Insn i, long target) {
        s.rip = checkTarget(i, target);
    }

    /** {@code target} as RIP, or #GP(0). */
    long checkTarget(Insn i, long target) {
        if (i.operandSize != 8) {
            return i.operandSize == 2 ? target & 0xFFFFL : target & 0xFFFF_FFFFL;
        }
        if ((target << 16 >> 16) != target) {
            throw fault.generalProtection(0);
        }
        return target;
    }

    /** The trap that follows this instruction. */
    void request(int newService, int vector) {
        service = newService;
        serviceVector = vector;
        s.attention = true;
    }

    /** MOV SS, POP SS: holds debug exceptions back until after the next instruction. */
    void holdTraps() {
        shadow = true;
        s.attention = true;
    }

    /** For x87, MMX and SSE: #NM while CR0.TS is set. Call it before anything else that can fault. */
    void requireFpu() {
        if (s.taskSwitched) {
            throw fault.vector(Trap.NM, 0);
        }
    }

    /** The instruction is known and not implemented: unwinds to a structured error. */
    static void unimplemented(Core c, Insn i) {
        throw c.fault.unimplemented();
    }

    /** The opcode is undefined. */
    static void undefined(Core c, Insn i) {
        throw c.fault.undefined();
    }

    /** The instruction is longer than 15 bytes. */
    static void tooLong(Core c, Insn i) {
        throw c.fault.generalProtection(0);
    }
}
