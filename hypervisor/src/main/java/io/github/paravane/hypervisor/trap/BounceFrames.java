package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.api.profile.EntryRules.SysenterWithNt;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;

/**
 * Entries into the guest kernel: pushes a frame on its stack and sets the registers for its handler (abi-reference 4.3).
 *
 * <p>The frame, lowest address first: RCX, R11, for failsafe DS ES FS GS, the error code if there is one, RIP, CS with
 * the saved upcall mask in bits 39:32, RFLAGS, RSP, SS. It is written through the kernel tables with the rights of CPL 3.
 * What cannot be entered crashes the domain: there is no double fault for a PV guest.
 */
public class BounceFrames {

    /** What 3.1.1 leaves in R11 of a syscall frame: an address of its own text. */
    static final long HYPERVISOR_TEXT = 0xFFFF_828C_8010_D750L;

    static final int MASK_EVENTS = 1;
    static final int ERROR_CODE = 1 << 1;
    static final int SEGMENTS = 1 << 2;
    private static final int SYSCALL = 1 << 3;
    private static final int SLOT = 8;
    private static final int SLOTS = 7;
    private static final int SEGMENT_SLOTS = 4;
    private static final int STACK_ALIGNMENT = 16;

    /** Where the largest frame, with error code and selectors, ends that begins at the end of the hypervisor range. */
    private static final long LARGEST_FRAME_END = HypervisorRange.END + SLOT * (SLOTS + 1 + SEGMENT_SLOTS);

    private final Platform platform;
    private final MachineMemory memory;
    private final ModeSwitch modeSwitch;
    private final long clearedFlags;
    private final boolean syscallClearsDf;
    private final boolean syscallCanMask;
    private final boolean textInR11;
    private final boolean missingSyscallCrashes;
    private final boolean missingClearsDf;
    private final SysenterWithNt sysenterWithNt;
    private final boolean virtualIopl;
    private final boolean nmiIsTrap2;
    private final boolean int80Masks;
    private final long windowStart;
    private final long windowEnd;
    private final StackWriter stack;
    private final boolean failsafeUnchecked;
    private final boolean clearsMask;
    private final boolean savesRealIf;
    private final boolean faultsAreUsers;
    private final long alignment;
    private final long failsafeAlignment;
    private final int sysenterFaultFlags;

    public BounceFrames(Platform platform, ModeSwitch modeSwitch) {
        this.platform = platform;
        this.memory = platform.memory();
        this.modeSwitch = modeSwitch;
        AbiProfile profile = platform.profile();
        clearedFlags = profile.get(EntryRules.CLEARED_FLAGS).bits();
        syscallClearsDf = profile.get(EntryRules.SYSCALL_CLEARS_DF);
        syscallCanMask = profile.get(EntryRules.SYSCALL_CAN_MASK);
        textInR11 = profile.get(EntryRules.SYSCALL_R11) == EntryRules.SyscallR11.HYPERVISOR_TEXT;
        missingSyscallCrashes = profile.get(EntryRules.MISSING_SYSCALL_CALLBACK) == EntryRules.MissingCallback.CRASH;
        missingClearsDf = profile.get(EntryRules.MISSING_CALLBACK_CLEARS_DF);
        sysenterWithNt = profile.get(EntryRules.SYSENTER_WITH_NT);
        virtualIopl = profile.get(EntryRules.VIRTUAL_IOPL);
        nmiIsTrap2 = profile.get(EntryRules.NMI_IS_TRAP_2);
        int80Masks = profile.get(EntryRules.INT80_MASK_HONOURED);
        windowStart = HypervisorRange.START + (profile.get(EntryRules.STACK_MAY_END_AT_HOLE) ? 1 : 0);
        windowEnd = HypervisorRange.END + profile.get(EntryRules.STACK_WINDOW_SLACK);
        failsafeUnchecked = profile.has(Quirk.FAILSAFE_FRAME_IN_HYPERVISOR);
        stack = new StackWriter(platform);
        clearsMask = profile.has(Quirk.EXCEPTION_CLEARS_MASK);
        savesRealIf = profile.has(Quirk.SAVED_IF_REAL);
        faultsAreUsers = profile.has(Quirk.FAULT_CODE_ALWAYS_USER);
        alignment = profile.has(Quirk.FRAME_NOT_ALIGNED) ? -1 : -STACK_ALIGNMENT;
        failsafeAlignment = profile.has(Quirk.FAILSAFE_NOT_ALIGNED) ? -1 : alignment;
        sysenterFaultFlags = profile.has(Quirk.SYSENTER_FAULT_MASKS) ? MASK_EVENTS : 0;
    }

    /** Delivers exception {@code vector} through the trap table; its error code is pushed if the vector has one. */
    public void exception(Vcpu vcpu, int vector, int errorCode) {
        int flags = vcpu.trapTable().masksEvents(vector) ? MASK_EVENTS : 0;
        if (Trap.hasErrorCode(vector)) {
            flags |= ERROR_CODE;
        }
        enter(vcpu, "trap", vector, vcpu.trapTable().address(vector), flags, errorCode);
    }

    /** Delivers #PF: CR2 goes to vcpu_info, and bit U of the error code says in which guest mode the fault was. */
    public void pageFault(Vcpu vcpu, long linear, int errorCode) {
        vcpu.setCr2(linear);
        int user = vcpu.kernelMode() && !faultsAreUsers ? 0 : Access.USER;
        exception(vcpu, Trap.PF, errorCode & ~Access.USER | user);
    }

    /** Enters trap {@code vector} for INT n: no error code, whatever the vector. */
    public void softwareInterrupt(Vcpu vcpu, int vector) {
        int flags = vcpu.trapTable().masksEvents(vector) ? MASK_EVENTS : 0;
        enter(vcpu, "int", vector, vcpu.trapTable().address(vector), flags, 0);
    }

    /** Enters trap 80h through its fast gate. */
    public void fastInterrupt(Vcpu vcpu, int vector) {
        int flags = int80Masks && vcpu.trapTable().masksEvents(vector) ? MASK_EVENTS : 0;
        enter(vcpu, "int", vector, vcpu.trapTable().address(vector), flags, 0);
    }

    /** Enters the event callback, which always masks events. */
    public void event(Vcpu vcpu) {
        enter(vcpu, "event", 0, vcpu.callbacks().address(Callbacks.EVENT), MASK_EVENTS, 0);
    }

    /** Whether there is a handler for NMIs. */
    public boolean hasNmiHandler(Vcpu vcpu) {
        return nmiHandler(vcpu) != 0;
    }

    /** Enters the NMI handler. */
    public void nmi(Vcpu vcpu) {
        boolean masks = !nmiIsTrap2 || vcpu.trapTable().masksEvents(Trap.NMI);
        enter(vcpu, "nmi", Trap.NMI, nmiHandler(vcpu), masks ? MASK_EVENTS : 0, 0);
    }

    private long nmiHandler(Vcpu vcpu) {
        return nmiIsTrap2
                ? vcpu.trapTable().address(Trap.NMI)
                : vcpu.callbacks().address(Callbacks.NMI);
    }

    /** Enters the callback for SYSCALL: {@link Callbacks#SYSCALL}, or {@link Callbacks#SYSCALL32} from 32-bit code. */
    public void syscall(Vcpu vcpu, int type) {
        long handler = vcpu.callbacks().address(type);
        boolean masks = syscallCanMask && vcpu.callbacks().masksEvents(Callbacks.SYSCALL);
        if (handler == 0 && !missingSyscallCrashes) {
            Registers registers = vcpu.registers();
            registers.setRip(registers.rip() - 2);
            int flags = (missingClearsDf ? SYSCALL : 0) | (vcpu.trapTable().masksEvents(Trap.UD) ? MASK_EVENTS : 0);
            enter(vcpu, "trap", Trap.UD, vcpu.trapTable().address(Trap.UD), flags, 0);
        } else {
            enter(vcpu, "syscall", 0, handler, SYSCALL | (masks ? MASK_EVENTS : 0), 0);
        }
    }

    /** Whether SYSCALL without a callback crashes the domain; otherwise it is #UD. */
    boolean missingSyscallCrashes() {
        return missingSyscallCrashes;
    }

    /** Whether SYSENTER of now becomes #GP for NT alone. */
    final boolean isRefusedForNt(Vcpu vcpu) {
        return (vcpu.registers().rflags() & Flags.NT) != 0 && sysenterWithNt == SysenterWithNt.GENERAL_PROTECTION;
    }

    /** Enters the callback for SYSENTER, or delivers #GP(0) without one. */
    public void sysenter(Vcpu vcpu) {
        long handler = vcpu.callbacks().address(Callbacks.SYSENTER);
        boolean nested = (vcpu.registers().rflags() & Flags.NT) != 0;
        if (nested && sysenterWithNt == SysenterWithNt.CRASH) {
            platform.crash("#GP of IRET after SYSENTER with NT set");
        } else if (handler == 0 || nested && sysenterWithNt == SysenterWithNt.GENERAL_PROTECTION) {
            int flags = vcpu.trapTable().masksEvents(Trap.GP) ? MASK_EVENTS : sysenterFaultFlags;
            enter(vcpu, "trap", Trap.GP, vcpu.trapTable().address(Trap.GP), flags | ERROR_CODE, 0);
        } else {
            int flags = vcpu.callbacks().masksEvents(Callbacks.SYSENTER) ? MASK_EVENTS : 0;
            enter(vcpu, "sysenter", 0, handler, flags, 0);
        }
    }

    /** Enters the failsafe callback: the frame has four selectors and no error code. */
    public void failsafe(Vcpu vcpu) {
        int flags = SEGMENTS | (vcpu.callbacks().masksEvents(Callbacks.FAILSAFE) ? MASK_EVENTS : 0);
        enter(vcpu, "failsafe", 0, vcpu.callbacks().address(Callbacks.FAILSAFE), flags, 0);
    }

    void enter(Vcpu vcpu, String what, int vector, long handler, int flags, int errorCode) {
        Registers registers = vcpu.registers();
        int cs = registers.selector(Registers.CS);
        boolean fromUser = !vcpu.kernelMode();
        long top;
        if (fromUser) {
            modeSwitch.toggle(vcpu);
            top = vcpu.kernelSp();
        } else {
            top = registers.gpr(Registers.RSP);
            cs &= ~3;
        }
        top &= (flags & SEGMENTS) != 0 ? failsafeAlignment : alignment;
        if (handler == 0 || !LinearAddress.isCanonical(handler)) {
            crash(vcpu, "no handler for " + what + " " + vector + ", error code 0x" + Integer.toHexString(errorCode));
            return;
        }
        boolean roomForSelectors = (flags & SEGMENTS) != 0 && !failsafeUnchecked;
        long end = roomForSelectors ? Math.max(windowEnd, LARGEST_FRAME_END) : windowEnd;
        if (Long.compareUnsigned(top, windowStart) >= 0 && Long.compareUnsigned(top, end) < 0) {
            crash(vcpu, "stack for " + what + " " + vector + " in the hypervisor's range: 0x" + Long.toHexString(top));
            return;
        }
        long rip = registers.rip();
        long frame = top - (long) SLOT * slots(flags);
        push(vcpu, frame, cs, flags, errorCode);
        if (stack.failed()) {
            if (failsafeUnchecked && HypervisorRange.contains(stack.position())) {
                platform.crash("a frame at 0x" + Long.toHexString(frame) + " over the hypervisor's memory");
                return;
            }
            crash(
                    vcpu,
                    "cannot write the frame for " + what + " " + vector + " at 0x"
                            + Long.toHexString(stack.position()));
            return;
        }
        arrive(vcpu, handler, frame, flags);
        if (platform.observed()) {
            Domain domain = vcpu.domain();
            platform.observer()
                    .bounce(new MachineEvent.Bounce(
                            domain.id(), vcpu.id(), what, vector, handler, frame, rip, fromUser));
        }
    }

    private static int slots(int flags) {
        return SLOTS + ((flags & ERROR_CODE) != 0 ? 1 : 0) + ((flags & SEGMENTS) != 0 ? SEGMENT_SLOTS : 0);
    }

    private void push(Vcpu vcpu, long frame, int cs, int flags, int errorCode) {
        Registers registers = vcpu.registers();
        AddressTranslator tables = vcpu.guestMemory();
        // Bits 39:32 of the CS slot are the mask byte; the processor that stores them takes the next three bytes along.
        long maskBytes = memory.readU32(vcpu.infoMaddr() + 1) & 0xFFFF_FFFFL;
        boolean masked = (maskBytes & 0xFF) != 0;
        StackWriter to = stack;
        to.begin(frame);
        to.push(tables, registers.gpr(Registers.RCX));
        boolean text = textInR11 && (flags & SYSCALL) != 0;
        to.push(tables, text ? HYPERVISOR_TEXT : registers.gpr(Registers.R11));
        if ((flags & SEGMENTS) != 0) {
            to.push(tables, registers.selector(Registers.DS));
            to.push(tables, registers.selector(Registers.ES));
            to.push(tables, registers.selector(Registers.FS));
            to.push(tables, registers.selector(Registers.GS));
        }
        if ((flags & ERROR_CODE) != 0) {
            to.push(tables, errorCode & 0xFFFF_FFFFL);
        }
        to.push(tables, registers.rip());
        to.push(tables, maskBytes << 32 | cs);
        to.push(tables, savedFlags(vcpu, masked));
        to.push(tables, registers.gpr(Registers.RSP));
        to.push(tables, registers.selector(Registers.SS));
        if ((flags & MASK_EVENTS) != 0) {
            memory.writeU8(vcpu.infoMaddr() + 1, (int) maskBytes & 0xFF | 1);
        } else if (clearsMask) {
            memory.writeU8(vcpu.infoMaddr() + 1, 0);
        }
    }

    /** The machine. */
    final Platform platform() {
        return platform;
    }

    /** Whether an entry that does not mask events unmasks them. */
    final boolean clearsMask() {
        return clearsMask;
    }

    /** RFLAGS as a frame shows them. */
    final long savedFlags(Vcpu vcpu, boolean masked) {
        long saved = currentFlags(vcpu) & 0xFFFF_FFFFL & ~Flags.IF;
        if (virtualIopl) {
            saved &= ~Flags.IOPL;
            if (vcpu.domain().assists(Domain.ASSIST_ARCHITECTURAL_IOPL)) {
                saved |= (long) vcpu.iopl() << Flags.IOPL_SHIFT;
            }
        }
        return masked && !savesRealIf ? saved : saved | Flags.IF;
    }

    /** RFLAGS as the guest would have them next; what is on its way back to the guest counts. */
    static long currentFlags(Vcpu vcpu) {
        ReturnPath path = vcpu.returnPath();
        return path.kind() == ReturnPath.Kind.NONE ? vcpu.registers().rflags() : path.rflags();
    }

    /** The guest will be entered with SYSRET, which shows RIP and RFLAGS in RCX and R11. */
    private void arrive(Vcpu vcpu, long handler, long frame, int flags) {
        Registers registers = vcpu.registers();
        long rflags = currentFlags(vcpu) & ~clearedFlags | Flags.IF;
        if (syscallClearsDf && (flags & SYSCALL) != 0) {
            rflags &= ~Flags.DF;
        }
        FlatSegments.load(registers);
        registers.setRip(handler);
        registers.setGpr(Registers.RSP, frame);
        vcpu.returnPath().set(ReturnPath.Kind.SYSRET, rflags);
    }

    static void crash(Vcpu vcpu, String detail) {
        vcpu.domain()
                .crash("vCPU " + vcpu.id() + ": " + detail + ", rip 0x"
                        + Long.toHexString(vcpu.registers().rip()));
    }
}
