package io.github.paravane.testkit.advisory.compat;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.ESP;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.SegmentRegister;
import io.github.paravane.testkit.runtime.CompatRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;

/** Call gates of 32-bit guests of known bugs, and programs of ring 3 that call through them. */
final class GateSteps {

    /** P, A, U/S and, for the program's own page, R/W and D. */
    static final int USER_READ_ONLY = 0x25;

    private static final int KERNEL_READ_ONLY = 0x21;
    private static final int USER_PAGE = 0x67;

    private static final int PAGE = 4096;

    /** P, DPL 3, call gate. */
    private static final int GATE = 0xEC00;

    private final CompatGuest guest;
    private final CompatRuntime runtime;
    private final Assembler asm;

    GateSteps(CompatGuest guest) {
        this.guest = guest;
        runtime = guest.runtime();
        asm = guest.asm();
    }

    /** Writes a gate to {@code target} in the kernel's segment, with {@code words} of arguments. Clobbers EAX and ECX. */
    GateSteps write(Label page, int offset, Label target, int words) {
        asm.mov(EAX, target).mov(ECX, EAX).and(ECX, 0xFFFF).or(ECX, CompatRuntime.KERNEL_CS << 16);
        asm.mov(ptr(page, offset), ECX).and(EAX, 0xFFFF_0000).or(EAX, GATE | words);
        asm.mov(ptr(page, offset + 4), EAX);
        return this;
    }

    /** Makes a page the GDT. Clobbers the registers of a call. */
    GateSteps gdt(Label page) {
        Label frames = guest.label();
        runtime.data(() -> asm.align(8).bind(frames).u64(0));
        runtime.remap(page, KERNEL_READ_ONLY);
        runtime.machineAddress(page);
        asm.shr(EAX, 12).mov(ptr(frames), EAX);
        runtime.call(Hypercalls.SET_GDT, frames, 512);
        guest.evidence("set-gdt", EAX);
        return this;
    }

    /** A program of ring 3, which runs {@code code} with a far pointer at EBX and its stack behind it, in one page. */
    Label program(int selector, Runnable code) {
        Label pointer = guest.label();
        Label program = guest.label();
        runtime.data(() -> {
            asm.align(4096).bind(pointer).u32(0).u32(selector).align(16).bind(program);
            asm.mov(EAX, CompatRuntime.USER_DS).mov(SegmentRegister.DS, EAX).mov(EBX, pointer);
            asm.mov(ESP, EBX).add(ESP, PAGE);
            code.run();
            asm.ud2().align(4096);
        });
        runtime.remap(pointer, USER_PAGE);
        return program;
    }
}
