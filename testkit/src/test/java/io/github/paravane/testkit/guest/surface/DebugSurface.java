package io.github.paravane.testkit.guest.surface;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EBX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;
import static io.github.paravane.testkit.asm.Memory.qword;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.runtime.TrapWord;
import java.util.HexFormat;

/** Debug registers by hypercall and by MOV, single steps over emulated instructions, I/O breakpoints; what DR6 says. */
final class DebugSurface {
    private static final int SET_DEBUGREG = 8;
    private static final int GET_DEBUGREG = 9;
    private static final int PHYSDEV_OP = 33;
    private static final int SET_IOPL = 6;
    private static final int CODE_ALIGNMENT = 64;
    private static final long[] CONTROLS = {
        0,
        1,
        2,
        3,
        0x400,
        0x2000,
        0x1_0001,
        0x2_0001,
        0x8_0001,
        0x8001,
        0xFFFF,
        0x3_0003,
        0xF0F,
        0x800,
        0x1000,
        0x4000,
        0x1_0000_0000L,
        0x2_0002,
        0x200,
        0x100,
        0x70_0000,
        0xD_0001,
        0xE_0001
    };
    private static final long[] STATUSES = {0, 0xFFFF, 0x1000, 0xFFFF_FFFFL, 0x1_0000_0000L, 0x8000, 0xE00F, 0x1_0800};

    private final GuestProgram program = new GuestProgram();
    private final Assembler asm = program.asm();
    private final Label data = program.runtime().page("watched");
    private final Value word = program.bytes(8);

    private DebugSurface() {}

    static byte[] elf() {
        DebugSurface surface = new DebugSurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    private void body() {
        program.store32(word, Value.of(1));
        program.run(program.hypercall(PHYSDEV_OP, Value.of(SET_IOPL), word));
        for (int i = 0; i < 9; i++) {
            program.print("DR" + i + " at first %x\n", get(i));
        }
        steps();
        status();
        values();
        asm.u8(0x0F).u8(0x20).u8(0xE0).or(RAX, 8).u8(0x0F).u8(0x22).u8(0xE0);
        withDebugExtensions();
        ioBreakpoints();
        program.print("END\n");
    }

    private Value get(int register) {
        return program.hypercall(GET_DEBUGREG, Value.of(register));
    }

    private Value set(int register, long value) {
        return program.hypercall(SET_DEBUGREG, Value.of(register), Value.of(value));
    }

    private void bytes(String hex) {
        for (byte each : HexFormat.of().parseHex(hex)) {
            asm.u8(each & 0xFF);
        }
    }

    private void steps() {
        String[] emulated = {
            "nop 90",
            "rdmsr 0F32",
            "forced-cpuid 0F0B78656E0FA2",
            "cr0 0F20C0",
            "dr6 0F21F0",
            "dr7 0F21F8",
            "cli FA",
            "sti FB",
            "clts 0F06",
            "wbinvd 0F09",
            "int-40 CD40",
            "int-80 CD80",
            "int3 CC",
            "icebp F1",
            "syscall 0F05",
            "to-ss 8ED090"
        };
        for (String each : emulated) {
            String[] parts = each.split(" ");
            program.run(set(6, 0));
            step(parts[0], () -> bytes(parts[1]));
        }
        program.run(set(6, 0));
        step("page-table-store", () -> asm.mov(ptr(RBX), RDX));
    }

    /** One instruction with TF, which POPF sets: the trap comes after it, or after what follows. */
    private void step(String name, Runnable instruction) {
        Label code = program.label("code");
        Label caught = program.label("caught");
        program.runtime().attempt(caught, () -> {
            asm.lea(RAX, ptr(data));
            program.runtime().entry(1);
            asm.mov(RBX, RAX)
                    .mov(RDX, ptr(RBX))
                    .mov(ECX, 0xC000_0100)
                    .xor(ESI, ESI)
                    .xor(EDI, EDI);
            asm.mov(EAX, name.equals("to-ss") ? 0xE02B : 17).test(EAX, EAX);
            asm.pushf()
                    .or(qword(ptr(RSP)), 0x100)
                    .popf()
                    .jmp(code)
                    .align(CODE_ALIGNMENT)
                    .bind(code);
            instruction.run();
            asm.nop().nop().nop().nop();
        });
        asm.bind(caught);
        program.print(
                "step " + name + ": #%d at %x flags %x DR6 %x\n",
                program.trap(TrapWord.VECTOR),
                program.trap(TrapWord.RIP).and(CODE_ALIGNMENT - 1),
                program.trap(TrapWord.RFLAGS),
                get(6));
    }

    private void status() {
        for (long before : new long[] {0xF, 0xFFFF_FFFFL, 0}) {
            program.run(set(6, before));
            step("nop", asm::nop);
        }
    }

    private void values() {
        for (long each : CONTROLS) {
            program.print("DR7 := " + Long.toHexString(each) + ": %d", set(7, each));
            program.print(" %x\n", get(7));
            program.run(set(7, 0));
        }
        for (long each : STATUSES) {
            program.print("DR6 := " + Long.toHexString(each) + ": %d", set(6, each));
            program.print(" %x\n", get(6));
        }
        holes();
    }

    private void holes() {
        for (int register = 4; register < 10; register++) {
            program.print("DR" + register + " := 400: %d", set(register, 0x400));
            program.print(" %x\n", get(register));
        }
    }

    private void withDebugExtensions() {
        holes();
        for (long each : new long[] {0x2_0001, 0x2_0002, 0xA_0001, 0xE_0001, 0x2_0000}) {
            program.print("DE, DR7 := " + Long.toHexString(each) + ": %d", set(7, each));
            program.print(" %x\n", get(7));
            program.run(set(7, 0));
        }
        for (int register : new int[] {0, 3, 4, 5, 6, 7}) {
            for (int opcode : new int[] {0x21, 0x23}) {
                program.attempt(() ->
                        asm.xor(EAX, EAX).xor(EBX, EBX).u8(0x0F).u8(opcode).u8(0xC0 | register << 3));
                program.print(
                        "DE, 0F " + Integer.toHexString(opcode) + " DR" + register + ": %x\n",
                        program.trap(TrapWord.VECTOR));
            }
        }
    }

    private void ioBreakpoints() {
        for (long port : new long[] {0x80, 0x81, 0x7F, 0x82, 0x84, 0x7C, 0x7D}) {
            for (int length : new int[] {0, 1, 3, 2}) {
                program.run(set(0, port));
                program.run(set(7, 0x2_0001L | (long) length << 18));
                for (int opcode : new int[] {0xE5, 0xE4}) {
                    program.run(set(6, 0));
                    program.attempt(() -> asm.u8(opcode).u8(0x80).nop());
                    program.print(
                            "port " + Long.toHexString(port) + " LEN " + length + " " + Integer.toHexString(opcode)
                                    + ": %x %x\n",
                            program.trap(TrapWord.VECTOR),
                            get(6));
                }
                program.run(set(7, 0));
            }
        }
    }
}
