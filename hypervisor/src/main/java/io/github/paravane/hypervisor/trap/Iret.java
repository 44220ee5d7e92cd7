package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;

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

    private final ModeSwitch modeSwitch;
    private final long shownFlags;
    private final boolean crashWithoutUserTable;
    private final boolean keepsMask;
    private final boolean takesIopl;

    public Iret(Platform platform, ModeSwitch modeSwitch) {
        this.modeSwitch = modeSwitch;
        AbiProfile profile = platform.profile();
        shownFlags = profile.get(EntryRules.IRET_FLAGS).bits();
        crashWithoutUserTable = profile.get(EntryRules.IRET_WITHOUT_USER_TABLE_CRASHES);
        keepsMask = profile.has(Quirk.IRET_KEEPS_MASK);
        takesIopl = profile.has(Quirk.IRET_TAKES_IOPL);
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
        if ((callFlags & IN_SYSCALL) == 0) {
            registers.setGpr(Registers.RCX, rcx);
            registers.setGpr(Registers.R11, r11);
            vcpu.returnPath().set(ReturnPath.Kind.IRET, flags(given));
        } else {
            vcpu.returnPath().set(ReturnPath.Kind.SYSRET, flags(given));
        }
        registers.setGpr(Registers.RAX, rax);
        registers.setGpr(Registers.RSP, rsp);
        registers.setRip(rip);
        FlatSegments.setReturn(registers, cs | RING_3, ss | RING_3);
        if (!keepsMask) {
            vcpu.setUpcallMask((given & Flags.IF) == 0);
        }
        vcpu.setNmiMasked(false);
        return HypercallOutcome.NO_RETURN;
    }

    /** Without a mask of defined bits a frame, or R11 after SYSRET, shows all that was given. */
    private long flags(long given) {
        long shown = given & (shownFlags | (takesIopl ? Flags.IOPL : 0)) | Flags.IF;
        return (shownFlags & Flags.FIXED) == 0 ? shown | Flags.FIXED : shown;
    }

    private HypercallOutcome refuse(Vcpu vcpu) {
        if (!crashWithoutUserTable) {
            return HypercallOutcome.failed(XenErrno.EFAULT);
        }
        vcpu.domain().crash("vCPU " + vcpu.id() + ": iret to user mode without user page tables");
        return HypercallOutcome.NO_RETURN;
    }
}
