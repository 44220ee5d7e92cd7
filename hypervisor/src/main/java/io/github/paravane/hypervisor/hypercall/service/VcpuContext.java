package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.trap.CompatSegments;
import io.github.paravane.hypervisor.trap.FlatSegments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Loads struct vcpu_guest_context into a vCPU (abi-reference 3.25, 6.4). */
final class VcpuContext {

    static final int SIZE = 5168;

    private static final int FPU_SIZE = 512;
    private static final int FLAGS = 512;
    private static final int USER_REGS = 520;
    private static final int TRAPS = 720;
    private static final int LDT_BASE = 4816;
    private static final int LDT_ENTRIES = 4824;
    private static final int GDT_FRAMES = 4832;
    private static final int GDT_ENTRIES = 4960;
    private static final int KERNEL_SS = 4968;
    private static final int KERNEL_SP = 4976;
    private static final int CONTROL = 4984;
    private static final int DEBUG = 5048;
    private static final int EVENT_CALLBACK = 5112;
    private static final int FAILSAFE_CALLBACK = 5120;
    private static final int SYSCALL_CALLBACK = 5128;
    private static final int FS_BASE = 5144;
    private static final int GS_BASE_KERNEL = 5152;
    private static final int GS_BASE_USER = 5160;

    private static final int FLAG_FPU_VALID = 1;
    private static final int FLAG_IN_KERNEL = 4;
    private static final int FLAG_FAILSAFE_MASKS = 8;
    private static final int FLAG_SYSCALL_MASKS = 16;
    private static final int FLAG_ONLINE = 32;

    private static final int MAX_GDT_ENTRIES = 7168;
    private static final int MAX_LDT_ENTRIES = 8192;
    private static final long RFLAGS_FIXED = 1 << 1;
    private static final long RFLAGS_IF = 1 << 9;
    private static final long RFLAGS_IOPL = 3 << 12;
    private static final int[] DATA_SEGMENTS = {Registers.ES, Registers.DS, Registers.FS, Registers.GS};
    private static final int CR0_TS = 8;
    private static final int RPL = 3;

    private static final int[] CANONICAL = {
        USER_REGS + 128,
        USER_REGS + 152,
        KERNEL_SP,
        FS_BASE,
        GS_BASE_KERNEL,
        GS_BASE_USER,
        EVENT_CALLBACK,
        FAILSAFE_CALLBACK,
        SYSCALL_CALLBACK
    };

    /** General registers in the order of struct cpu_user_regs, from offset 0. */
    private static final int[] REGISTERS = {
        Registers.R15,
        Registers.R14,
        Registers.R13,
        Registers.R12,
        Registers.RBP,
        Registers.RBX,
        Registers.R11,
        Registers.R10,
        Registers.R9,
        Registers.R8,
        Registers.RAX,
        Registers.RCX,
        Registers.RDX,
        Registers.RSI,
        Registers.RDI
    };

    private final long writableCr4;
    private final VcpuReferences references;
    private final boolean userModeWithoutTables;
    private final boolean breakpointsUnchecked;
    private final boolean debugBitsDropped;
    private final boolean userRootIgnored;
    private final boolean continuationCrashes;

    VcpuContext(AbiProfile profile, VcpuReferences references) {
        this.writableCr4 = profile.get(PrivilegedRules.CR4_WRITABLE).bits();
        this.references = references;
        userModeWithoutTables = profile.has(Quirk.USER_MODE_WITHOUT_TABLES);
        breakpointsUnchecked = profile.has(Quirk.CONTEXT_BREAKPOINTS_UNCHECKED);
        userRootIgnored = profile.has(Quirk.CONTEXT_WITHOUT_USER_ROOT);
        continuationCrashes = profile.has(Quirk.CONTINUED_VCPU_OP_CRASHES);
        debugBitsDropped = profile.has(Quirk.CONTEXT_DEBUG_BITS_DROPPED);
    }

    /** VCPUOP_initialise. */
    HypercallOutcome initialise(Vcpu vcpu, GuestBuffer memory, long linear) {
        byte[] bytes = new byte[SIZE];
        memory.read(linear, bytes, 0, SIZE);
        if (vcpu.initialised()) {
            return HypercallOutcome.failed(XenErrno.EEXIST);
        }
        ByteBuffer context = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long rejected = check(context);
        if (rejected < 0) {
            return HypercallOutcome.completed(rejected);
        }
        int entries = (int) context.getLong(GDT_ENTRIES);
        long[] frames = new long[(entries + 511) / 512];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = context.getLong(GDT_FRAMES + Long.BYTES * i);
        }
        long done = entries == 0 ? 0 : references.setGdt(vcpu, frames, entries);
        if (done == 0) {
            long user = userRootIgnored ? 0 : context.getLong(CONTROL + 8) >>> 12;
            done = references.takeBases(vcpu, context.getLong(CONTROL + 24) >>> 12, user);
        }
        if (done == XenErrno.ERESTART.result()) {
            if (continuationCrashes) {
                vcpu.domain().platform().crash("BUG: vcpu_op has an argument of an unknown kind");
            }
            return HypercallOutcome.CONTINUED;
        }
        if (done < 0) {
            return HypercallOutcome.completed(done);
        }
        load(vcpu, context);
        vcpu.setInitialised();
        if ((context.getLong(FLAGS) & FLAG_ONLINE) != 0) {
            vcpu.setRunState(RunState.RUNNABLE);
        }
        return HypercallOutcome.OK;
    }

    private long check(ByteBuffer context) {
        boolean valid = true;
        for (int each : CANONICAL) {
            valid &= isCanonical(context.getLong(each));
        }
        for (int i = 0; i < 256; i++) {
            valid &= isCanonical(context.getLong(TRAPS + 16 * i + 8));
        }
        long ldtEntries = context.getLong(LDT_ENTRIES);
        valid &= isGuestAddress(context.getLong(LDT_BASE)) && (context.getLong(LDT_BASE) & 0xFFF) == 0;
        valid &= Long.compareUnsigned(ldtEntries, MAX_LDT_ENTRIES) <= 0;
        valid &= Long.compareUnsigned(context.getLong(GDT_ENTRIES), MAX_GDT_ENTRIES) <= 0;
        valid &= debugBitsDropped || hasValidBreakpoints(context);
        // A vCPU that starts in user mode needs user tables.
        valid &= (context.getLong(FLAGS) & FLAG_IN_KERNEL) != 0
                || context.getLong(CONTROL + 8) != 0
                || userModeWithoutTables;
        return valid ? 0 : XenErrno.EINVAL.result();
    }

    private void load(Vcpu vcpu, ByteBuffer context) {
        long flags = context.getLong(FLAGS);
        for (int i = 0; i < 256; i++) {
            int entry = TRAPS + 16 * i;
            vcpu.trapTable().set(i, context.getLong(entry + 8), context.get(entry + 1));
        }
        Callbacks callbacks = vcpu.callbacks();
        callbacks.set(Callbacks.EVENT, context.getLong(EVENT_CALLBACK), true);
        callbacks.set(Callbacks.FAILSAFE, context.getLong(FAILSAFE_CALLBACK), (flags & FLAG_FAILSAFE_MASKS) != 0);
        callbacks.set(Callbacks.SYSCALL, context.getLong(SYSCALL_CALLBACK), (flags & FLAG_SYSCALL_MASKS) != 0);
        vcpu.segments().setLdt(context.getLong(LDT_BASE), (int) context.getLong(LDT_ENTRIES));
        vcpu.setKernelStack((int) context.getLong(KERNEL_SS) & 0xFFFF | RPL, context.getLong(KERNEL_SP));
        vcpu.setCr4(context.getLong(CONTROL + 32) & writableCr4);
        boolean kernel = (flags & FLAG_IN_KERNEL) != 0;
        vcpu.setKernelMode(kernel);
        vcpu.paging().loadBase(kernel ? vcpu.kernelBase() : vcpu.userBase(), FlushScope.ALL);
        loadRegisters(vcpu, context, kernel);
    }

    private void loadRegisters(Vcpu vcpu, ByteBuffer context, boolean kernel) {
        Registers registers = vcpu.registers();
        for (int i = 0; i < REGISTERS.length; i++) {
            registers.setGpr(REGISTERS[i], context.getLong(USER_REGS + Long.BYTES * i));
        }
        long rflags = context.getLong(USER_REGS + 144);
        vcpu.setIopl((int) (rflags >>> 12) & 3);
        // The way to the guest, an IRET, checks CS and SS and loads the flags.
        vcpu.returnPath().set(ReturnPath.Kind.IRET, rflags & ~RFLAGS_IOPL | RFLAGS_IF | RFLAGS_FIXED);
        int cs = context.getShort(USER_REGS + 136) & 0xFFFF | RPL;
        int ss = context.getShort(USER_REGS + 160) & 0xFFFF | RPL;
        FlatSegments.setReturn(registers, cs, ss);
        registers.setRip(context.getLong(USER_REGS + 128));
        registers.setGpr(Registers.RSP, context.getLong(USER_REGS + 152));
        for (int i = 0; i < DATA_SEGMENTS.length; i++) {
            int selector = context.getShort(USER_REGS + 168 + Long.BYTES * i) & 0xFFFF;
            CompatSegments.loadOrDrop(vcpu, DATA_SEGMENTS[i], selector);
        }
        CompatSegments.dropInner(vcpu, RPL);
        registers.setSegmentBase(Registers.FS, context.getLong(FS_BASE));
        long kernelGs = context.getLong(GS_BASE_KERNEL);
        long userGs = context.getLong(GS_BASE_USER);
        registers.setSegmentBase(Registers.GS, kernel ? kernelGs : userGs);
        vcpu.setInactiveGsBase(kernel ? userGs : kernelGs);
        registers.setTaskSwitched((context.getLong(CONTROL) & CR0_TS) != 0);
        if ((context.getLong(FLAGS) & FLAG_FPU_VALID) != 0) {
            byte[] fpu = new byte[FPU_SIZE];
            context.get(0, fpu);
            registers.loadFpu(fpu);
        }
        loadBreakpoints(registers, context);
    }

    private static boolean hasValidBreakpoints(ByteBuffer context) {
        boolean valid = context.getLong(DEBUG + 48) >>> 32 == 0 && context.getLong(DEBUG + 56) >>> 32 == 0;
        for (int i = 0; i < 4; i++) {
            valid &= isGuestAddress(context.getLong(DEBUG + Long.BYTES * i));
        }
        return valid;
    }

    /** Breakpoints in the hypervisor's range are left out; DR7 takes effect only if all four addresses were taken. */
    private void loadBreakpoints(Registers registers, ByteBuffer context) {
        boolean all = true;
        for (int i = 0; i < 4; i++) {
            long linear = context.getLong(DEBUG + Long.BYTES * i);
            if (isGuestAddress(linear) || breakpointsUnchecked) {
                registers.setDebugRegister(i, linear);
            } else {
                all = false;
            }
        }
        if (all) {
            registers.setDebugRegister(7, context.getLong(DEBUG + 56) & 0xFFFF_03FFL | 0x400);
        }
    }

    private static boolean isCanonical(long linear) {
        return linear << 16 >> 16 == linear;
    }

    /** Canonical and outside slots 256 to 271 (abi-reference 1.1). */
    private static boolean isGuestAddress(long linear) {
        return isCanonical(linear) && !(linear < 0 && linear >>> 39 >= 0x1FFFF00L && linear >>> 39 < 0x1FFFF10L);
    }
}
