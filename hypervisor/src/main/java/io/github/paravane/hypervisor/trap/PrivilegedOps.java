package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.DescriptorTables.SystemRegister;
import io.github.paravane.api.cpu.EmulationHooks;
import io.github.paravane.api.cpu.EmulationResult;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import org.jspecify.annotations.Nullable;

/**
 * Privileged instructions of a guest kernel, which arrive as #GP(0): what it may do with control, debug and
 * model-specific registers, ports and the like (abi-reference 4.7). What no hook accepts stays #GP(0).
 */
public final class PrivilegedOps {

    private static final long CR0_TS = 1L << 3;
    private static final int MSR_FS_BASE = 0xC000_0100;
    private static final int MSR_GS_BASE = 0xC000_0101;
    private static final int MSR_SHADOW_GS_BASE = 0xC000_0102;
    private static final int LOCK = 0xF0;

    private final MachineMemory memory;
    private final Platform platform;
    private final GuestCpuid cpuid;
    private final GuestFrames frames;
    private final ModelRegisters modelRegisters;
    private final DebugRegisters debugRegisters;
    private final PortRights ports;
    private final PortSegments segments;
    private final long cr4Shown;
    private final long cr4Writable;
    private final boolean cr4MismatchIgnored;
    private final boolean cr3FailureIgnored;
    private final boolean narrowInClears;
    private final boolean flagInstructionsStep;
    private final boolean lockIgnored;
    private final boolean refusedRepClearsRf;
    private final Hooks hooks = new Hooks();

    public PrivilegedOps(Platform platform, GuestCpuid cpuid, GuestFrames frames) {
        this.platform = platform;
        this.memory = platform.memory();
        this.cpuid = cpuid;
        this.frames = frames;
        ports = new PortRights(platform);
        segments = new PortSegments(platform);
        lockIgnored = platform.profile().has(Quirk.LOCK_IGNORED);
        narrowInClears = platform.profile().has(Quirk.NARROW_IN_CLEARS_RAX);
        modelRegisters = new ModelRegisters(platform, cpuid, frames);
        AbiProfile profile = platform.profile();
        debugRegisters = new DebugRegisters(profile);
        cr4Shown = profile.get(PrivilegedRules.CR4_SHOWN).bits();
        cr4Writable = profile.get(PrivilegedRules.CR4_WRITABLE).bits();
        flagInstructionsStep = profile.get(PrivilegedRules.FLAG_INSTRUCTIONS_STEP);
        refusedRepClearsRf = profile.get(PrivilegedRules.REFUSED_REP_IO_CLEARS_RF);
        cr3FailureIgnored = profile.get(PrivilegedRules.CR3_FAILURE_IGNORED);
        cr4MismatchIgnored = profile.get(PrivilegedRules.CR4_MISMATCH_IGNORED);
    }

    /** Emulates the instruction at RIP of the vCPU that runs now. */
    EmulationResult emulate(Vcpu vcpu) {
        if (!HypervisorRange.isGuest(vcpu.registers().rip())) {
            return EmulationResult.UNHANDLEABLE;
        }
        hooks.vcpu = vcpu;
        hooks.ioBreakpoints = 0;
        hooks.narrowIn = false;
        hooks.steps = true;
        hooks.portRefused = false;
        try {
            segments.begin(vcpu);
            platform.beforeEmulation(vcpu);
            EmulationResult result = lockIgnored && isLocked(vcpu)
                    ? withoutLock(vcpu)
                    : vcpu.core().emulator().emulate(hooks);
            if (hooks.portRefused
                    && refusedRepClearsRf
                    && StoreInstruction.at(vcpu, memory).isRepeatedPort()) {
                vcpu.registers().setRflags(vcpu.registers().rflags() & ~Flags.RF);
            }
            if (hooks.narrowIn) {
                Registers registers = vcpu.registers();
                registers.setGpr(Registers.RAX, registers.gpr(Registers.RAX) & 0xFFFF_FFFFL);
            }
            return result;
        } finally {
            hooks.vcpu = null;
        }
    }

    private boolean isLocked(Vcpu vcpu) {
        long maddr = vcpu.guestMemory().translate(vcpu.registers().rip(), Access.FETCH | Access.USER);
        return maddr != AddressTranslator.FAULT && memory.readU8(maddr) == LOCK;
    }

    /** The instruction behind its first byte. */
    private EmulationResult withoutLock(Vcpu vcpu) {
        Registers registers = vcpu.registers();
        registers.setRip(registers.rip() + 1);
        EmulationResult result = vcpu.core().emulator().emulate(hooks);
        if (result.kind() != EmulationResult.Kind.DONE) {
            registers.setRip(registers.rip() - 1);
        }
        return result;
    }

    /** DR6 bits of the I/O breakpoints that the last emulated instruction hit. */
    long ioBreakpoints() {
        return hooks.ioBreakpoints;
    }

    /** Whether the last emulated instruction ends a single step. */
    boolean steps() {
        return hooks.steps;
    }

    /** The callbacks of the emulator; every method refuses what user mode may not do. */
    private final class Hooks implements EmulationHooks {

        private @Nullable Vcpu vcpu;
        private long ioBreakpoints;
        private boolean narrowIn;
        private boolean steps;
        private boolean portRefused;

        private Vcpu caller() {
            Vcpu mine = vcpu;
            if (mine == null) {
                throw new IllegalStateException("no instruction is being emulated");
            }
            return mine;
        }

        private boolean isKernel() {
            return caller().kernelMode();
        }

        @Override
        public Reply admit(InstructionClass instruction) {
            return switch (instruction) {
                case PRIVILEGED, PORT -> Reply.DONE;
                case OTHER, MEMORY_WRITE -> Reply.UNHANDLEABLE;
            };
        }

        @Override
        public Reply readControl(int register, Cell result) {
            if (!isKernel()) {
                return Reply.UNHANDLEABLE;
            }
            switch (register) {
                case 0 -> result.value = cr0();
                case 2 -> result.value = caller().cr2();
                case 3 -> result.value = caller().cr3();
                case 4 -> result.value = cr4Shown | caller().cr4();
                default -> {
                    return Reply.UNHANDLEABLE;
                }
            }
            return Reply.DONE;
        }

        private long cr0() {
            long stable = caller().descriptors().systemRegister(SystemRegister.CR0) & ~CR0_TS;
            return caller().registers().taskSwitched() ? stable | CR0_TS : stable;
        }

        @Override
        public Reply writeControl(int register, long value, Cell result) {
            if (!isKernel()) {
                return Reply.UNHANDLEABLE;
            }
            return switch (register) {
                case 0 -> writeCr0(value);
                case 2 -> writeCr2(value);
                case 3 -> reply(frames.loadKernelBase(caller(), caller().rootOf(value)) || cr3FailureIgnored);
                case 4 -> writeCr4(value);
                default -> Reply.UNHANDLEABLE;
            };
        }

        private Reply reply(boolean done) {
            return done ? Reply.DONE : Reply.UNHANDLEABLE;
        }

        private Reply writeCr0(long value) {
            if (((value ^ cr0()) & ~CR0_TS) != 0) {
                return Reply.UNHANDLEABLE;
            }
            caller().registers().setTaskSwitched((value & CR0_TS) != 0);
            return Reply.DONE;
        }

        private Reply writeCr2(long value) {
            caller().setCr2(value);
            return Reply.DONE;
        }

        private Reply writeCr4(long value) {
            if (!cr4MismatchIgnored && value != (cr4Shown | caller().cr4())) {
                return Reply.UNHANDLEABLE;
            }
            caller().setCr4(value & cr4Writable & cpuid.cr4Bits());
            return Reply.DONE;
        }

        @Override
        public Reply readDebug(int register, Cell result) {
            if (!isKernel()) {
                return Reply.UNHANDLEABLE;
            }
            if (debugRegisters.readRefused(caller(), register) != null) {
                result.trap = Trap.fault(Trap.UD, 0);
                return Reply.TRAP;
            }
            result.value = debugRegisters.read(caller(), register);
            return Reply.DONE;
        }

        @Override
        public Reply writeDebug(int register, long value, Cell result) {
            if (!isKernel()) {
                return Reply.UNHANDLEABLE;
            }
            XenErrno refused = debugRegisters.write(caller(), register, value);
            if (refused == null) {
                return Reply.DONE;
            }
            result.trap = Trap.fault(refused == XenErrno.ENODEV ? Trap.UD : Trap.GP, 0);
            return Reply.TRAP;
        }

        @Override
        public Reply readMsr(int index, Cell result) {
            if (!isKernel() || isBaseOf32Bits(index) || !modelRegisters.read(caller(), index)) {
                return Reply.UNHANDLEABLE;
            }
            result.value = modelRegisters.value();
            return Reply.DONE;
        }

        @Override
        public Reply writeMsr(int index, long value, Cell result) {
            return reply(isKernel() && !isBaseOf32Bits(index) && modelRegisters.write(caller(), index, value));
        }

        /** FS and GS base, which a 32-bit guest has from its descriptors. */
        private boolean isBaseOf32Bits(int index) {
            return (index == MSR_FS_BASE || index == MSR_GS_BASE || index == MSR_SHADOW_GS_BASE)
                    && caller().domain().isCompat();
        }

        @Override
        public Reply admitPort(int port, int size, Cell result) {
            return ports.allow(caller(), port, size) ? Reply.DONE : refusal(result);
        }

        @Override
        public Reply readPort(int port, int size, Cell result) {
            if (!mayAccess(port, size)) {
                return refusal(result);
            }
            result.value = -1L >>> Long.SIZE - Byte.SIZE * size;
            narrowIn = narrowInClears && size < Integer.BYTES;
            return Reply.DONE;
        }

        @Override
        public Reply writePort(int port, int size, int value, Cell result) {
            return mayAccess(port, size) ? Reply.DONE : refusal(result);
        }

        private Reply refusal(Cell result) {
            if (ports.fault() == PortRights.NO_FAULT) {
                portRefused = true;
                return Reply.UNHANDLEABLE;
            }
            result.trap = Trap.pageFault(new PageFault(ports.fault(), 0, PageFault.Reason.NOT_PRESENT, 0, 0, -1, 0));
            return Reply.TRAP;
        }

        private boolean mayAccess(int port, int size) {
            boolean allowed = ports.allow(caller(), port, size);
            if (allowed) {
                ioBreakpoints |= debugRegisters.ioBreakpoints(caller(), port, size);
            }
            return allowed;
        }

        @Override
        public Reply setInterruptFlag(boolean enabled, Cell result) {
            steps = flagInstructionsStep;
            return reply(PortRights.byPrivilege(caller()));
        }

        @Override
        public Reply readTimeStamp(Cell result) {
            result.value = platform.clock().timeStamp();
            return reply(isKernel());
        }

        @Override
        public Reply invalidateCaches(Cell result) {
            return reply(isKernel());
        }

        @Override
        public CpuidLeaf cpuid(int leaf, int subleaf) {
            return cpuid.cpuid(leaf, subleaf);
        }

        /** OUTS. */
        @Override
        public Reply read(long linear, int size, Cell result) {
            Reply placed = segments.place(caller(), linear, size, false, result);
            if (placed != Reply.DONE) {
                return placed;
            }
            long start = result.value;
            long value = 0;
            for (int i = size - 1; i >= 0; i--) {
                long maddr = maddr(start + i, Access.READ | Access.USER, result);
                if (maddr == AddressTranslator.FAULT) {
                    return Reply.TRAP;
                }
                value = value << Byte.SIZE | memory.readU8(maddr);
            }
            result.value = value;
            return Reply.DONE;
        }

        /** INS. */
        @Override
        public Reply write(long linear, int size, long value, boolean locked, Cell result) {
            Reply placed = segments.place(caller(), linear, size, true, result);
            if (placed != Reply.DONE) {
                return placed;
            }
            long start = result.value;
            for (int i = 0; i < size; i++) {
                long maddr = maddr(start + i, Access.WRITE | Access.USER, result);
                if (maddr == AddressTranslator.FAULT) {
                    return Reply.TRAP;
                }
                memory.writeU8(maddr, (int) (value >>> Byte.SIZE * i));
            }
            return Reply.DONE;
        }

        private long maddr(long linear, int access, Cell result) {
            if (!HypervisorRange.isGuest(linear)) {
                result.trap = Trap.fault(Trap.GP, 0);
                return AddressTranslator.FAULT;
            }
            long maddr = caller().guestMemory().translate(linear, access);
            if (maddr == AddressTranslator.FAULT) {
                int written = access & Access.WRITE;
                result.trap = new Trap(
                        Trap.Kind.FAULT,
                        Trap.PF,
                        written,
                        linear,
                        caller().paging().fault());
            }
            return maddr;
        }
    }
}
