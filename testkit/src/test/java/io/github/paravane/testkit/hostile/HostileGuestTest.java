package io.github.paravane.testkit.hostile;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.R10;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R13;
import static io.github.paravane.testkit.asm.Gpr.R14;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.machine.RunLimits;
import io.github.paravane.hypervisor.machine.RunResult;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that do what no kernel should end as a crash with a reason, or go on; no run throws. */
class HostileGuestTest {

    private static final long BASE = DenseKernel.BASE;
    private static final int SET_TRAP_TABLE = 0;
    private static final int MMU_UPDATE = 1;
    private static final int STACK_SWITCH = 3;
    private static final int SET_CALLBACKS = 4;
    private static final int IRET = 23;
    private static final long DOMID_SELF = 0x7FF0;

    private static void assertCrashesWithReason(Assembler asm) {
        RunResult result = Runs.end(PvKernelImage.of(asm.assemble()).toElf());
        assertEquals(RunResult.Kind.CRASHED, result.kind(), result::toString);
        assertEquals(3, result.shutdownReason());
        assertFalse(result.detail().isBlank());
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                0x1000,
                0x7FFF_FFFF_FFFFL,
                0x8000_0000_0000L,
                0xFFFF_8000_0000_0000L,
                0xFFFF_8300_0000_0000L,
                BASE + (1L << 30),
                -1,
                Long.MIN_VALUE
            })
    void jumpsToGarbage(long target) {
        assertCrashesWithReason(new Assembler(BASE).movabs(RAX, target).jmp(RAX));
    }

    /** The stack of the fault's frame cannot be written either. */
    @ParameterizedTest
    @ValueSource(longs = {0, 4, 0x8000_0000_0000L, 0xFFFF_8000_0000_0100L, BASE + (1L << 30), -8, Long.MIN_VALUE})
    void stacksAtBadAddresses(long stack) {
        Assembler asm = new Assembler(BASE);
        Label table = asm.label("table");
        Label handler = asm.label("handler");
        asm.lea(RDI, ptr(table)).mov(EAX, SET_TRAP_TABLE).syscall().movabs(RSP, stack);
        asm.bind(handler).ud2();
        asm.align(16).bind(table).u8(6).u8(0).u16(0xE033).u32(0).u64(handler).zeros(16);
        assertCrashesWithReason(asm);
    }

    /** The kernel stack of a guest that comes from user mode. */
    @ParameterizedTest
    @ValueSource(longs = {0, 0x8000_0000_0000L, 0xFFFF_8000_0000_0100L, -8})
    void kernelStacksAtBadAddresses(long stack) {
        Assembler asm = new Assembler(BASE);
        Label frame = asm.label("frame");
        asm.mov(EDI, 0xE02B).movabs(RSI, stack).mov(EAX, STACK_SWITCH).syscall();
        asm.lea(RSP, ptr(frame)).mov(EAX, IRET).syscall();
        // rax, r11, rcx, flags, rip, cs, rflags, rsp, ss: to user mode, which has no tables.
        asm.align(8)
                .bind(frame)
                .u64(0)
                .u64(0)
                .u64(0)
                .u64(0)
                .u64(BASE)
                .u64(0xE033)
                .u64(0x200)
                .u64(0)
                .u64(0xE02B);
        assertCrashesWithReason(asm);
    }

    /** Every vector gets a garbage handler, then each of some faults is raised. */
    @ParameterizedTest
    @ValueSource(longs = {1, 0x8000_0000_0000L, 0xFFFF_8000_0000_0000L, 0xFFFF_8300_0000_1234L, -1, BASE + (1L << 30)})
    void trapTablesOfGarbage(long handler) {
        Assembler asm = new Assembler(BASE);
        Label table = asm.label("table");
        asm.lea(RDI, ptr(table)).mov(EAX, SET_TRAP_TABLE).syscall();
        asm.movabs(RDI, handler)
                .mov(RSI, RDI)
                .mov(RDX, RDI)
                .mov(EAX, SET_CALLBACKS)
                .syscall();
        asm.xor(ECX, ECX).div(ECX);
        asm.align(16).bind(table);
        for (int vector = 0; vector < 256; vector++) {
            asm.u8(vector).u8(vector & 7).u16(0x1234).u32(0).u64(handler);
        }
        asm.zeros(16);
        assertCrashesWithReason(asm);
    }

    /** Frames for the iret hypercall of all kinds of nonsense. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0x8000_0000_0000L, 0xFFFF_8000_0000_0000L, -1, 0x7FFF_FFFF_FFFF_FFFFL})
    void returnsToGarbage(long value) {
        Assembler asm = new Assembler(BASE);
        Label frame = asm.label("frame");
        asm.lea(RSP, ptr(frame)).mov(EAX, IRET).syscall().ud2();
        asm.align(8).bind(frame);
        for (int i = 0; i < 16; i++) {
            asm.u64(value);
        }
        assertCrashesWithReason(asm);
    }

    /**
     * Random entries through mmu_update into each of its own tables, which most of them do not pass, and direct stores into
     * them, which all fault or are emulated; the handler goes on with the next.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void pageTablesOfGarbage(long seed) {
        Assembler asm = new Assembler(BASE);
        Label next = asm.label("next");
        Label random = asm.label("random");
        Label table = asm.label("table");
        Label handler = asm.label("handler");
        Label request = asm.label("request");
        Label top = asm.label("top");
        asm.mov(RBX, RSI).movabs(R12, seed * 0x9E37_79B9_7F4A_7C15L);
        asm.lea(RDI, ptr(table)).mov(EAX, SET_TRAP_TABLE).syscall();
        // vm_assist(enable, writable_pagetables)
        asm.xor(EDI, EDI).mov(ESI, 2).mov(EAX, 21).syscall();
        asm.bind(next).lea(RSP, ptr(top));
        // A table of the start: pt_base + (random % nr_pt_frames) pages.
        asm.call(random)
                .xor(EDX, EDX)
                .div(qword(ptr(RBX, 96)))
                .shl(RDX, 12)
                .add(RDX, ptr(RBX, 88))
                .mov(R13, RDX);
        asm.call(random).and(RAX, 0xFF8).add(R13, RAX);
        // An entry: the frame of a random pfn with random flags, or nothing but random bits.
        asm.call(random).mov(R14, RAX).test(R14, 1);
        Label raw = asm.label("raw");
        asm.je(raw)
                .xor(EDX, EDX)
                .div(qword(ptr(RBX, 32)))
                .mov(RAX, ptr(RBX, 104))
                .mov(RAX, ptr(RAX, RDX, 8));
        asm.shl(RAX, 12).and(R14, 0x67).or(R14, RAX);
        asm.bind(raw).call(random).test(RAX, 3);
        Label store = asm.label("store");
        asm.je(store);
        // mmu_update of the entry's machine address
        asm.mov(RAX, R13).movabs(RDX, BASE).sub(RAX, RDX).shr(RAX, 12).mov(RDX, ptr(RBX, 104));
        asm.mov(RAX, ptr(RDX, RAX, 8))
                .shl(RAX, 12)
                .mov(RCX, R13)
                .and(RCX, 0xFFF)
                .or(RAX, RCX);
        asm.lea(RDI, ptr(request))
                .mov(ptr(RDI), RAX)
                .mov(ptr(RDI, 8), R14)
                .mov(ESI, 1)
                .xor(EDX, EDX);
        asm.movabs(R10, DOMID_SELF).mov(EAX, MMU_UPDATE).syscall().jmp(next);
        asm.bind(store).mov(ptr(R13), R14).jmp(next);
        asm.bind(handler).jmp(next);
        asm.bind(random)
                .mov(RAX, R12)
                .shl(RAX, 13)
                .xor(R12, RAX)
                .mov(RAX, R12)
                .shr(RAX, 7)
                .xor(R12, RAX);
        asm.mov(RAX, R12).shl(RAX, 17).xor(R12, RAX).mov(RAX, R12).shr(RAX, 3).ret();
        asm.align(16)
                .bind(table)
                .u8(14)
                .u8(0)
                .u16(0xE033)
                .u32(0)
                .u64(handler)
                .zeros(16)
                .bind(request)
                .zeros(16);
        asm.align(4096).zeros(4096).bind(top).u64(0);
        PvMachine machine = Runs.machine(PvKernelImage.of(asm.assemble()).toElf());
        RunResult result =
                Runs.run(machine, RunLimits.none().instructions(400_000).within(Duration.ofSeconds(30)));
        assertTrue(
                result.kind() == RunResult.Kind.INSTRUCTION_LIMIT || result.kind() == RunResult.Kind.CRASHED,
                result::toString);
        machine.domains().get(0).crash("enough");
        assertEquals(0, machine.destroy(machine.domains().get(0)));
    }

    @Test
    void aStoppedMachineSaysSo() {
        Assembler asm = new Assembler(BASE);
        Label here = asm.here("here");
        PvMachine machine =
                Runs.machine(PvKernelImage.of(asm.jmp(here).assemble()).toElf());
        machine.stop();
        RunLimits limits = RunLimits.none().within(Duration.ofSeconds(30));
        assertEquals(RunResult.Kind.STOPPED, machine.run(limits).kind());
        assertEquals(
                RunResult.Kind.INSTRUCTION_LIMIT,
                machine.run(limits.instructions(1000)).kind());
    }
}
