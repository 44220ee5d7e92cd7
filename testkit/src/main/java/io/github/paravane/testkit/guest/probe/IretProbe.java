package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.*;

import io.github.paravane.testkit.guest.program.Array;
import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;

/**
 * The probe of the iret hypercall: random frames, to user and to kernel mode, alone and in batches of calls.
 *
 * <p>Left out is what QEMU does not do as processors do: it loads neither VIF nor VIP, loads RFLAGS before it finds that RIP
 * is not canonical, ignores limits and a code segment with both L and D, and says #NP of a stack that is not present.
 */
final class IretProbe {
    private static final int NO_SWEEP = 1 << 20;
    private static final int IN_SYSCALL = 0x100;
    private static final int CALL_SIZE = 64;
    private static final int RING_3 = 3;
    private static final int TF = 1 << 8;
    private static final long RF = 1L << 16;
    private static final long AC = 1L << 18;

    /** VIF and VIP, which IRETQ loads on a processor and not on QEMU. */
    private static final long VIRTUAL = 3L << 19;

    /** CF PF AF ZF SF TF IF DF OF NT AC ID: flags that IRETQ loads. */
    private static final long LOADED = 0x24_4FD5L;

    private final Probe probe = new Probe();
    private final GuestProgram program = probe.program;
    private final Dice dice = probe.dice;
    private final EntryScene scene = new EntryScene(probe);
    private final EntryDescriptors descriptors = new EntryDescriptors(scene);
    private final Array frame = scene.frame;
    private final Value calls = program.bytes(2 * CALL_SIZE);
    private final Routine rip;
    private final Routine rsp;

    private IretProbe() {
        rip = program.routine("rip", 1, this::rip);
        rsp = program.routine("rsp", 1, this::rsp);
    }

    static byte[] elf() {
        return new IretProbe().build();
    }

    private byte[] build() {
        program.main(() -> {
            scene.start();
            descriptors.start();
            probe.log.run(this::any, NO_SWEEP, () -> {});
        });
        return program.toElf();
    }

    /** An address to go on at; in compatibility mode, which most selectors may mean, one below 4 GiB. */
    private void rip(Routine routine) {
        program.when(dice.below(4), () -> routine.returns(scene.anyCode()));
        program.when(dice.oneIn(4), () -> routine.returns(Value.of(EntryScene.CODE + EntryCode.CUT_OFF)));
        program.when(
                dice.oneIn(2),
                () -> routine.returns(dice.oneOf(
                        EntryScene.HOLE,
                        EntryScene.HOLE + 0xffe,
                        EntryScene.CONSTANT,
                        EntryScene.DATA,
                        0,
                        0xffff_fffeL)));
        program.when(routine.parameter(0).or(RING_3).ne(EntryScene.KERNEL_CS), () -> routine.returns(scene.anyCode()));
        routine.returns(dice.oneOf(
                1L << 47,
                (1L << 47) - 1,
                (1L << 47) - 2,
                -1L << 47,
                (-1L << 47) - 1,
                -1,
                -2,
                0xffff_8300_0000_0000L,
                0x0123_4567_89ab_cdefL,
                0x8000_0000_0040_0000L,
                1L << 32 | EntryScene.CODE));
    }

    /** The stack to go on with; the kernel's must be one, or the domain ends. */
    private void rsp(Routine routine) {
        program.when(
                routine.parameter(0).and(RING_3).ne(RING_3),
                () -> routine.returns(dice.below(0xa00).plus(EntryScene.STACK + 0x600)));
        program.when(
                routine.parameter(0).ne(EntryScene.KERNEL_CS),
                () -> routine.returns(dice.any().and(0xffff_ffffL)));
        program.when(dice.below(2), () -> routine.returns(dice.any().shl(dice.below(21))));
        routine.returns(dice.oneOf(0, -1, -8, 1L << 47, (1L << 47) - 8, -1L << 47, EntryScene.DATA + 0x800));
    }

    private void any() {
        program.when(dice.oneIn(3), descriptors::change);
        scene.anyRegisters();
        scene.set(
                RBX,
                dice.oneOf(EntryScene.HOLE, EntryScene.CONSTANT + 8, EntryScene.DATA + 16, EntryScene.HOLE + 0xffc));
        fillFrame();
        scene.clearStack();
        Variable pending = probe.set(dice.oneIn(6));
        scene.upcalls(pending, Value.of(1));
        program.store64(calls.plus(8), Value.of(0));
        Variable way = probe.set(dice.below(6));
        program.choose(way, this::batch, this::call);
        scene.say(
                "iret",
                way,
                calls.plus(8).load64(),
                pending,
                frame.get(EntryScene.FRAME_CALL_FLAGS),
                frame.get(EntryScene.FRAME_RIP),
                frame.get(EntryScene.FRAME_CS),
                frame.get(EntryScene.FRAME_FLAGS),
                frame.get(EntryScene.FRAME_RSP),
                frame.get(EntryScene.FRAME_SS));
    }

    private void fillFrame() {
        Variable cs = probe.set(Value.of(EntryScene.KERNEL_CS));
        dice.roll(
                new Face(4, () -> {}),
                new Face(2, () -> program.set(cs, EntryScene.KERNEL_CS & ~RING_3)),
                new Face(1, () -> program.set(cs, dice.oneOf(EntryScene.USER_CS32, EntryScene.USER_CS32 & ~RING_3))),
                new Face(6, () -> program.set(cs, descriptors.selector())));
        Variable ss = probe.set(Value.of(EntryScene.KERNEL_SS));
        program.when(dice.below(2), () -> program.set(ss, descriptors.selector()));
        program.when(
                ss.below(RING_3 + 1).and(cs.or(RING_3).ne(EntryScene.KERNEL_CS)),
                () -> program.set(ss, EntryScene.KERNEL_SS));
        frame.set(EntryScene.FRAME_RAX, dice.any().or(1L << 30));
        frame.set(EntryScene.FRAME_R11, dice.any());
        frame.set(EntryScene.FRAME_RCX, dice.any());
        frame.set(EntryScene.FRAME_CALL_FLAGS, Value.of(0));
        program.when(dice.oneIn(4), () -> frame.set(EntryScene.FRAME_CALL_FLAGS, Value.of(IN_SYSCALL)));
        program.when(dice.oneIn(4), () -> frame.set(EntryScene.FRAME_CALL_FLAGS, dice.any()));
        frame.set(EntryScene.FRAME_RIP, rip.call(cs));
        frame.set(EntryScene.FRAME_RSP, rsp.call(cs));
        frame.set(EntryScene.FRAME_CS, cs);
        frame.set(EntryScene.FRAME_SS, ss);
        // random bits above the selectors are not part of them
        program.when(
                dice.oneIn(8),
                () -> frame.set(EntryScene.FRAME_CS, cs.or(dice.any().shl(16))));
        program.when(
                dice.oneIn(8),
                () -> frame.set(EntryScene.FRAME_SS, ss.or(dice.any().shl(16))));
        frame.set(
                EntryScene.FRAME_FLAGS,
                dice.any().and(dice.oneOf(0x8d5, 0x202, 0x3ed7, 0x4dd7, 0x5_4fd7, 0x20_0fd7, 0x1_0202, ~VIRTUAL)));
        Value traps = frame.get(EntryScene.FRAME_RIP)
                .minus(Value.of(EntryScene.CODE))
                .below(EntryCode.TRAPS * EntryCode.SIZE);
        Value steps = frame.get(EntryScene.FRAME_FLAGS).and(TF);
        program.when(
                traps.or(steps),
                () -> frame.set(
                        EntryScene.FRAME_FLAGS,
                        frame.get(EntryScene.FRAME_FLAGS).and(~RF)));
        // a segment's base may lead to any instruction of the page, and QEMU checks no alignment
        Value isFlat = frame.get(EntryScene.FRAME_CS).and(0xffff).or(RING_3).eq(EntryScene.KERNEL_CS);
        program.when(
                isFlat.isZero(),
                () -> frame.set(
                        EntryScene.FRAME_FLAGS,
                        frame.get(EntryScene.FRAME_FLAGS).and(~AC)));
        // what QEMU loads before it finds that an address is not canonical, a processor has to find in the frame
        Value upper = frame.get(EntryScene.FRAME_RIP).plus(1L << 47).shr(48);
        program.when(
                upper,
                () -> frame.set(
                        EntryScene.FRAME_FLAGS,
                        frame.get(EntryScene.FRAME_FLAGS).and(LOADED).or(RF | 2)));
    }

    private void call() {
        program.attempt(scene::leave);
    }

    /** First in a batch, where nothing can interrupt it; the second call is not made. */
    private void batch() {
        int[] numbers = {Hypercalls.IRET, Hypercalls.STACK_SWITCH};
        for (int i = 0; i < numbers.length; i++) {
            program.store64(calls.plus((long) i * CALL_SIZE), Value.of(numbers[i]));
            program.store64(calls.plus((long) i * CALL_SIZE + 16), Value.of(0));
        }
        program.attempt(() -> {
            scene.loadRegisters();
            program.run(frame.address());
            program.asm().mov(RSP, RAX);
            program.run(calls);
            program.asm()
                    .mov(RDI, RAX)
                    .mov(ESI, numbers.length)
                    .mov(EAX, Hypercalls.MULTICALL)
                    .syscall()
                    .ud2();
        });
    }
}
