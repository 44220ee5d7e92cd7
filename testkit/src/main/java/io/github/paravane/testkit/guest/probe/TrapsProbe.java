package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.*;

import io.github.paravane.testkit.guest.program.Dice;
import io.github.paravane.testkit.guest.program.Dice.Face;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Routine;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;

/**
 * The probe of single instructions that enter the kernel, or not, in user and in kernel mode: INT n of every vector with
 * gates of every kind, memory operands at addresses of every kind, and what only a kernel may do.
 *
 * <p>Left out is what QEMU does not do as processors do: alignment checks, addresses on the stack and targets of jumps that
 * are not canonical, WBINVD and INVD in user mode, INTO and SALC. Left out is, too, what depends on the host.
 */
final class TrapsProbe {
    private static final int NO_SWEEP = 1 << 20;
    private static final long INSTRUCTION = EntryScene.CODE + 0x800;
    private static final long UD2 = 0x0b0f_0b0f_0b0fL;
    private static final int VECTORS = 256;
    private static final int SUM_FACTOR = 31;

    private final Probe probe = new Probe();
    private final GuestProgram program = probe.program;
    private final Dice dice = probe.dice;
    private final EntryScene scene = new EntryScene(probe);
    private final EntryGates gates = new EntryGates(scene);
    private final Variable instruction = program.variable();
    private final Routine address;
    private final Routine dataSum;

    private TrapsProbe() {
        address = program.routine("address", 0, this::address);
        dataSum = program.routine("data_sum", 0, this::dataSum);
    }

    static byte[] elf() {
        return new TrapsProbe().build();
    }

    private byte[] build() {
        program.main(() -> {
            scene.start();
            probe.log.run(this::any, NO_SWEEP, () -> {});
        });
        return program.toElf();
    }

    private void address(Routine routine) {
        program.when(
                dice.below(3),
                () -> routine.returns(dice.below(96)
                        .plus(dice.oneOf(
                                EntryScene.DATA + 0x400,
                                EntryScene.DATA + 0x400,
                                EntryScene.DATA + 0xfb0,
                                EntryScene.DATA - 0x30,
                                EntryScene.CONSTANT - 8,
                                EntryScene.CONSTANT + 0x100,
                                EntryScene.HOLE + 0xfd0))));
        routine.returns(dice.oneOf(
                0,
                8,
                -8,
                1L << 47,
                (1L << 47) - 0x1000,
                0x8000_0000_0000_0000L,
                0x0123_4567_89ab_cdefL,
                0xffff_8200_0000_0000L,
                0xffff_82d0_8020_0000L,
                0xffff_8800_0000_0000L,
                0xffff_ffff_7fff_fff8L));
    }

    /** The words at the places that instructions store to. */
    private void dataSum(Routine routine) {
        Variable sum = probe.set(Value.of(0));
        Variable i = program.variable();
        for (long place : new long[] {EntryScene.DATA, EntryScene.DATA + 0x400, EntryScene.DATA + 0xfa0}) {
            program.repeat(
                    i,
                    Value.of(12),
                    () -> program.set(
                            sum, sum.times(SUM_FACTOR).plus(i.shl(3).plus(place).load64())));
        }
        routine.returns(sum);
    }

    private void any() {
        program.when(dice.oneIn(3), gates::change);
        scene.anyRegisters();
        scene.set(RBX, address.call());
        scene.set(RSI, address.call());
        scene.set(RDI, address.call());
        scene.set(RBP, dice.below(48).plus(EntryScene.DATA + 0x400));
        dice.roll(
                new Face(3, this::interrupt),
                new Face(6, this::memory),
                new Face(2, this::stack),
                new Face(4, this::privileged));
        prefixes();
        program.store64(scene.writable(INSTRUCTION), instruction);
        program.store64(scene.writable(INSTRUCTION + 8), Value.of(UD2));
        Variable user = probe.set(dice.below(2));
        Variable flags = probe.set(dice.any().and(dice.oneOf(0x8d5, 0xcd5, 0xed5, 0x20_4ed5, 0x202, 0x302)));
        scene.frame(user, Value.of(INSTRUCTION), flags);
        scene.frame.set(
                EntryScene.FRAME_RCX, dice.oneOf(2, 3, 9, 0xc000_0100L, 0xc000_0101L, 0xc000_0102L, 0x1234, 0x277));
        program.when(dice.oneIn(3), () -> scene.frame.set(EntryScene.FRAME_RAX, address.call()));
        scene.clearStack();
        scene.upcalls(Value.of(0), Value.of(1));
        program.attempt(scene::leave);
        scene.say(
                "trap",
                user,
                instruction,
                flags,
                scene.get(RBX),
                scene.frame.get(EntryScene.FRAME_RCX),
                dataSum.call());
    }

    /** Sometimes a prefix before the instruction. */
    private void prefixes() {
        program.when(
                dice.oneIn(6),
                () -> program.set(
                        instruction,
                        instruction.shl(8).or(dice.oneOf(0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x64, 0x65, 0xf0))));
    }

    private void interrupt() {
        program.set(instruction, dice.below(VECTORS).shl(8).or(0x0b0f_0b0f_00cdL));
        program.when(
                dice.oneIn(3),
                () -> program.set(
                        instruction,
                        dice.oneOf(
                                        0x20cd, 0x80cd, 0x82cd, 0x03cd, 0x04cd, 0x01cd, 0x02cd, 0x0dcd, 0x0ecd, 0x21cd,
                                        0xcc, 0xf1)
                                .or(0x0b0f_0b0f_0000L)));
    }

    private void memory() {
        program.set(
                instruction,
                dice.oneOf(
                        0x038b48, // MOV RAX, [RBX]
                        0x038948,
                        0x038a,
                        0x038966,
                        0x030148, // ADD [RBX], RAX
                        0x030148f0, // with LOCK
                        0x038748, // XCHG
                        0x03b10f48, // CMPXCHG
                        0x0bb10f48f0L,
                        0x33ff, // PUSH [RBX]
                        0x038f, // POP [RBX]
                        0xa548, // MOVSQ
                        0xa5f3, // REP MOVSD
                        0xa4f3,
                        0xab48f3, // REP STOSQ
                        0xaaf3,
                        0xacf3, // REP LODSB
                        0xa6f3, // REPE CMPSB
                        0xaff2, // REPNE SCASD
                        0x036f0ff3, // MOVDQU XMM0, [RBX]
                        0x03280f, // MOVAPS
                        0x03110f, // MOVUPS [RBX], XMM0
                        0x03f6L, // TEST BYTE [RBX], imm8
                        0x13fe, // an encoding that is none
                        0x3bb60f, // MOVZX EDI, BYTE [RBX]
                        0x0bab0f, // BTS [RBX], ECX
                        0x33f7, // DIV DWORD [RBX]
                        0x188dL, // LEA
                        0x03180f)); // PREFETCHNTA
    }

    private void stack() {
        program.set(
                instruction,
                dice.oneOf(0x50, 0x58, 0xc3, 0xc9, 0x9c, 0x9d, 0x006a, 0x00458b48, 0x240489, 0x0008c8, 0xa00f));
    }

    private void privileged() {
        program.set(
                instruction,
                dice.oneOf(
                        0xfa,
                        0xfb,
                        0xf4,
                        0xec,
                        0xef,
                        0x6e,
                        0x6d,
                        0x60e4,
                        0x060f, // CLTS
                        0xc0200f, // MOV RAX, CR0
                        0xd0200f, // MOV RAX, CR2
                        0xd0220f, // MOV CR2, RAX
                        0xf8210f, // MOV RAX, DR7
                        0xc8000f, // STR EAX
                        0xc0000f, // SLDT EAX
                        0xd0000f, // LLDT AX
                        0xd8000f, // LTR AX
                        0x13010f, // LGDT [RBX]
                        0x1b010f, // LIDT [RBX]
                        0x3b010f, // INVLPG [RBX]
                        0xf0010f, // LMSW AX
                        0x300f, // WRMSR
                        0x320f, // RDMSR
                        0x330f, // RDPMC
                        0xf8010f, // SWAPGS
                        0x070f, // SYSRET
                        0xc1010f, // VMCALL
                        0xd0010f, // XGETBV
                        0xc0ae0f48f3L, // RDFSBASE RAX
                        0xc8ae0f48f3L, // RDGSBASE RAX
                        0x0b0f,
                        0x90_6e65_780b_0fL, // UD2 "xen" NOP
                        0xb9f0, // MOV ECX with LOCK
                        0x06, // PUSH ES
                        0x9a, // CALL far
                        0x62));
    }
}
