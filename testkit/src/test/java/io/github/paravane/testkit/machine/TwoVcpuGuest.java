package io.github.paravane.testkit.machine;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.R14;
import static io.github.paravane.testkit.asm.Gpr.R15;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.runtime.GuestRuntime;

/**
 * A kernel of two vCPUs that send each other interrupts, wait for each other with SCHEDOP_poll, look at clocks, flush the
 * other's TLB and print what they saw. Everything in it depends on when a vCPU runs.
 */
public final class TwoVcpuGuest {

    private static final int ROUNDS = 20;
    private static final int VCPU_OP = 24;
    private static final int SCHED_OP = 29;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int BIND_IPI = 7;
    private static final int SEND = 4;
    private static final int POLL = 3;
    private static final int INITIALISE = 0;
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int IS_UP = 3;
    private static final int GET_RUNSTATE = 4;
    private static final int SET_SINGLESHOT = 8;
    private static final int TLB_FLUSH_MULTI = 8;
    private static final int INVLPG_MULTI = 9;
    private static final int FLAGS = 512;
    private static final int IN_KERNEL = 4;
    private static final int RIP = 648;
    private static final int CS = 656;
    private static final int RFLAGS = 664;
    private static final int STACK = 672;
    private static final int SS = 680;
    private static final int CR3 = 5008;
    private static final int PENDING = 2048;
    private static final int SYSTEM_TIME = 48;
    private static final int PT_BASE = 88;

    private final GuestRuntime guest = new GuestRuntime();
    private final Assembler asm = guest.asm();
    private final Label context = guest.page("context");
    private final Label contextEnd = guest.page("context_end");
    private final Label secondStack = guest.page("second_stack");
    private final Label shared = guest.page("exchange");
    private final Label scratch = guest.page("scratch");

    private final int codeSelector;

    private TwoVcpuGuest(int codeSelector) {
        this.codeSelector = codeSelector;
    }

    /** The kernel, for a domain of two vCPUs. */
    public static byte[] elf() {
        return elf(0xE033);
    }

    /** The same with another CS in the context of the second vCPU. */
    static byte[] elf(int codeSelector) {
        return new TwoVcpuGuest(codeSelector).make();
    }

    /** Exchange page: +0 port of vCPU 0, +4 port of vCPU 1, +8 rounds of vCPU 1, +16 its last TSC. */
    private byte[] make() {
        Label second = asm.label("second_vcpu");
        Label loop = asm.label("first_loop");
        bindIpi(0, 0);
        bindIpi(1, 4);
        guest.call(VCPU_OP, IS_UP, 1).print("is_up before 0x").printHex(RAX).print("\n");
        start(second);
        guest.print("initialise twice 0x");
        guest.call(VCPU_OP, INITIALISE, 1, context).printHex(RAX).print("\n");
        asm.xor(R12, R12).mov(R13, ROUNDS);
        asm.bind(loop);
        send(4);
        await(0);
        readTsc(R14);
        guest.print("tsc 0x").printHex(R14).print("\n");
        asm.dec(R13).jne(loop);
        flushes();
        awaitDown();
        singleshot();
        guest.shutDown();
        asm.bind(second);
        secondVcpu();
        return guest.toElf();
    }

    private void bindIpi(int vcpu, int at) {
        asm.mov(dword(ptr(scratch)), vcpu);
        guest.call(EVENT_CHANNEL_OP, BIND_IPI, scratch);
        asm.mov(EAX, ptr(scratch, 4)).mov(ptr(shared, at), EAX);
    }

    private void start(Label entry) {
        asm.mov(qword(ptr(context, FLAGS)), IN_KERNEL);
        asm.lea(RAX, ptr(entry)).mov(ptr(context, RIP), RAX);
        asm.mov(qword(ptr(context, CS)), codeSelector).mov(qword(ptr(context, SS)), 0xE02B);
        asm.mov(qword(ptr(context, RFLAGS)), 0x202);
        asm.lea(RAX, ptr(secondStack, 4096)).mov(ptr(context, STACK), RAX);
        asm.mov(RAX, guest.startInfo()).mov(RAX, ptr(RAX, PT_BASE));
        guest.machineFrame();
        asm.shl(RAX, 12).mov(ptr(contextEnd, CR3 - 4096), RAX);
        guest.call(VCPU_OP, INITIALISE, 1, context)
                .print("initialise 0x")
                .printHex(RAX)
                .print("\n");
        guest.call(VCPU_OP, UP, 1).print("up 0x").printHex(RAX).print("\n");
    }

    private void send(int portAt) {
        asm.mov(EAX, ptr(shared, portAt)).mov(ptr(scratch, portAt * 16), EAX).lea(RBX, ptr(scratch, portAt * 16));
        guest.call(EVENT_CHANNEL_OP, SEND, RBX);
    }

    /** Polls until the port is pending, and clears it. */
    private void await(int portAt) {
        int poll = 512 + portAt * 64;
        asm.lea(RAX, ptr(shared, portAt)).mov(ptr(scratch, poll), RAX);
        asm.mov(dword(ptr(scratch, poll + 8)), 1).mov(qword(ptr(scratch, poll + 16)), 0);
        asm.lea(RBX, ptr(scratch, poll));
        guest.call(SCHED_OP, POLL, RBX);
        asm.mov(ECX, ptr(shared, portAt)).lock().btr(ptr(guest.sharedInfo(), PENDING), RCX);
    }

    private void readTsc(Gpr into) {
        asm.rdtsc().shl(RDX, 32).or(RAX, RDX).mov(into, RAX);
    }

    private void flushes() {
        asm.mov(qword(ptr(scratch, 256)), 3);
        asm.lea(R15, ptr(scratch, 256));
        guest.extended(TLB_FLUSH_MULTI, 0, R15).print("flush 0x").printHex(RAX).print("\n");
        guest.extended(INVLPG_MULTI, shared, R15)
                .print("invlpg 0x")
                .printHex(RAX)
                .print("\n");
    }

    private void awaitDown() {
        Label again = asm.here("await_down");
        guest.call(SCHED_OP, 0, 0).call(VCPU_OP, IS_UP, 1);
        asm.test(RAX, RAX).jne(again);
        asm.mov(RBX, ptr(shared, 8)).mov(RCX, ptr(shared, 16));
        guest.print("rounds 0x").printHex(RBX).print(" tsc 0x").printHex(RCX).print("\n");
        guest.call(VCPU_OP, GET_RUNSTATE, 1, scratch);
        asm.mov(EAX, ptr(scratch)).mov(RBX, ptr(scratch, 16));
        guest.print("state 0x").printHex(RAX).print(" ran 0x").printHex(RBX).print("\n");
    }

    /** Two clocks at one time: pvclock's base as stored, and RDTSC before and after a poll that a timer ends. */
    private void singleshot() {
        readTsc(R14);
        asm.lea(RAX, ptr(R14, 1_000_000)).mov(ptr(scratch), RAX).mov(qword(ptr(scratch, 8)), 0);
        guest.call(VCPU_OP, SET_SINGLESHOT, 0, scratch)
                .print("singleshot 0x")
                .printHex(RAX)
                .print("\n");
        asm.lea(RAX, ptr(R14, 2_000_000)).mov(ptr(scratch, 16), RAX).mov(qword(ptr(scratch)), 0);
        asm.mov(qword(ptr(scratch, 8)), 0);
        guest.call(SCHED_OP, POLL, scratch);
        readTsc(R15);
        asm.sub(R15, R14).mov(RBX, ptr(guest.sharedInfo(), SYSTEM_TIME));
        guest.print("slept 0x").printHex(R15).print(" base 0x").printHex(RBX).print("\n");
        Label first = asm.label("clock_a");
        asm.bind(first).rdtsc().mov(EBX, EAX).rdtsc().sub(EAX, EBX);
        guest.print("between 0x").printHex(RAX).print("\n");
    }

    private void secondVcpu() {
        Label loop = asm.label("second_loop");
        asm.mov(R13, ROUNDS).mov(R12, 0);
        asm.bind(loop);
        await(4);
        asm.lock().inc(qword(ptr(shared, 8)));
        readTsc(R14);
        asm.mov(ptr(shared, 16), R14);
        send(0);
        asm.dec(R13).jne(loop);
        guest.call(VCPU_OP, DOWN, 1);
        asm.ud2();
    }
}
