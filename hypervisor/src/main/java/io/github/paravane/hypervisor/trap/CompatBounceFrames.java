package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;

/**
 * Entries into the kernel of a 32-bit guest, which runs in ring 1 (abi-reference 8.3). The frame, lowest address first, in
 * slots of 4 bytes: the error code if there is one, for failsafe DS ES FS GS, EIP, CS with the saved upcall mask in bits
 * 23:16, EFLAGS, and from ring 2 or 3 ESP and SS.
 */
public final class CompatBounceFrames extends BounceFrames {

    private static final int SLOT = 4;
    private static final int OUTER = 2;
    private static final int SYSCALL_LENGTH = 2;
    private static final long WORD = 0xFFFF_FFFFL;
    private static final long CLEARED = Flags.TF | Flags.NT | Flags.RF;

    private final boolean nativeSelectors;
    private final boolean smapFaults;
    private final boolean faultsTwice;

    public CompatBounceFrames(Platform platform, ModeSwitch modeSwitch) {
        super(platform, modeSwitch);
        faultsTwice = platform.profile().has(Quirk.SYSENTER_FAULTS_TWICE);
        smapFaults = platform.profile().has(Quirk.FRAME_UNDER_SMAP);
        nativeSelectors = platform.profile().get(CompatRules.SYSCALL_SHOWS_NATIVE_SELECTORS);
    }

    /** SYSCALL in 32-bit code of any ring, shown as from ring 3: its callback, or #GP(0) at the instruction. */
    @Override
    public void syscall(Vcpu vcpu, int type) {
        Registers registers = vcpu.registers();
        CompatSegments.loadSelectors(
                registers,
                vcpu.descriptors(),
                nativeSelectors ? FlatSegments.CODE_32 : CompatSegments.USER_CODE,
                nativeSelectors ? FlatSegments.STACK : CompatSegments.USER_DATA);
        if (isNul(vcpu.callbacks().selector(Callbacks.SYSCALL32))) {
            registers.setRip(registers.rip() - SYSCALL_LENGTH & WORD);
            exception(vcpu, Trap.GP, 0);
            return;
        }
        int flags = vcpu.callbacks().masksEvents(Callbacks.SYSCALL32) ? MASK_EVENTS : 0;
        enter(vcpu, "syscall", Callbacks.SYSCALL32, vcpu.callbacks().address(Callbacks.SYSCALL32), flags, 0);
    }

    /** SYSENTER: its callback, or #GP(0). */
    @Override
    public void sysenter(Vcpu vcpu) {
        boolean callback = !isNul(vcpu.callbacks().selector(Callbacks.SYSENTER));
        boolean faults = !callback || isRefusedForNt(vcpu);
        if (callback) {
            super.sysenter(vcpu);
        } else {
            exception(vcpu, Trap.GP, 0);
        }
        if (faults && faultsTwice && vcpu.domain().isRunning()) {
            exception(vcpu, Trap.GP, 0);
        }
    }

    private static boolean isNul(int selector) {
        return (selector & ~3) == 0;
    }

    @Override
    void enter(Vcpu vcpu, String what, int vector, long handler, int flags, int errorCode) {
        Registers registers = vcpu.registers();
        boolean fromUser = (registers.selector(Registers.CS) & OUTER) != 0;
        int ss = fromUser ? vcpu.kernelSs() : registers.selector(Registers.SS);
        long stack = CompatSegments.loadable(vcpu, ss);
        if (stack == -1) {
            crash(vcpu, "no stack segment for " + what + " " + vector + ": 0x" + Integer.toHexString(ss));
            return;
        }
        if (smapFaults && isUserPage(vcpu, CompatSegments.base(stack), fromUser)) {
            platform().crash("#PF in the hypervisor: SMAP forbids the stack of " + what + " " + vector);
            return;
        }
        long rip = registers.rip();
        long frame;
        try {
            frame = push(vcpu, CompatSegments.base(stack), flags, errorCode, fromUser);
        } catch (GuestFault fault) {
            crash(
                    vcpu,
                    "cannot write the frame for " + what + " " + vector + " at 0x" + Long.toHexString(fault.linear()));
            return;
        }
        int cs = selector(vcpu, what, vector);
        if (isNul(cs)) {
            crash(vcpu, "no handler for " + what + " " + vector + ", error code 0x" + Integer.toHexString(errorCode));
            return;
        }
        CompatSegments.reloadFs(vcpu);
        long rflags = currentFlags(vcpu) & ~CLEARED;
        registers.loadSegment(Registers.SS, ss, stack);
        registers.setGpr(Registers.RSP, frame);
        registers.loadSegment(Registers.CS, cs, FlatSegments.CODE_32_DESCRIPTOR);
        registers.setRip(handler & WORD);
        vcpu.returnPath().set(ReturnPath.Kind.IRET, rflags);
        if (platform().observed()) {
            int domain = vcpu.domain().id();
            platform()
                    .observer()
                    .bounce(new MachineEvent.Bounce(domain, vcpu.id(), what, vector, handler, frame, rip, fromUser));
        }
    }

    /** Whether the first slot of a frame lies on a page of ring 3's. */
    private static boolean isUserPage(Vcpu vcpu, long base, boolean fromUser) {
        long top = fromUser ? vcpu.kernelSp() : vcpu.registers().gpr(Registers.RSP);
        PageWalk walk = vcpu.paging().walk(vcpu.kernelBase(), base + (top - SLOT & WORD));
        return walk.isMapped() && (walk.rights() & Pte.USER) != 0;
    }

    /** Pushes the frame from the top, as the hypervisor does; the new ESP. */
    private long push(Vcpu vcpu, long base, int flags, int errorCode, boolean fromUser) {
        Registers registers = vcpu.registers();
        VcpuMemory memory = new VcpuMemory(vcpu);
        long top = fromUser ? vcpu.kernelSp() & WORD : registers.gpr(Registers.RSP) & WORD;
        if (fromUser) {
            top = store(memory, base, top, registers.selector(Registers.SS));
            top = store(memory, base, top, (int) registers.gpr(Registers.RSP));
        }
        int maskBytes = platform().memory().readU16(vcpu.infoMaddr() + 1);
        boolean masked = (maskBytes & 0xFF) != 0;
        if ((flags & MASK_EVENTS) != 0) {
            platform().memory().writeU8(vcpu.infoMaddr() + 1, maskBytes & 0xFF | 1);
        } else if (clearsMask()) {
            platform().memory().writeU8(vcpu.infoMaddr() + 1, 0);
        }
        top = store(memory, base, top, (int) savedFlags(vcpu, masked));
        top = store(memory, base, top, maskBytes << 16 | registers.selector(Registers.CS));
        top = store(memory, base, top, (int) registers.rip());
        if ((flags & SEGMENTS) != 0) {
            top = store(memory, base, top, registers.selector(Registers.GS));
            top = store(memory, base, top, registers.selector(Registers.FS));
            top = store(memory, base, top, registers.selector(Registers.ES));
            top = store(memory, base, top, registers.selector(Registers.DS));
        }
        return (flags & ERROR_CODE) != 0 ? store(memory, base, top, errorCode) : top;
    }

    private static long store(VcpuMemory memory, long base, long top, int value) {
        long slot = top - SLOT & WORD;
        memory.writeU32(base + slot, value);
        return slot;
    }

    private static int selector(Vcpu vcpu, String what, int vector) {
        return switch (what) {
            case "event" -> vcpu.callbacks().selector(Callbacks.EVENT);
            case "failsafe" -> vcpu.callbacks().selector(Callbacks.FAILSAFE);
            case "sysenter" -> vcpu.callbacks().selector(Callbacks.SYSENTER);
            case "syscall" -> vcpu.callbacks().selector(Callbacks.SYSCALL32);
            default -> vcpu.trapTable().selector(vector);
        };
    }
}
