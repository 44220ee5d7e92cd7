package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.ReturnPath;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.pagetable.CompatTables;
import io.github.paravane.hypervisor.trap.CompatSegments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Loads struct vcpu_guest_context of a 32-bit guest into a vCPU (abi-reference 8.4). */
final class CompatVcpuContext {

    static final int SIZE = 2800;

    private static final int FPU_SIZE = 512;
    private static final int FLAGS = 512;
    private static final int USER_REGS = 516;
    private static final int TRAPS = 584;
    private static final int LDT_BASE = 2632;
    private static final int LDT_ENTRIES = 2636;
    private static final int GDT_FRAMES = 2640;
    private static final int GDT_ENTRIES = 2704;
    private static final int KERNEL_SS = 2708;
    private static final int KERNEL_SP = 2712;
    private static final int CONTROL = 2716;
    private static final int DEBUG = 2748;
    private static final int CALLBACKS = 2780;

    private static final int FLAG_FPU_VALID = 1;
    private static final int FLAG_FAILSAFE_MASKS = 8;
    private static final int FLAG_ONLINE = 32;
    private static final int MAX_GDT_ENTRIES = 7168;
    private static final int MAX_LDT_ENTRIES = 8192;
    private static final long IF = 1 << 9;
    private static final long IOPL = 3 << 12;
    private static final long VM = 1 << 17;
    private static final long FIXED = 1 << 1;
    private static final int CR0_TS = 8;
    private static final long WORD = 0xFFFF_FFFFL;

    /** General registers in the order of struct cpu_user_regs, from offset 0. */
    private static final int[] REGISTERS = {
        Registers.RBX, Registers.RCX, Registers.RDX, Registers.RSI, Registers.RDI, Registers.RBP, Registers.RAX
    };

    private static final int[] SEGMENTS = {Registers.ES, Registers.DS, Registers.FS, Registers.GS};
    private static final int EIP = USER_REGS + 32;
    private static final int CS = USER_REGS + 36;
    private static final int EFLAGS = USER_REGS + 40;
    private static final int ESP = USER_REGS + 44;
    private static final int SS = USER_REGS + 48;
    private static final int FIRST_SEGMENT = USER_REGS + 52;

    private final long writableCr4;
    private final VcpuReferences references;

    CompatVcpuContext(AbiProfile profile, VcpuReferences references) {
        this.writableCr4 = profile.get(PrivilegedRules.CR4_WRITABLE).bits();
        this.references = references;
    }

    /** VCPUOP_initialise. */
    HypercallOutcome initialise(Vcpu vcpu, GuestBuffer memory, long linear) {
        byte[] bytes = new byte[SIZE];
        memory.read(linear, bytes, 0, SIZE);
        if (vcpu.initialised()) {
            return HypercallOutcome.failed(XenErrno.EEXIST);
        }
        ByteBuffer context = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!isValid(context)) {
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        int entries = context.getInt(GDT_ENTRIES);
        long[] frames = new long[(entries + 511) / 512];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = word(context, GDT_FRAMES + Integer.BYTES * i);
        }
        long done = entries == 0 ? 0 : references.setGdt(vcpu, frames, entries);
        if (done == 0) {
            done = references.takeBases(vcpu, vcpu.rootOf(word(context, CONTROL + 12)), 0);
        }
        if (done == XenErrno.ERESTART.result()) {
            return HypercallOutcome.CONTINUED;
        }
        if (done < 0) {
            return HypercallOutcome.completed(done);
        }
        load(vcpu, context);
        vcpu.setInitialised();
        if ((context.getInt(FLAGS) & FLAG_ONLINE) != 0) {
            vcpu.setRunState(RunState.RUNNABLE);
        }
        return HypercallOutcome.OK;
    }

    private static long word(ByteBuffer context, int offset) {
        return context.getInt(offset) & WORD;
    }

    private static boolean isValid(ByteBuffer context) {
        boolean valid = (word(context, LDT_BASE) & 0xFFF) == 0 && word(context, LDT_BASE) < CompatTables.HOLE_START;
        valid &= word(context, LDT_ENTRIES) <= MAX_LDT_ENTRIES;
        valid &= word(context, GDT_ENTRIES) <= MAX_GDT_ENTRIES;
        return valid;
    }

    private void load(Vcpu vcpu, ByteBuffer context) {
        for (int vector = 0; vector < 256; vector++) {
            int entry = TRAPS + 8 * vector;
            vcpu.trapTable().set(vector, word(context, entry + 4), context.get(entry + 1));
            int cs = context.getShort(entry + 2);
            vcpu.trapTable().setSelector(vector, CompatSegments.atLeastKernel(cs));
        }
        Callbacks callbacks = vcpu.callbacks();
        boolean failsafeMasks = (context.getInt(FLAGS) & FLAG_FAILSAFE_MASKS) != 0;
        callbacks.set(Callbacks.EVENT, word(context, CALLBACKS + 4), true);
        callbacks.setSelector(Callbacks.EVENT, CompatSegments.atLeastKernel(context.getInt(CALLBACKS)));
        callbacks.set(Callbacks.FAILSAFE, word(context, CALLBACKS + 12), failsafeMasks);
        callbacks.setSelector(Callbacks.FAILSAFE, CompatSegments.atLeastKernel(context.getInt(CALLBACKS + 8)));
        vcpu.segments().setLdt(word(context, LDT_BASE), context.getInt(LDT_ENTRIES));
        vcpu.setKernelStack(CompatSegments.atLeastKernel(context.getInt(KERNEL_SS)), word(context, KERNEL_SP));
        vcpu.setCr4(word(context, CONTROL + 16) & writableCr4);
        loadRegisters(vcpu, context);
    }

    private static void loadRegisters(Vcpu vcpu, ByteBuffer context) {
        Registers registers = vcpu.registers();
        for (int i = 0; i < REGISTERS.length; i++) {
            registers.setGpr(REGISTERS[i], word(context, USER_REGS + Integer.BYTES * i));
        }
        registers.setRip(word(context, EIP));
        registers.setGpr(Registers.RSP, word(context, ESP));
        long eflags = word(context, EFLAGS);
        vcpu.setIopl((int) (eflags >>> 12) & 3);
        // The way to the guest, an IRET, checks CS and SS and loads the flags.
        CompatSegments.setReturn(
                vcpu, CompatSegments.atLeastKernel(context.getShort(CS)), context.getShort(SS) & 0xFFFF);
        vcpu.returnPath().set(ReturnPath.Kind.IRET, eflags & ~(IOPL | VM) | IF | FIXED);
        for (int i = 0; i < SEGMENTS.length; i++) {
            CompatSegments.loadOrDrop(vcpu, SEGMENTS[i], context.getShort(FIRST_SEGMENT + 4 * i) & 0xFFFF);
        }
        registers.setTaskSwitched((context.getInt(CONTROL) & CR0_TS) != 0);
        if ((context.getInt(FLAGS) & FLAG_FPU_VALID) != 0) {
            byte[] fpu = new byte[FPU_SIZE];
            context.get(0, fpu);
            registers.loadFpu(fpu);
        }
        for (int i = 0; i < 4; i++) {
            registers.setDebugRegister(i, word(context, DEBUG + Integer.BYTES * i));
        }
        registers.setDebugRegister(7, word(context, DEBUG + 28) & 0xFFFF_03FFL | 0x400);
    }
}
