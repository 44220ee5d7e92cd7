package io.github.paravane.samples.jmh;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.R10;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.R14;
import static io.github.paravane.testkit.asm.Gpr.R15;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.function.Consumer;

/** Guests that do one thing in an endless loop; R13 holds a PTE's address, R14 its value, R15 its machine address. */
final class GuestLoops {

    private static final long BASE = 0xFFFF_FFFF_8000_0000L;
    private static final int PAGE = 400;
    private static final long BUFFER = BASE + (PAGE + 2) * 4096L;

    /** Requests of a batch. */
    static final int BATCH = 128;

    private GuestLoops() {}

    /** A machine of 64 MiB that loops over {@code body}. */
    static PvMachine machine(Consumer<Assembler> body) {
        return machine(asm -> {}, body);
    }

    /** The same with something that is done once before. */
    static PvMachine machine(Consumer<Assembler> before, Consumer<Assembler> body) {
        return PvMachine.builder(AbiProfiles.XEN_4_17)
                .virtualTime()
                .domain(DomainConfig.of(image(before, body)))
                .build();
    }

    /** The image of that guest. */
    static GuestImage image(Consumer<Assembler> before, Consumer<Assembler> body) {
        Assembler asm = new Assembler(BASE);
        Label table = asm.label("traps");
        Label handler = asm.label("breakpoint");
        asm.named("start").mov(R12, ptr(RSI, 88)).lea(R13, ptr(R12, 0x3000 + 8 * PAGE));
        asm.mov(R14, ptr(R13)).mov(R15, ptr(R12, 0x2000));
        asm.movabs(RAX, 0x000F_FFFF_FFFF_F000L).and(R15, RAX).add(R15, 8 * PAGE);
        asm.mov(EAX, 21).xor(EDI, EDI).mov(ESI, 2).syscall();
        asm.mov(EAX, 0).lea(RDI, ptr(table)).syscall();
        asm.mov(EAX, 1).mov(RBX, 0x1234567);
        before.accept(asm);
        Label loop = asm.label("loop");
        asm.bind(loop);
        body.accept(asm);
        asm.jmp(loop);
        asm.bind(handler).add(io.github.paravane.testkit.asm.Gpr.RSP, 16).push(0);
        asm.push(RAX).push(RAX).push(RAX).mov(EAX, 23).syscall();
        asm.align(16).bind(table).u8(3).u8(3).u16(0xE033).u32(0).u64(handler);
        asm.u64(0).u64(0);
        return GuestImage.of(PvKernelImage.of(asm.assemble()).entry("start").toElf());
    }

    static void xorshift(Assembler asm) {
        asm.mov(RAX, RBX).shl(RAX, 13).xor(RBX, RAX).mov(RAX, RBX).shr(RAX, 7).xor(RBX, RAX);
        asm.mov(RAX, RBX).shl(RAX, 17).xor(RBX, RAX).add(R10, 1).cmp(R10, RAX);
    }

    static void nullHypercall(Assembler asm) {
        asm.mov(EAX, 17).xor(EDI, EDI).xor(ESI, ESI).syscall();
    }

    static void mmuUpdate(Assembler asm) {
        Label update = asm.label("request");
        asm.mov(ptr(update), R15).mov(ptr(update, 8), R14).mov(EAX, 1).lea(RDI, ptr(update));
        asm.mov(ESI, 1).xor(EDX, EDX).mov(R10, 0x7FF0).syscall();
        Label over = asm.label("over");
        asm.jmp(over).align(16).bind(update).u64(0).u64(0).bind(over);
    }

    /** Requests for {@link #batch}. */
    static void requests(Assembler asm) {
        Label fill = asm.label("fill");
        asm.movabs(RDI, BUFFER).mov(ECX, BATCH).bind(fill);
        asm.mov(ptr(RDI), R15).mov(ptr(RDI, 8), R14).add(RDI, 16).dec(ECX).jne(fill);
    }

    /** mmu_update of {@link #BATCH} entries. */
    static void batch(Assembler asm) {
        asm.mov(EAX, 1)
                .movabs(RDI, BUFFER)
                .mov(ESI, BATCH)
                .xor(EDX, EDX)
                .mov(R10, 0x7FF0)
                .syscall();
    }

    static void vaMapping(Assembler asm) {
        asm.mov(EAX, 14)
                .movabs(RDI, BASE + PAGE * 4096L)
                .mov(RSI, R14)
                .mov(EDX, 2)
                .syscall();
    }

    static void emulatedExchange(Assembler asm) {
        asm.mov(RAX, R14).lock().cmpxchg(qword(ptr(R13)), R14);
    }

    /** A full table, read-only, and the two requests of {@link #pinAndUnpin}. */
    static void table(Assembler asm) {
        Label fill = asm.label("entries");
        asm.movabs(RDI, BASE + (PAGE + 1) * 4096L).mov(ECX, 512).bind(fill);
        asm.mov(ptr(RDI), R14).add(RDI, 8).dec(ECX).jne(fill);
        asm.mov(EAX, 14)
                .movabs(RDI, BASE + (PAGE + 1) * 4096L)
                .mov(RSI, ptr(R13, 8))
                .and(RSI, -3)
                .mov(EDX, 2);
        asm.syscall();
        asm.movabs(RAX, 0x000F_FFFF_FFFF_F000L)
                .and(RAX, ptr(R13, 8))
                .shr(RAX, 12)
                .movabs(RDI, BUFFER);
        asm.mov(qword(ptr(RDI)), 0)
                .mov(ptr(RDI, 8), RAX)
                .mov(qword(ptr(RDI, 24)), 4)
                .mov(ptr(RDI, 32), RAX);
    }

    static void pinAndUnpin(Assembler asm) {
        asm.mov(EAX, 26)
                .movabs(RDI, BUFFER)
                .mov(ESI, 2)
                .xor(EDX, EDX)
                .mov(R10, 0x7FF0)
                .syscall();
    }

    static void emulatedStore(Assembler asm) {
        asm.mov(ptr(R13), R14);
    }

    static void breakpoint(Assembler asm) {
        asm.int3();
    }
}
