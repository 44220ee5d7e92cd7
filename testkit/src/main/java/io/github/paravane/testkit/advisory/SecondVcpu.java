package io.github.paravane.testkit.advisory;

import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/**
 * vCPU 1 of a guest of a known bug, which starts in the guest kernel with the tables of vCPU 0, runs some code and goes
 * down (Xen public/vcpu.h, struct vcpu_guest_context). The trial needs {@link GuestTrial#vcpus}.
 */
public final class SecondVcpu {

    private static final int PAGE = 4096;
    private static final int PT_BASE = 88;
    private static final int INITIALISE = 0;
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int IN_KERNEL = 4;
    private static final int KERNEL_CS = 0xE033;
    private static final int KERNEL_SS = 0xE02B;

    /** Offsets in struct vcpu_guest_context. */
    private static final int FLAGS = 512;

    private static final int RIP = 648;
    private static final int CS = 656;
    private static final int RFLAGS = 664;
    private static final int RSP = 672;
    private static final int SS = 680;
    private static final int STACK_SS = 4968;
    private static final int STACK_SP = 4976;
    private static final int CR3 = 5008;
    private static final int DEBUG = 5048;

    private final GuestRuntime runtime;
    private final Assembler asm;
    private final Label context;
    private final Label stack;
    private final Label start;

    /** The second vCPU of a guest; one is all it can have. */
    public SecondVcpu(BugGuest guest) {
        runtime = guest.runtime();
        asm = guest.asm();
        context = runtime.page("context");
        runtime.page("context_rest");
        stack = runtime.page("second_stack");
        start = guest.label();
    }

    /** Fills its context, so that it executes {@code code} and goes down. Clobbers RAX and RBX. */
    public SecondVcpu runs(Runnable code) {
        runtime.data(() -> {
            asm.align(16).bind(start);
            code.run();
            runtime.call(Hypercalls.VCPU_OP, DOWN, 1, 0);
            asm.ud2();
        });
        asm.mov(RBX, runtime.startInfo()).mov(RAX, ptr(RBX, PT_BASE));
        runtime.machineFrame();
        asm.shl(RAX, 12).mov(ptr(context, CR3), RAX);
        asm.lea(RAX, ptr(start)).mov(ptr(context, RIP), RAX);
        asm.lea(RAX, ptr(stack, PAGE)).mov(ptr(context, RSP), RAX).mov(ptr(context, STACK_SP), RAX);
        asm.mov(qword(ptr(context, FLAGS)), IN_KERNEL).mov(qword(ptr(context, RFLAGS)), 0x202);
        asm.mov(qword(ptr(context, CS)), KERNEL_CS).mov(qword(ptr(context, SS)), KERNEL_SS);
        asm.mov(qword(ptr(context, STACK_SS)), KERNEL_SS);
        return this;
    }

    /** A debug register in the context. */
    public Memory debugRegister(int index) {
        return ptr(context, DEBUG + Long.BYTES * index);
    }

    /** A control register in the context; 1 is the user root table. */
    public Memory controlRegister(int index) {
        return ptr(context, CR3 + Long.BYTES * (index - 3));
    }

    /** VCPUOP_initialise; the result is in RAX. */
    public void initialise() {
        runtime.call(Hypercalls.VCPU_OP, INITIALISE, 1, context);
    }

    /** VCPUOP_up; the result is in RAX. */
    public void up() {
        runtime.call(Hypercalls.VCPU_OP, UP, 1, 0);
    }
}
