package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.dword;

import io.github.paravane.testkit.asm.SegmentRegister;
import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.Hypercalls;
import io.github.paravane.testkit.runtime.TrapWord;
import java.util.List;

/**
 * The probe of segments: loads of all registers, LAR, LSL, VERR and VERW, far transfers and IRET by the guest itself, with
 * selectors of random descriptors, in user and kernel mode.
 */
final class SegmentsProbe {
    private static final int NO_SWEEP = 1 << 20;
    private static final long INSTRUCTION = EntryScene.CODE + 0x800;
    private static final long POINTER = EntryScene.DATA + 0x800;
    private static final long UD2 = 0x0b0f_0b0f_0b0f_0b0fL;
    private static final int LIMIT = 0xf_0000;
    private static final int FS_BASE = 0;
    private static final int GS_USER_BASE = 1;
    private static final int GS_KERNEL_BASE = 2;
    private static final long MSR_FS_BASE = 0xC000_0100L;
    private static final List<SegmentRegister> REGISTERS =
            List.of(SegmentRegister.DS, SegmentRegister.ES, SegmentRegister.FS, SegmentRegister.GS);

    private final Probe probe = new Probe();
    private final GuestProgram program = probe.program;
    private final Dice dice = probe.dice;
    private final EntryScene scene = new EntryScene(probe);
    private final EntryDescriptors descriptors = new EntryDescriptors(scene);
    private final Variable instruction = program.variable();
    private final Variable selector = program.variable();
    private final Variable isRights = program.variable();

    private SegmentsProbe() {}

    static byte[] elf() {
        return new SegmentsProbe().build();
    }

    private byte[] build() {
        program.main(() -> {
            scene.start();
            descriptors.start();
            probe.log.run(this::any, NO_SWEEP, () -> {});
        });
        return program.toElf();
    }

    private void any() {
        program.when(dice.below(3), descriptors::changeAny);
        scene.anyRegisters();
        scene.set(RBX, Value.of(POINTER));
        Variable user = probe.set(dice.below(2));
        Variable flags = probe.set(dice.any().and(dice.oneOf(0x8d5, 0xcd5, 0x20_02d5, 0x202)));
        scene.frame(user, Value.of(INSTRUCTION), flags);
        scene.clearStack();
        program.set(isRights, 0);
        dice.roll(
                new Face(4, this::load),
                new Face(1, this::rights),
                new Face(2, this::look),
                new Face(4, this::transfer));
        scene.frame.set(EntryScene.FRAME_RAX, selector);
        scene.frame.set(EntryScene.FRAME_RCX, selector);
        program.store64(scene.writable(INSTRUCTION), instruction);
        program.store64(scene.writable(INSTRUCTION + 8), Value.of(UD2));
        scene.upcalls(Value.of(0), Value.of(1));
        program.attempt(scene::leave);
        Variable data = selectors();
        Variable fs = base(MSR_FS_BASE);
        Variable gs = base(MSR_FS_BASE + 1);
        Variable other = base(MSR_FS_BASE + 2);
        reset();
        // the limit's bits among the access rights are undefined
        program.when(isRights, () -> program.asm().and(dword(program.runtime().trap(TrapWord.RAX)), ~LIMIT));
        scene.say("segment", user, instruction, selector, flags, data, fs, gs, other);
    }

    /** A load of one register, from a register, memory or the stack. */
    private void load() {
        program.set(selector, descriptors.anySelector());
        pointer();
        program.set(
                instruction,
                padded(
                        0xd88e, // MOV DS, EAX
                        0xc08e, 0xd08e, 0xe08e, 0xe88e, 0x085b8e, // MOV DS, [RBX + 8]
                        0x08638e, 0x086b8e, 0xa10f50, // PUSH RAX, POP FS
                        0xa90f50, 0x03b20f, // LSS EAX, [RBX]
                        0x03b40f, 0x03b50f));
    }

    /** A far pointer and a selector behind it. */
    private void pointer() {
        Variable offset = probe.set(scene.laterCode());
        program.store64(Value.of(POINTER), offset.or(selector.shl(32)));
        program.store64(Value.of(POINTER + 8), selector);
    }

    private void rights() {
        program.set(isRights, 1);
        program.set(selector, descriptors.anySelector());
        program.set(
                instruction,
                padded(
                        0xc1020f, // LAR EAX, ECX
                        0xc1020f48,
                        0xc1020f66));
    }

    private void look() {
        program.set(selector, descriptors.anySelector());
        program.set(
                instruction,
                padded(
                        0xc1030f, // LSL EAX, ECX
                        0xc1030f48,
                        0x0843030f, // LSL EAX, [RBX + 8]
                        0xe1000f, // VERR CX
                        0xe9000f)); // VERW CX
        pointer();
    }

    /** A far jump, call or return, or IRET, to the pieces that enter by a fault. */
    private void transfer() {
        program.set(selector, descriptors.selector());
        pointer();
        Value top = scene.frame.get(EntryScene.FRAME_RSP);
        Variable ss = probe.set(Value.of(EntryScene.KERNEL_SS));
        program.when(dice.below(2), () -> program.set(ss, descriptors.selector()));
        program.store64(top, scene.laterCode());
        program.store64(top.plus(8), selector);
        program.store64(top.plus(16), dice.any().and(0x20_0cd5));
        program.store64(top.plus(24), dice.below(64).plus(EntryScene.STACK + 0xa00));
        program.store64(top.plus(32), ss);
        program.set(
                instruction,
                padded(
                        0xcb48, // RETF with 64-bit operands
                        0xcf48, // IRETQ
                        0xcf48, 0x2bff, // JMP FAR [RBX]
                        0x1bff)); // CALL FAR [RBX]
    }

    /** One of these instructions of up to 8 bytes, UD2 behind it. */
    private Value padded(long... instructions) {
        long[] padded = instructions.clone();
        for (int i = 0; i < padded.length; i++) {
            int length = (Long.SIZE - Long.numberOfLeadingZeros(padded[i]) + 7) / Byte.SIZE;
            if (length < Long.BYTES) {
                padded[i] |= UD2 << Byte.SIZE * length;
            }
        }
        return dice.oneOf(padded);
    }

    /** DS, ES, FS and GS as they are now, 16 bits each; RPL of a NUL selector lasts until an interrupt returns. */
    private Variable selectors() {
        Variable all = probe.set(Value.of(0));
        Variable each = program.variable();
        for (SegmentRegister register : REGISTERS) {
            program.asm().mov(EAX, register).mov(each.operand(), RAX);
            program.when(each.below(4), () -> program.set(each, 0));
            program.set(all, all.shl(16).or(each));
        }
        return all;
    }

    private Variable base(long register) {
        Variable base = program.variable();
        program.asm().mov(ECX, register).rdmsr().shl(RDX, 32).or(RAX, RDX).mov(base.operand(), RAX);
        return base;
    }

    private void reset() {
        program.asm()
                .mov(EAX, EntryScene.KERNEL_SS)
                .mov(SegmentRegister.DS, EAX)
                .mov(SegmentRegister.ES, EAX);
        program.asm().xor(EAX, EAX).mov(SegmentRegister.FS, EAX).mov(SegmentRegister.GS, EAX);
        for (int which : new int[] {FS_BASE, GS_USER_BASE, GS_KERNEL_BASE}) {
            program.run(program.hypercall(Hypercalls.SET_SEGMENT_BASE, Value.of(which), Value.of(0)));
        }
    }
}
