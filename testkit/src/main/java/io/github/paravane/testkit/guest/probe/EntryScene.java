package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.SegmentRegister;
import io.github.paravane.testkit.guest.program.Array;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the probes of entries play: pages below 4 GiB, which compatibility mode reaches too, one of them with short pieces
 * of code, one with the stack of every entry, and registers with values of the probe's.
 */
final class EntryScene {
    /** The page of {@link EntryCode}, read-only. */
    static final long CODE = 0x40_0000;

    /** Nothing is mapped here, behind the code. */
    static final long HOLE = CODE + 0x1000;

    /** Writable, not executable: the stack of all entries. */
    static final long STACK = CODE + 0x2000;

    /** Read-only, not executable. */
    static final long CONSTANT = CODE + 0x3000;

    /** Writable, not executable, the last page before another hole. */
    static final long DATA = CODE + 0x4000;

    /** RSP in the kernel when a user process enters it. */
    static final long KERNEL_STACK = STACK + 0xC00;

    /** FLAT_KERNEL_CS and FLAT_KERNEL_SS. */
    static final int KERNEL_CS = 0xE033;

    static final int KERNEL_SS = 0xE02B;

    /** FLAT_USER_CS32. */
    static final int USER_CS32 = 0xE023;

    private static final int PAGE = 4096;
    private static final long NX = 1L << 63;
    private static final long WINDOW_INDEX = CODE >>> 21;
    private static final int UPCALL_MASK = 1;
    private static final int FLAGS = 0x202;
    private static final int RF = 1 << 16;

    private static final int SUM_FACTOR = 31;

    /** Registers with values of the probe's: all but RSP, and RAX, RCX and R11, which a hypercall has no use for. */
    private static final List<Gpr> LOADED = List.of(RBX, RDX, RSI, RDI, RBP, R8, R9, R10, R12, R13, R14, R15);

    /** The frame of the iret hypercall: words by their place. */
    static final int FRAME_RAX = 0;

    static final int FRAME_R11 = 1;
    static final int FRAME_RCX = 2;
    static final int FRAME_CALL_FLAGS = 3;
    static final int FRAME_RIP = 4;
    static final int FRAME_CS = 5;
    static final int FRAME_FLAGS = 6;
    static final int FRAME_RSP = 7;
    static final int FRAME_SS = 8;

    private static final int FRAME_WORDS = 9;

    /** What is told of an entry. R11 and RFLAGS of the handler are not: SYSRET is there to change them. */
    private static final List<TrapWord> SEEN = List.of(
            TrapWord.ERROR,
            TrapWord.RIP,
            TrapWord.CS,
            TrapWord.RFLAGS,
            TrapWord.RSP,
            TrapWord.SS,
            TrapWord.FRAME_RCX,
            TrapWord.FRAME_R11,
            TrapWord.KERNEL_RSP,
            TrapWord.CR2,
            TrapWord.RAX,
            TrapWord.RBX,
            TrapWord.RCX,
            TrapWord.RDX,
            TrapWord.RSI,
            TrapWord.RDI,
            TrapWord.RBP,
            TrapWord.R8,
            TrapWord.R9,
            TrapWord.R10,
            TrapWord.R12,
            TrapWord.R13,
            TrapWord.R14,
            TrapWord.R15);

    final Probe probe;
    final GuestProgram program;
    final Array registers;
    final Array frame;
    private final EntryCode code;
    private final Value tables;
    private final Value pages;
    private final Routine stackSum;
    private final Routine clear;

    EntryScene(Probe probe) {
        this.probe = probe;
        program = probe.program;
        code = new EntryCode(program);
        tables = program.pages(3);
        pages = program.pages(4);
        registers = program.array(LOADED.size());
        frame = program.array(FRAME_WORDS);
        stackSum = program.routine("stack_sum", 1, this::stackSum);
        clear = program.routine("stack_clear", 0, routine -> clear(program.asm()));
    }

    /** All words of the stack's page from an address in it, without what may be RF; 0 for an address elsewhere. */
    private void stackSum(Routine routine) {
        Assembler asm = program.asm();
        Variable from = routine.parameter(0);
        program.when(from.minus(Value.of(STACK)).below(PAGE).isZero(), () -> routine.returns(Value.of(0)));
        var again = program.label("sum");
        asm.mov(RSI, from.operand()).xor(EAX, EAX).mov(EDI, (int) STACK + PAGE);
        asm.bind(again)
                .imul(RAX, RAX, SUM_FACTOR)
                .mov(RCX, ptr(RSI))
                .and(RCX, ~RF)
                .add(RAX, RCX);
        asm.add(RSI, 8).cmp(RSI, RDI).jb(again);
    }

    private static void clear(Assembler asm) {
        asm.mov(EDI, (int) STACK).xor(EAX, EAX).mov(ECX, PAGE / 8).cld().rep().stos(64);
    }

    /** Emits the start: maps the pages, names the kernel's stack. */
    void start() {
        program.run(pages);
        program.asm().mov(RDI, RAX);
        code.copy();
        Value l1 = tables;
        Value l2 = tables.plus(PAGE);
        Value l3 = tables.plus(2 * PAGE);
        long[] flags = {0x25, 0, 0x67 | NX, 0x25 | NX, 0x67 | NX};
        int page = 0;
        for (int i = 0; i < flags.length; i++) {
            if (flags[i] != 0) {
                program.store64(
                        l1.plus(8L * i),
                        mfn(pages.plus((long) page++ * PAGE)).shl(12).or(flags[i]));
            }
        }
        program.store64(l2.plus(8 * WINDOW_INDEX), mfn(l1).shl(12).or(Probe.TABLE));
        program.store64(l3, mfn(l2).shl(12).or(Probe.TABLE));
        for (Value table : List.of(l1, l2, l3)) {
            probe.dice.hash(probe.updateVaMapping(table, mfn(table).shl(12).or(Probe.READ_ONLY), Value.of(2)));
        }
        Value top = mfn(probe.startInfo.topTable()).shl(12);
        probe.dice.hash(probe.update(top, mfn(l3).shl(12).or(Probe.TABLE)));
        program.asm().mov(EAX, KERNEL_SS).mov(SegmentRegister.DS, EAX).mov(SegmentRegister.ES, EAX);
        probe.dice.hash(program.hypercall(Hypercalls.STACK_SWITCH, Value.of(KERNEL_SS), Value.of(KERNEL_STACK)));
    }

    /** The frame of a page of the kernel's by its linear address. */
    Value mfn(Value linear) {
        return probe.startInfo.mfn(linear.minus(Value.of(GuestRuntime.BASE)).shr(12));
    }

    /** The address of a random piece of code. */
    Value anyCode() {
        return probe.dice.below(EntryCode.PIECES).times(EntryCode.SIZE).plus(CODE);
    }

    /** The address of a random piece of code that enters by a fault. */
    Value laterCode() {
        return probe.dice
                .below(EntryCode.PIECES - EntryCode.TRAPS)
                .plus(EntryCode.TRAPS)
                .times(EntryCode.SIZE)
                .plus(CODE);
    }

    /** The address where the kernel writes to the page at a low address, {@link #CODE} or {@link #DATA}. */
    Value writable(long low) {
        int page = low < HOLE ? 0 : (int) ((low - CODE) / PAGE) - 1;
        return pages.plus((long) page * PAGE + (low & (PAGE - 1)));
    }

    /** Emits the way to user or kernel mode by iret with a frame of this scene's: RAX, R11, RCX, flags, RIP and so on. */
    void leave() {
        program.run(frame.address());
        program.asm().mov(RSP, RAX);
        loadRegisters();
        program.asm().mov(EAX, Hypercalls.IRET).syscall().ud2();
    }

    /** Fills the frame of {@link #leave} with flat selectors. */
    void frame(Value user, Value rip, Value rflags) {
        frame.set(FRAME_RAX, probe.dice.any().or(1L << 30));
        frame.set(FRAME_R11, probe.dice.any());
        frame.set(FRAME_RCX, probe.dice.any());
        frame.set(FRAME_CALL_FLAGS, Value.of(0));
        frame.set(FRAME_RIP, rip);
        frame.set(FRAME_CS, user.times(3).or(KERNEL_CS & ~3));
        frame.set(FRAME_FLAGS, rflags);
        frame.set(FRAME_RSP, probe.dice.below(64).plus(STACK + 0xb00));
        frame.set(FRAME_SS, Value.of(KERNEL_SS));
    }

    /** Emits new values for all registers. */
    void anyRegisters() {
        Variable i = program.variable();
        program.repeat(i, Value.of(registers.length()), () -> registers.set(i, probe.dice.any()));
    }

    /** Emits the loading of registers. Clobbers RAX, and nothing else that is not loaded. */
    void loadRegisters() {
        program.run(registers.address());
        for (int i = 0; i < LOADED.size(); i++) {
            program.asm().mov(LOADED.get(i), ptr(RAX, 8 * i));
        }
    }

    /** Sets a register's value for the next {@link #loadRegisters}. */
    void set(Gpr register, Value value) {
        registers.set(LOADED.indexOf(register), value);
    }

    /** A register's value for the next {@link #loadRegisters}. */
    Value get(Gpr register) {
        return registers.get(LOADED.indexOf(register));
    }

    /** vcpu_info of vCPU 0: upcall_pending, upcall_mask. */
    void upcalls(Value pending, Value mask) {
        Value info = info();
        program.store8(info.plus(UPCALL_MASK), Value.of(1));
        program.store8(info, pending);
        program.store8(info.plus(UPCALL_MASK), mask);
    }

    /** The address of vcpu_info. */
    Value info() {
        return program.addressOf(program.runtime().sharedInfo());
    }

    /** Emits zeros for the whole stack of entries. */
    void clearStack() {
        program.run(clear.call());
    }

    /**
     * An interrupt of the hypervisor's own between IRET and the guest's first instruction leaves RF on QEMU. A fault sets
     * it anyway; for a trap, before which no probe sets it, it is cleared here.
     */
    private void forgetResumption() {
        Value vector = program.trap(TrapWord.VECTOR);
        program.when(
                vector.eq(1).or(vector.eq(3)).or(vector.eq(4)).or(vector.eq(0x80)),
                () -> program.asm().and(program.runtime().trap(TrapWord.RFLAGS), ~RF));
    }

    /** Emits what an entry left: frame, registers, stack, vcpu_info; behind it events are masked and none is pending. */
    void say(String name, Value... given) {
        program.asm().push(FLAGS).popf();
        forgetResumption();
        Variable upcall = probe.set(info().load16());
        upcalls(Value.of(0), Value.of(1));
        List<Value> all = new ArrayList<>(List.of(given));
        SEEN.forEach(word -> all.add(program.trap(word)));
        all.add(upcall);
        all.add(stackSum.call(program.trap(TrapWord.KERNEL_RSP)));
        probe.log.say(name, program.trap(TrapWord.VECTOR), all.toArray(new Value[0]));
    }
}
