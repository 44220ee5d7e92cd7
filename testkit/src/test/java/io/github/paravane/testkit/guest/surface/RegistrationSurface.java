package io.github.paravane.testkit.guest.surface;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;

import io.github.paravane.testkit.guest.program.GuestProgram;
import io.github.paravane.testkit.guest.program.Value;
import io.github.paravane.testkit.guest.program.Variable;
import io.github.paravane.testkit.runtime.TrapWord;

/** Registers callbacks, traps, stacks and bases at good and bad addresses; assists, batches and numbers of hypercalls. */
final class RegistrationSurface {
    private static final long[] ADDRESSES = {
        0,
        1,
        0x7FFF_FFFF_FFFFL,
        0x8000_0000_0000L,
        0xFFFF_7FFF_FFFF_FFFFL,
        0xFFFF_8000_0000_0000L,
        0xFFFF_8300_0000_0000L,
        0xFFFF_8800_0000_0000L,
        -1,
        0xFFFF_FFFF_8000_0000L
    };
    private static final long HOLE = 0xFFFF_8300_0000_0000L;
    private static final int SET_TRAP_TABLE = 0;
    private static final int STACK_SWITCH = 3;
    private static final int FPU_TASKSWITCH = 5;
    private static final int MULTICALL = 13;
    private static final int VM_ASSIST = 21;
    private static final int SET_SEGMENT_BASE = 25;
    private static final int NMI_OP = 28;
    private static final int CALLBACK_OP = 30;
    private static final int GS_USER_SELECTOR = 3;

    private final GuestProgram program = new GuestProgram();
    private final Value page = program.pages(1);
    private final Variable i = program.variable();

    private RegistrationSurface() {}

    static byte[] elf() {
        RegistrationSurface surface = new RegistrationSurface();
        surface.program.main(surface::body);
        return surface.program.toElf();
    }

    private void body() {
        callbacks();
        segmentBases();
        stacksAndFpu();
        assists();
        trapTables();
        batches();
        numbers();
        program.print("END\n");
    }

    private void clear() {
        program.repeat(i, Value.of(64), () -> program.store64(page.plus(i.shl(3)), Value.of(0)));
    }

    private void say(String name, Value result) {
        program.print(name + ": %d\n", result);
    }

    private void callbacks() {
        for (int type : new int[] {3, 5, 6, 7, 8, 9, 0xFFFF}) {
            for (long address : ADDRESSES) {
                clear();
                program.store32(page, Value.of(type | 1 << 16));
                program.store64(page.plus(8), Value.of(address));
                say(
                        "callback " + type + " at " + Long.toHexString(address),
                        program.hypercall(CALLBACK_OP, Value.of(0), page));
            }
        }
        for (int type : new int[] {0, 1, 2, 3, 5, 6, 7, 8, 9}) {
            clear();
            program.store16(page, Value.of(type));
            say("no callback " + type, program.hypercall(CALLBACK_OP, Value.of(1), page));
        }
        for (long address : ADDRESSES) {
            clear();
            program.store64(page, Value.of(address));
            say("NMI at " + Long.toHexString(address), program.hypercall(NMI_OP, Value.of(0), page));
        }
        for (int command = 0; command < 4; command++) {
            say("callback_op " + command, program.hypercall(CALLBACK_OP, Value.of(command), Value.of(8)));
            say("nmi_op " + command, program.hypercall(NMI_OP, Value.of(command), Value.of(8)));
        }
    }

    private void segmentBases() {
        for (int which : new int[] {0, 1, GS_USER_SELECTOR, 4, 5, -1}) {
            for (long address : ADDRESSES) {
                Value result = program.hypercall(SET_SEGMENT_BASE, Value.of(which), Value.of(address));
                say("base " + which + " at " + Long.toHexString(address), result);
            }
        }
        for (int selector :
                new int[] {0, 1, 3, 4, 7, 8, 0xE008, 0xE010, 0xE023, 0xE02B, 0xE033, 0xE03B, 0xE060, 0xFFFF, 0x1_0023
                }) {
            Value result = program.hypercall(SET_SEGMENT_BASE, Value.of(GS_USER_SELECTOR), Value.of(selector));
            say("user GS " + Integer.toHexString(selector), result);
            program.attempt(() -> program.asm().xor(EAX, EAX).u8(0x8C).u8(0xE8).ud2());
            program.print("  is %x", program.trap(TrapWord.RAX));
            program.attempt(() -> program.asm().mov(ECX, 0xC000_0102).rdmsr().ud2());
            program.print(" at %x %x\n", program.trap(TrapWord.RAX), program.trap(TrapWord.RDX));
        }
        program.run(program.hypercall(SET_SEGMENT_BASE, Value.of(GS_USER_SELECTOR), Value.of(0)));
    }

    private void stacksAndFpu() {
        for (long address : ADDRESSES) {
            Value result = program.hypercall(STACK_SWITCH, Value.of(0xE02B), Value.of(address));
            say("stack " + Long.toHexString(address), result);
        }
        for (int set : new int[] {0, 1, 2}) {
            say("taskswitch " + set, program.hypercall(FPU_TASKSWITCH, Value.of(set)));
            readCr0();
        }
        program.attempt(() -> program.asm().u8(0x9B).ud2());
        program.print("FWAIT #%d\n", program.trap(TrapWord.VECTOR));
        readCr0();
        program.attempt(() -> program.asm().u8(0x9B).ud2());
        program.print("FWAIT #%d\n", program.trap(TrapWord.VECTOR));
    }

    private void readCr0() {
        program.attempt(() -> program.asm().u8(0x0F).u8(0x20).u8(0xC0).ud2());
        program.print("CR0 %x\n", program.trap(TrapWord.RAX));
    }

    private void assists() {
        for (int command : new int[] {0, 1, 2, -1}) {
            for (int type = 0; type < 66; type++) {
                if (type != 2 && type != 4 && type != 32) {
                    Value result = program.hypercall(VM_ASSIST, Value.of(command), Value.of(type));
                    say("assist " + command + " " + type, result);
                }
            }
        }
        say("assist 2^32", program.hypercall(VM_ASSIST, Value.of(0), Value.of(1L << 32)));
    }

    private void trapTables() {
        for (long address : ADDRESSES) {
            clear();
            program.store64(page, Value.of(0x90));
            program.store64(page.plus(8), Value.of(address));
            say("trap at " + Long.toHexString(address), program.hypercall(SET_TRAP_TABLE, page));
        }
        for (long table : new long[] {8, 0x8000_0000_0000L, HOLE}) {
            say("table at " + Long.toHexString(table), program.hypercall(SET_TRAP_TABLE, Value.of(table)));
        }
    }

    private void batches() {
        for (int count : new int[] {0, 1, 2, -1, 1 << 30}) {
            say("batch of " + count, program.hypercall(MULTICALL, Value.of(8), Value.of(count)));
            say("batch of " + count + " in the hole", program.hypercall(MULTICALL, Value.of(HOLE), Value.of(count)));
        }
        clear();
        long[] calls = {17, MULTICALL, 1000, 17, 0x1_0000_0011L};
        for (int n = 0; n < calls.length; n++) {
            program.store64(page.plus(64 * n), Value.of(calls[n]));
        }
        program.store64(page.plus(64 * 3 + 16), Value.of(99));
        say("batch", program.hypercall(MULTICALL, page, Value.of(calls.length)));
        for (int n = 0; n < calls.length; n++) {
            Value call = page.plus(64 * n);
            program.print(
                    "  %x: %d %x %x\n",
                    call.load64(),
                    call.plus(8).load64(),
                    call.plus(16).load64(),
                    call.plus(24).load64());
        }
    }

    private void numbers() {
        for (long number : new long[] {11, 43, 47, 55, 56, 63, 64, 65, 255, 0x8000_0011L, 0x1_0000_0011L, -1, -38}) {
            program.attempt(() -> {
                program.run(Value.of(number));
                program.asm().xor(EDI, EDI).xor(ESI, ESI).syscall().ud2();
            });
            program.print("call " + Long.toHexString(number) + ": %x\n", program.trap(TrapWord.RAX));
        }
    }
}
