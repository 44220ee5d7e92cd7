package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;

/**
 * The iret hypercall of a 32-bit guest: EAX, EIP, CS, EFLAGS and, for rings 2 and 3, ESP and SS on its stack
 * (abi-reference 8.3).
 */
public final class CompatIret {

    private static final long WORD = 0xFFFF_FFFFL;
    private static final int SLOT = 4;
    private static final int KERNEL_RING = 1;
    private static final int VM86_SLOTS = 10;
    private static final long VM = 1 << 17;

    private final Platform platform;
    private final boolean endlessCopy;

    public CompatIret(Platform platform) {
        this.platform = platform;
        endlessCopy = platform.profile().has(Quirk.VM86_COPY_ENDLESS);
    }

    /** Performs the call for the vCPU that runs. */
    public HypercallOutcome perform(GuestBuffer memory) {
        Vcpu vcpu = platform.current();
        try {
            leave(vcpu, memory);
        } catch (GuestFault fault) {
            vcpu.domain()
                    .crash("vCPU " + vcpu.id() + ": iret frame cannot be read at 0x"
                            + Long.toHexString(fault.linear()));
        }
        return HypercallOutcome.NO_RETURN;
    }

    private void leave(Vcpu vcpu, GuestBuffer memory) {
        Registers registers = vcpu.registers();
        long frame = registers.gpr(Registers.RSP) & WORD;
        registers.setGpr(Registers.RSP, frame);
        registers.setGpr(Registers.RAX, word(memory, frame, 0));
        registers.setRip(word(memory, frame, 1));
        int cs = (int) word(memory, frame, 2) & 0xFFFF;
        long given = word(memory, frame, 3);
        if (vcpu.domain().assists(Domain.ASSIST_ARCHITECTURAL_IOPL)) {
            vcpu.setIopl((int) (given >>> Flags.IOPL_SHIFT));
        }
        vcpu.returnPath().set(ReturnPath.Kind.IRET, given & ~(Flags.IOPL | VM) | Flags.IF | Flags.FIXED);
        if ((given & VM) != 0) {
            given = refuseVm86(vcpu, memory, frame, given);
        } else if ((cs & 3) == 0) {
            vcpu.domain().crash("vCPU " + vcpu.id() + ": iret to ring 0");
            return;
        } else {
            registers.loadSegment(Registers.CS, cs, FlatSegments.CODE_32_DESCRIPTOR);
            if ((cs & 3) == KERNEL_RING) {
                registers.setGpr(Registers.RSP, frame + 4 * SLOT & WORD);
            } else {
                int ss = (int) word(memory, frame, 5) & 0xFFFF;
                registers.setGpr(Registers.RSP, word(memory, frame, 4));
                registers.loadSegment(Registers.SS, ss, FlatSegments.STACK_DESCRIPTOR);
            }
        }
        vcpu.setUpcallMask((given & Flags.IF) == 0);
        vcpu.setNmiMasked(false);
    }

    private static long word(GuestBuffer memory, long frame, int slot) {
        return memory.readU32(frame + (long) SLOT * slot) & WORD;
    }

    /**
     * There is no virtual-8086 mode in long mode: #GP is delivered as if by the first instruction there, on the frame moved
     * to the kernel's stack. The flags that decide about the upcall mask.
     */
    private long refuseVm86(Vcpu vcpu, GuestBuffer memory, long frame, long given) {
        Registers registers = vcpu.registers();
        long target = vcpu.kernelSp() - VM86_SLOTS * SLOT & WORD;
        if (target < frame) {
            for (int slot = 1; slot < VM86_SLOTS; slot++) {
                memory.writeU32(target + (long) SLOT * slot, (int) word(memory, frame, slot));
            }
        } else if (target > frame && endlessCopy) {
            platform.crash("the hypervisor copies a frame without end (XSA-136)");
            return given;
        } else if (target > frame) {
            for (int slot = VM86_SLOTS - 1; slot > 0; slot--) {
                memory.writeU32(target + (long) SLOT * slot, (int) word(memory, frame, slot));
            }
        }
        memory.writeU32(target, 0);
        registers.setGpr(Registers.RSP, target);
        registers.loadSegment(Registers.SS, vcpu.kernelSs(), FlatSegments.STACK_DESCRIPTOR);
        registers.loadSegment(Registers.CS, vcpu.trapTable().selector(Trap.GP), FlatSegments.CODE_32_DESCRIPTOR);
        registers.setRip(vcpu.trapTable().address(Trap.GP) & WORD);
        long rflags = vcpu.returnPath().rflags();
        vcpu.returnPath().set(ReturnPath.Kind.IRET, rflags & ~(Flags.RF | Flags.NT | Flags.TF));
        if (!vcpu.trapTable().masksEvents(Trap.GP)) {
            return given;
        }
        // Whether the processor's flag follows is a matter of the way back, see GuestExit.
        vcpu.returnPath().set(ReturnPath.Kind.IRET, vcpu.returnPath().rflags() & ~Flags.IF);
        return given & ~Flags.IF;
    }
}
