package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;
import org.jspecify.annotations.Nullable;

/**
 * The last step on the way to a guest: SYSRET or IRETQ to ring 3, or for a 32-bit guest IRETQ to ring 1 to 3, after all
 * events are delivered. A fault of IRETQ is the guest's, with the frame it was to return to.
 */
final class GuestExit {

    private static final int RING_3 = 3;

    private final boolean compat;
    private final boolean exitClearsNt;
    private final boolean nonCanonicalUsesIret;
    private final long loadedFlags;

    /** What IRETQ loads whatever the frame says. */
    private final long forcedFlags;

    GuestExit(AbiProfile profile, boolean compat) {
        this.compat = compat;
        forcedFlags = compat && profile.has(Quirk.VM86_CLEARS_IF) ? Flags.FIXED : Flags.FIXED | Flags.IF;
        exitClearsNt = profile.get(EntryRules.EXIT_CLEARS_NT);
        loadedFlags = Flags.IRET_LOADED | (profile.has(Quirk.IRET_TAKES_IOPL) ? Flags.IOPL : 0);
        nonCanonicalUsesIret = profile.get(EntryRules.NON_CANONICAL_RIP_USES_IRET);
    }

    /**
     * Goes back to the guest. Answers null if it is there; a trap after SYSRET that set TF; or the fault of IRETQ, after
     * which the path is as before.
     */
    @Nullable
    Trap leave(Vcpu vcpu) {
        ReturnPath path = vcpu.returnPath();
        long rflags = path.rflags();
        if (exitClearsNt) {
            rflags &= ~Flags.NT;
        }
        if (path.kind() == ReturnPath.Kind.IRET) {
            return interruptReturn(vcpu, rflags);
        }
        Registers registers = vcpu.registers();
        long rip = registers.rip();
        registers.setGpr(Registers.RCX, rip);
        registers.setGpr(Registers.R11, rflags);
        if (LinearAddress.isCanonical(rip)) {
            return systemReturn(vcpu, rflags);
        }
        if (!nonCanonicalUsesIret) {
            vcpu.domain()
                    .crash("vCPU " + vcpu.id() + ": SYSRET to non-canonical 0x" + Long.toHexString(rip)
                            + " takes down a hypervisor without XSA-7");
            return null;
        }
        path.set(ReturnPath.Kind.IRET, rflags);
        return interruptReturn(vcpu, rflags);
    }

    /** SYSRET clears RF and, unlike IRET, traps at once if it sets TF. */
    private @Nullable Trap systemReturn(Vcpu vcpu, long rflags) {
        Registers registers = vcpu.registers();
        if (registers.selector(Registers.CS) == FlatSegments.CODE_32) {
            registers.setRip(registers.rip() & 0xFFFF_FFFFL);
            FlatSegments.load32(registers);
        } else {
            FlatSegments.load(registers);
        }
        vcpu.returnPath().done();
        long loaded = rflags & loadedFlags & ~Flags.RF | Flags.IF | Flags.FIXED;
        if (loaded != registers.rflags()) {
            registers.setRflags(loaded);
        }
        return (loaded & Flags.TF) != 0 ? new Trap(Trap.Kind.TRAP, Trap.DB, 0, 0, null) : null;
    }

    /** IRETQ from ring 0 (Intel SDM vol 2, IRET): the code segment is checked, then the stack, then RIP. */
    private @Nullable Trap interruptReturn(Vcpu vcpu, long rflags) {
        Registers registers = vcpu.registers();
        int cs = registers.selector(Registers.CS);
        int ss = registers.selector(Registers.SS);
        long rip = registers.rip();
        if (!compat && cs == FlatSegments.CODE_64 && ss == FlatSegments.STACK && LinearAddress.isCanonical(rip)) {
            registers.loadSegment(Registers.CS, cs, FlatSegments.CODE_64_DESCRIPTOR);
            registers.loadSegment(Registers.SS, ss, FlatSegments.STACK_DESCRIPTOR);
        } else {
            Trap trap = loadSegments(vcpu, cs, ss, rip);
            if (trap != null) {
                return trap;
            }
            if (compat) {
                CompatSegments.dropInner(vcpu, cs & RING_3);
            }
        }
        vcpu.returnPath().done();
        registers.setRflags(rflags & loadedFlags | forcedFlags);
        return null;
    }

    private static @Nullable Trap loadSegments(Vcpu vcpu, int cs, int ss, long rip) {
        DescriptorTables tables = vcpu.descriptors();
        Registers registers = vcpu.registers();
        long code = tables.descriptor(cs);
        PageFault fault = tables.fault();
        Trap trap = fault != null ? Trap.pageFault(fault) : checkCode(cs, code);
        if (trap != null) {
            return trap;
        }
        // Whoever reads the guest's next instruction after a fault below has to know its mode.
        registers.loadSegment(Registers.CS, cs, code);
        long stack = tables.descriptor(ss);
        fault = tables.fault();
        trap = fault != null ? Trap.pageFault(fault) : checkStack(ss, stack, cs & RING_3);
        if (trap == null) {
            boolean reachable = (code & Descriptor.LONG) != 0 ? LinearAddress.isCanonical(rip) : rip >>> 32 == 0;
            trap = reachable ? null : Trap.fault(Trap.GP, 0);
        }
        if (trap == null) {
            registers.loadSegment(Registers.SS, ss, stack);
            markAccessed(tables, cs, code);
            markAccessed(tables, ss, stack);
        }
        return trap;
    }

    /** The processor sets the bit of what it loads. A NUL selector has no descriptor. */
    private static void markAccessed(DescriptorTables tables, int selector, long descriptor) {
        if (descriptor != 0 && (descriptor & DescriptorTables.ACCESSED) == 0) {
            tables.accessed(selector);
        }
    }

    /** Whether the code segment of a return that failed can be executed, so that an instruction can be read there. */
    static boolean hasCode(Vcpu vcpu) {
        int cs = vcpu.registers().selector(Registers.CS);
        return (cs & ~RING_3) != 0 && Descriptor.isCode(vcpu.descriptors().descriptor(cs));
    }

    private static @Nullable Trap checkCode(int cs, long descriptor) {
        int selector = cs & ~RING_3;
        boolean conforming = (descriptor & Descriptor.CONFORMING) != 0;
        int dpl = Descriptor.dpl(descriptor);
        int level = cs & RING_3;
        if (selector == 0) {
            return Trap.fault(Trap.GP, 0);
        }
        if (!Descriptor.isCode(descriptor)
                || (conforming ? dpl > level : dpl != level)
                || (descriptor & Descriptor.LONG_AND_DEFAULT) == Descriptor.LONG_AND_DEFAULT) {
            return Trap.fault(Trap.GP, selector);
        }
        return (descriptor & Descriptor.PRESENT) == 0 ? Trap.fault(Trap.NP, selector) : null;
    }

    private static @Nullable Trap checkStack(int ss, long descriptor, int level) {
        int selector = ss & ~RING_3;
        if (selector == 0) {
            return Trap.fault(Trap.GP, 0);
        }
        if ((ss & RING_3) != level || !Descriptor.isWritableData(descriptor) || Descriptor.dpl(descriptor) != level) {
            return Trap.fault(Trap.GP, selector);
        }
        return (descriptor & Descriptor.PRESENT) != 0 ? null : Trap.fault(Trap.SS, selector);
    }
}
