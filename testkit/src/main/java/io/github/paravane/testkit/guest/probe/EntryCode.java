package io.github.paravane.testkit.guest.probe;

import static io.github.paravane.testkit.asm.Gpr.*;
import static io.github.paravane.testkit.asm.Memory.bytePtr;
import static io.github.paravane.testkit.asm.Memory.dword;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.guest.program.GuestProgram;
import java.util.List;
import java.util.function.Consumer;

/**
 * A page of short pieces of code that enter the kernel, each in a way of its own. They mean the same in 64-bit and in
 * compatibility mode, and end with UD2.
 */
final class EntryCode {
    /** Bytes from one piece to the next. */
    static final int SIZE = 32;

    private static final int PAGE = 4096;

    /** A piece of the last bytes of the page, from {@link #CUT_OFF} on, whose last instruction goes on in the next. */
    static final int CUT_OFF = PAGE - 3;

    /** In an order such that each piece raises no vector that pieces before it raise. */
    private static final List<Consumer<Assembler>> CODE = List.of(
            asm -> asm.interrupt(0x80),
            asm -> asm.int3(),
            asm -> asm.bytes(0xf1), // INT1
            asm -> asm.syscall(),
            asm -> asm.interrupt(0x21),
            asm -> asm.xor(ECX, ECX).bytes(0xf7, 0xf1), // DIV ECX
            asm -> asm.mov(dword(ptr(RBX)), EAX),
            asm -> asm.xor(EBX, EBX).mov(EAX, dword(ptr(RBX))),
            asm -> asm.hlt(),
            asm -> asm.cli(),
            asm -> asm.sti(),
            asm -> asm.bytes(0xec), // IN AL, DX
            asm -> {},
            asm -> asm.nop(),
            asm -> asm.clts(),
            asm -> asm.bytes(0x0f, 0x20, 0xc0), // MOV RAX, CR0
            asm -> asm.bytes(0x0f, 0x20, 0xd0), // MOV RAX, CR2
            asm -> asm.bytes(0x0f, 0xaa)); // RSM

    /** The first pieces enter by a trap, after an instruction, not by a fault before it. */
    static final int TRAPS = 4;

    /** The piece that is SYSCALL. */
    static final int SYSCALL = 3;

    /** The number of pieces. */
    static final int PIECES = CODE.size();

    /** Behind the pieces the same again, for 64-bit mode, each after a store of 1 to the byte at R12. */
    static final int STORING = PIECES * SIZE;

    private final GuestProgram program;
    private final Label page;

    EntryCode(GuestProgram program) {
        this.program = program;
        page = program.label("code");
        program.runtime().data(() -> program.asm().align(8).bind(page).raw(bytes()));
    }

    private static byte[] bytes() {
        Assembler asm = new Assembler(EntryScene.CODE);
        for (int i = 0; i < 2 * PIECES; i++) {
            if (i >= PIECES) {
                asm.mov(bytePtr(ptr(R12)), 1);
            }
            CODE.get(i % PIECES).accept(asm);
            fill(asm, (i + 1) * SIZE);
        }
        fill(asm, CUT_OFF);
        asm.nop().nop().bytes(0x0f);
        return asm.assemble().bytes();
    }

    private static void fill(Assembler asm, int end) {
        while (asm.position() + 1 < EntryScene.CODE + end) {
            asm.ud2();
        }
        asm.org(EntryScene.CODE + end);
    }

    /** Emits a copy of the page to the address in RDI. */
    void copy() {
        program.asm().lea(RSI, ptr(page)).mov(ECX, PAGE / 8).cld().rep().movs(64);
    }
}
