package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import org.jspecify.annotations.Nullable;

/**
 * The iret hypercall: the only way from the guest kernel to user mode (abi-reference 4.6). Its frame lies at RSP, lowest
 * address first: RAX, R11, RCX, flags, RIP, CS, RFLAGS, RSP, SS.
 */
public final class Iret {

    /** VGCF_in_syscall: leave with SYSRET. */
    public static final int IN_SYSCALL = 0x100;

    private static final int RIP = 32;
    private static final int CS = 40;
    private static final int RFLAGS = 48;
    private static final int RSP = 56;
    private static final int SS = 64;
    private static final int RING_3 = 3;

    private final BounceFrames bounce;
    private final ModeSwitch modeSwitch;
    private final long shownFlags;
    private final boolean exitClearsNt;
    private final boolean crashWithoutUserTable;
    private final boolean nonCanonicalUsesIret;
    private final boolean failsafe;
    private final boolean keepsMask;
    private final long loadedFlags;

    public Iret(Platform platform, BounceFrames bounce, ModeSwitch modeSwitch) {
        this.bounce = bounce;
        this.modeSwitch = modeSwitch;
        AbiProfile profile = platform.profile();
        shownFlags = profile.get(EntryRules.IRET_FLAGS).bits();
        exitClearsNt = profile.get(EntryRules.EXIT_CLEARS_NT);
        crashWithoutUserTable = profile.get(EntryRules.IRET_WITHOUT_USER_TABLE_CRASHES);
        nonCanonicalUsesIret = profile.get(EntryRules.NON_CANONICAL_RIP_USES_IRET);
        failsafe = profile.get(EntryRules.FAILED_RETURN) == EntryRules.FailedReturn.FAILSAFE;
        keepsMask = profile.has(Quirk.IRET_KEEPS_MASK);
        loadedFlags = Flags.IRET_LOADED | (profile.has(Quirk.IRET_TAKES_IOPL) ? Flags.IOPL : 0);
    }

    /** Performs the call for {@code vcpu}, which is in kernel mode. */
    public HypercallOutcome perform(Vcpu vcpu, GuestBuffer memory) {
        Registers registers = vcpu.registers();
        long frame = registers.gpr(Registers.RSP);
        try {
            return leave(vcpu, memory, frame);
        } catch (GuestFault fault) {
            vcpu.domain()
                    .crash("vCPU " + vcpu.id() + ": iret frame cannot be read at 0x"
                            + Long.toHexString(fault.linear()));
            return HypercallOutcome.NO_RETURN;
        }
    }

    private HypercallOutcome leave(Vcpu vcpu, GuestBuffer memory, long frame) {
        Registers registers = vcpu.registers();
        long rax = memory.readU64(frame);
        long r11 = memory.readU64(frame + 8);
        long rcx = memory.readU64(frame + 16);
        long callFlags = memory.readU64(frame + 24);
        long rip = memory.readU64(frame + RIP);
        int cs = (int) memory.readU64(frame + CS) & 0xFFFF;
        long given = memory.readU64(frame + RFLAGS);
        long rsp = memory.readU64(frame + RSP);
        int ss = (int) memory.readU64(frame + SS) & 0xFFFF;
        if ((cs & RING_3) == RING_3) {
            if (vcpu.userBase() == 0) {
                return refuse(vcpu);
            }
            modeSwitch.toggle(vcpu);
        }
        if (vcpu.domain().assists(Domain.ASSIST_ARCHITECTURAL_IOPL)) {
            vcpu.setIopl((int) (given >>> Flags.IOPL_SHIFT));
        }
        long rflags = given & (shownFlags | loadedFlags & Flags.IOPL) & loadedFlags | Flags.IF | Flags.FIXED;
        boolean inSyscall = (callFlags & IN_SYSCALL) != 0;
        registers.setGpr(Registers.RAX, rax);
        registers.setGpr(Registers.RCX, inSyscall ? rip : rcx);
        registers.setGpr(Registers.R11, inSyscall ? flagsForSysret(given) : r11);
        registers.setGpr(Registers.RSP, rsp);
        registers.setRip(rip);
        registers.setRflags(rflags);
        if (!keepsMask) {
            vcpu.setUpcallMask((given & Flags.IF) == 0);
        }
        vcpu.setNmiMasked(false);
        if (inSyscall && LinearAddress.isCanonical(rip)) {
            systemReturn(registers, cs | RING_3, rflags);
        } else if (inSyscall && !nonCanonicalUsesIret) {
            vcpu.domain()
                    .crash("vCPU " + vcpu.id() + ": SYSRET to non-canonical 0x" + Long.toHexString(rip)
                            + " takes down a hypervisor without XSA-7");
        } else {
            interruptReturn(vcpu, cs | RING_3, ss | RING_3);
        }
        return HypercallOutcome.NO_RETURN;
    }

    /** SYSRET takes RFLAGS from R11, where the guest sees them: without a mask of defined bits it sees all it gave. */
    private long flagsForSysret(long given) {
        long shown = given & shownFlags | Flags.IF;
        if ((shownFlags & Flags.FIXED) == 0) {
            shown |= Flags.FIXED;
        }
        return exitClearsNt ? shown & ~Flags.NT : shown;
    }

    private HypercallOutcome refuse(Vcpu vcpu) {
        if (!crashWithoutUserTable) {
            return HypercallOutcome.failed(XenErrno.EFAULT);
        }
        vcpu.domain().crash("vCPU " + vcpu.id() + ": iret to user mode without user page tables");
        return HypercallOutcome.NO_RETURN;
    }

    private static void systemReturn(Registers registers, int cs, long rflags) {
        registers.setRflags(rflags & ~Flags.RF);
        if (cs == FlatSegments.CODE_32) {
            registers.setRip(registers.rip() & 0xFFFF_FFFFL);
            FlatSegments.load32(registers);
        } else {
            FlatSegments.load(registers);
        }
    }

    /** IRETQ from ring 0 to ring 3 (Intel SDM vol 2, IRET): a fault is the guest's, at the target of the return. */
    private void interruptReturn(Vcpu vcpu, int cs, int ss) {
        Registers registers = vcpu.registers();
        if (cs == FlatSegments.CODE_64 && ss == FlatSegments.STACK && LinearAddress.isCanonical(registers.rip())) {
            FlatSegments.load(registers);
            return;
        }
        DescriptorTables tables = vcpu.descriptors();
        long code = tables.descriptor(cs);
        PageFault fault = tables.fault();
        Trap trap = fault != null ? Trap.pageFault(fault) : checkCode(cs, code, registers.rip());
        long stack = 0;
        if (trap == null) {
            stack = tables.descriptor(ss);
            fault = tables.fault();
            trap = fault != null ? Trap.pageFault(fault) : checkStack(ss, stack);
        }
        if (trap == null) {
            registers.loadSegment(Registers.CS, cs, code);
            registers.loadSegment(Registers.SS, ss, stack);
            markAccessed(tables, cs, code);
            markAccessed(tables, ss, stack);
        } else {
            fail(vcpu, cs, ss, trap);
        }
    }

    /** The processor sets the bit of what it loads. A NUL selector has no descriptor. */
    private static void markAccessed(DescriptorTables tables, int selector, long descriptor) {
        if (descriptor != 0 && (descriptor & DescriptorTables.ACCESSED) == 0) {
            tables.accessed(selector);
        }
    }

    private static @Nullable Trap checkCode(int cs, long descriptor, long rip) {
        int selector = cs & ~RING_3;
        boolean conforming = (descriptor & Descriptor.CONFORMING) != 0;
        int dpl = Descriptor.dpl(descriptor);
        if (selector == 0) {
            return Trap.fault(Trap.GP, 0);
        }
        if (!Descriptor.isCode(descriptor)
                || !conforming && dpl != RING_3
                || (descriptor & Descriptor.LONG_AND_DEFAULT) == Descriptor.LONG_AND_DEFAULT) {
            return Trap.fault(Trap.GP, selector);
        }
        if ((descriptor & Descriptor.PRESENT) == 0) {
            return Trap.fault(Trap.NP, selector);
        }
        boolean reachable = (descriptor & Descriptor.LONG) != 0 ? LinearAddress.isCanonical(rip) : rip >>> 32 == 0;
        return reachable ? null : Trap.fault(Trap.GP, 0);
    }

    private static @Nullable Trap checkStack(int ss, long descriptor) {
        int selector = ss & ~RING_3;
        if (selector == 0) {
            return Trap.fault(Trap.GP, 0);
        }
        if (!Descriptor.isWritableData(descriptor) || Descriptor.dpl(descriptor) != RING_3) {
            return Trap.fault(Trap.GP, selector);
        }
        return (descriptor & Descriptor.PRESENT) != 0 ? null : Trap.fault(Trap.SS, selector);
    }

    private void fail(Vcpu vcpu, int cs, int ss, Trap trap) {
        Registers registers = vcpu.registers();
        // The frame shows the target's selectors; their hidden parts are replaced by the entry itself.
        registers.loadSegment(Registers.CS, cs, FlatSegments.CODE_64_DESCRIPTOR);
        registers.loadSegment(Registers.SS, ss, FlatSegments.STACK_DESCRIPTOR);
        if (failsafe) {
            bounce.failsafe(vcpu);
        } else if (trap.vector() == Trap.PF) {
            bounce.pageFault(vcpu, trap.linear(), trap.errorCode());
        } else {
            bounce.exception(vcpu, trap.vector(), trap.errorCode());
        }
    }
}
