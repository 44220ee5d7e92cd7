package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.EmulationHooks.Cell;
import io.github.paravane.api.cpu.EmulationHooks.Reply;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.PortStringBase;
import io.github.paravane.hypervisor.descriptor.EmulatedDescriptors;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;

/**
 * The segments of INS and OUTS, whose emulation does not take them from the processor's registers but reads their
 * descriptors again: all of them outside 64-bit mode, FS and GS in old versions in 64-bit mode too.
 */
final class PortSegments {

    private static final int MAX_LENGTH = 15;
    private static final long LOWER_HALF = 0xFFFF_FFFFL;
    private static final long SEGMENT = Descriptor.PRESENT | Descriptor.NON_SYSTEM;
    private static final long GRANULAR = 1L << 55;

    /** What an uninitialised base on the hypervisor's stack looks like. */
    private static final long STACK_WORD = 0xFFFF_8300_BFA7_FD28L;

    private final MachineMemory memory;
    private final EmulatedDescriptors descriptors;
    private final PortStringBase longBase;
    private long start;

    PortSegments(Platform platform) {
        memory = platform.memory();
        descriptors = new EmulatedDescriptors(platform);
        longBase = platform.profile().get(PrivilegedRules.PORT_STRING_BASE);
    }

    /** The instruction at RIP is about to be emulated. */
    void begin(Vcpu vcpu) {
        start = vcpu.registers().rip();
    }

    /**
     * Where the operand of {@code size} bytes is that the processor has at {@code linear}; {@code result} has it if the
     * answer is DONE.
     */
    Reply place(Vcpu vcpu, long linear, int size, boolean store, Cell result) {
        Registers registers = vcpu.registers();
        result.value = linear;
        int cs = registers.selector(Registers.CS);
        boolean long64 = cs == FlatSegments.CODE_64 || (descriptors.read(vcpu, cs) & Descriptor.LONG) != 0;
        int segment = store ? Registers.ES : override(vcpu, long64);
        int selector = registers.selector(segment);
        if (longBase == PortStringBase.FLAT) {
            result.value = linear - registers.segmentBase(segment);
            return Reply.DONE;
        }
        if (!long64) {
            return inSegment(vcpu, segment, linear, size, store, result);
        }
        boolean based = segment == Registers.FS || segment == Registers.GS;
        if (longBase == PortStringBase.REGISTER || !based || selector <= 3) {
            return Reply.DONE;
        }
        long descriptor = descriptors.read(vcpu, selector);
        boolean segmentThere = (descriptor & SEGMENT) == SEGMENT && descriptor != EmulatedDescriptors.UNREADABLE;
        if (!segmentThere && longBase == PortStringBase.DESCRIPTOR) {
            return Reply.UNHANDLEABLE;
        }
        long base = descriptor == EmulatedDescriptors.UNREADABLE ? STACK_WORD : base(descriptor);
        result.value = base + linear - registers.segmentBase(segment);
        if (!HypervisorRange.isGuest(result.value)) {
            int access = store ? Access.WRITE : Access.READ;
            result.trap = new Trap(Trap.Kind.FAULT, Trap.PF, access, result.value, null);
            return Reply.TRAP;
        }
        return Reply.DONE;
    }

    private Reply inSegment(Vcpu vcpu, int segment, long linear, int size, boolean store, Cell result) {
        Registers registers = vcpu.registers();
        long descriptor = descriptors.read(vcpu, registers.selector(segment));
        if (descriptor == EmulatedDescriptors.UNREADABLE || (descriptor & Descriptor.PRESENT) == 0) {
            return Reply.UNHANDLEABLE;
        }
        boolean code = Descriptor.isCode(descriptor);
        boolean bit41 = (descriptor & Descriptor.WRITABLE) != 0;
        boolean usable = (descriptor & Descriptor.NON_SYSTEM) != 0 && (store ? !code && bit41 : !code || bit41);
        long offset = linear - registers.segmentBase(segment) & LOWER_HALF;
        if (!usable || limit(descriptor) < size - 1 || offset > limit(descriptor) - size + 1) {
            result.trap = Trap.fault(segment == Registers.SS ? Trap.SS : Trap.GP, 0);
            return Reply.TRAP;
        }
        result.value = base(descriptor) + offset & LOWER_HALF;
        return Reply.DONE;
    }

    /** The segment that the prefixes of the instruction name, or DS. */
    private int override(Vcpu vcpu, boolean long64) {
        long at = long64 ? start : start + vcpu.registers().segmentBase(Registers.CS) & LOWER_HALF;
        int segment = Registers.DS;
        for (int n = 0; n < MAX_LENGTH; n++) {
            long maddr = vcpu.guestMemory().translate(at + n, Access.FETCH | Access.USER);
            int prefix = maddr == AddressTranslator.FAULT ? 0 : memory.readU8(maddr);
            switch (prefix) {
                case 0x2E -> segment = Registers.CS;
                case 0x36 -> segment = Registers.SS;
                case 0x3E -> segment = Registers.DS;
                case 0x26 -> segment = Registers.ES;
                case 0x64 -> segment = Registers.FS;
                case 0x65 -> segment = Registers.GS;
                case 0x66, 0x67, 0xF2, 0xF3 -> {
                    // says nothing about the segment
                }
                default -> {
                    return segment;
                }
            }
        }
        return segment;
    }

    private static long base(long descriptor) {
        return descriptor >>> 16 & 0xFF_FFFFL | descriptor >>> 32 & 0xFF00_0000L;
    }

    /** The limit in a descriptor, in bytes. */
    static long limit(long descriptor) {
        long limit = descriptor & 0xFFFFL | descriptor >>> 32 & 0xF_0000L;
        return (descriptor & GRANULAR) != 0 ? limit << 12 | 0xFFF : limit;
    }
}
