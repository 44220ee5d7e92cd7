package io.github.paravane.testkit.soak;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.R10;
import static io.github.paravane.testkit.asm.Gpr.R8;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Kernels of a few instructions, made by chance. */
final class RandomKernels {

    private static final long BASE = 0xffff_ffff_8000_0000L;
    private static final int SET_TRAP_TABLE = 0;
    private static final int STACK_SWITCH = 3;
    private static final int SET_CALLBACKS = 4;
    private static final int IRET = 23;
    private static final int MMUEXT_OP = 26;
    private static final int SCHED_OP = 29;
    private static final int PT_BASE = 88;
    private static final int MFN_LIST = 104;
    private static final int NEW_USER_BASEPTR = 15;
    private static final List<Gpr> ARGUMENTS = List.of(RDI, RSI, RDX, R10, R8);
    private static final Gpr[] REGISTERS =
            Stream.of(Gpr.values()).filter(each -> each.width() == 64).toArray(Gpr[]::new);
    private static final int[] SELECTORS = {0, 3, 7, 0xE008, 0xE010, 0xE023, 0xE02B, 0xE030, 0xE033, 0xE060, 0xFFFF};
    private static final long[] PLACES = {
        0,
        8,
        0x7FFF_FFFF_FFF8L,
        0x8000_0000_0000L,
        0xFFFF_8000_0000_0000L,
        0xFFFF_87FF_FFFF_FFF0L,
        0xFFFF_8800_0000_0000L,
        0xFFFF_8800_0000_0030L,
        BASE,
        BASE + 0x1000,
        BASE + 0x7FF8,
        -1,
        -8
    };

    private RandomKernels() {}

    /** Random bytes, values in registers and hypercalls. */
    static byte[] bytes(Random random) {
        Assembler asm = new Assembler(BASE);
        int parts = 1 + random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            part(asm, random);
        }
        return image(asm, random);
    }

    private static void part(Assembler asm, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> asm.raw(junk(random, 1 + random.nextInt(24)));
            case 1 -> asm.movabs(REGISTERS[random.nextInt(REGISTERS.length)], value(random));
            default -> hypercall(asm, random);
        }
    }

    private static byte[] image(Assembler asm, Random random) {
        return PvKernelImage.of(asm.raw(junk(random, 64)).assemble())
                .bss(0x4000)
                .toElf();
    }

    /** A kernel that installs handlers at random places of itself, and then enters itself in every way. */
    static byte[] entries(Random random) {
        Assembler asm = new Assembler(BASE);
        Label table = asm.label("traps");
        Label request = asm.label("request");
        List<Label> handlers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            handlers.add(asm.label("handler" + i));
        }
        userTables(asm, request, random);
        asm.lea(RDI, ptr(table));
        call(asm, SET_TRAP_TABLE);
        asm.movabs(RDI, selector(random));
        stack(asm, RSI, request, random);
        call(asm, STACK_SWITCH);
        place(asm, RDI, handlers, random);
        place(asm, RSI, handlers, random);
        place(asm, RDX, handlers, random);
        call(asm, SET_CALLBACKS);
        int ways = 1 + random.nextInt(5);
        for (int i = 0; i < ways; i++) {
            way(asm, request, handlers, random);
        }
        for (Label each : handlers) {
            asm.bind(each);
            way(asm, request, handlers, random);
        }
        asm.mov(ESI, 0)
                .mov(EDI, 2)
                .mov(EAX, SCHED_OP)
                .syscall()
                .raw(junk(random, 16))
                .align(16);
        traps(asm, table, handlers, random);
        asm.bind(request).zeros(4096);
        return image(asm, random);
    }

    private static void call(Assembler asm, int number) {
        asm.mov(EAX, number).syscall();
    }

    /** The kernel's own tables as the user's, sometimes. */
    private static void userTables(Assembler asm, Label request, Random random) {
        if (random.nextInt(4) == 0) {
            return;
        }
        asm.mov(RDX, ptr(RSI, PT_BASE)).movabs(RAX, BASE).sub(RDX, RAX).shr(RDX, 12);
        asm.mov(RAX, ptr(RSI, MFN_LIST)).mov(RAX, ptr(RAX, RDX, 8)).mov(ptr(request, 8), RAX);
        asm.mov(EAX, NEW_USER_BASEPTR).mov(ptr(request), RAX);
        asm.lea(RDI, ptr(request)).mov(RSI, 1).mov(RDX, 0).movabs(R10, 0x7FF0);
        call(asm, MMUEXT_OP);
    }

    private static void stack(Assembler asm, Gpr into, Label request, Random random) {
        if (random.nextInt(4) > 0) {
            asm.lea(into, ptr(request, 64 + random.nextInt(4000)));
        } else {
            asm.movabs(into, PLACES[random.nextInt(PLACES.length)]);
        }
    }

    private static void place(Assembler asm, Gpr into, List<Label> handlers, Random random) {
        if (random.nextInt(5) > 0) {
            asm.lea(into, ptr(handlers.get(random.nextInt(handlers.size()))));
        } else {
            asm.movabs(into, PLACES[random.nextInt(PLACES.length)]);
        }
    }

    /** Something that leaves the straight line. */
    private static void way(Assembler asm, Label request, List<Label> handlers, Random random) {
        switch (random.nextInt(7)) {
            case 0 -> asm.u8(0xCD).u8(random.nextInt(256));
            case 1 -> asm.raw(junk(random, 1 + random.nextInt(6)));
            case 2 -> iret(asm, request, handlers, random);
            case 3 -> hypercall(asm, random);
            case 4 -> asm.movabs(RAX, PLACES[random.nextInt(PLACES.length)]).mov(RAX, ptr(RAX));
            case 5 -> stack(asm, RSP, request, random);
            default -> asm.movabs(RAX, random.nextInt() & 0x3F_FFFF).push(RAX).popf();
        }
    }

    /** RAX, R11, RCX, flags, RIP, CS, RFLAGS, RSP, SS, lowest first. */
    private static void iret(Assembler asm, Label request, List<Label> handlers, Random random) {
        asm.movabs(RAX, selector(random)).push(RAX);
        stack(asm, RAX, request, random);
        asm.push(RAX).movabs(RAX, random.nextLong() >> random.nextInt(64)).push(RAX);
        asm.movabs(RAX, selector(random)).push(RAX);
        place(asm, RAX, handlers, random);
        asm.push(RAX).movabs(RAX, random.nextBoolean() ? 0x100 : 0).push(RAX);
        asm.push(RAX).push(RAX).push(RAX);
        call(asm, IRET);
    }

    private static void traps(Assembler asm, Label table, List<Label> handlers, Random random) {
        asm.bind(table);
        int entries = random.nextInt(40);
        for (int i = 0; i < entries; i++) {
            int vector = random.nextInt(3) > 0 ? random.nextInt(32) : random.nextInt(256);
            asm.u8(vector).u8(random.nextInt(8)).u16(selector(random)).u32(0);
            if (random.nextInt(6) > 0) {
                asm.u64(handlers.get(random.nextInt(handlers.size())));
            } else {
                asm.u64(PLACES[random.nextInt(PLACES.length)]);
            }
        }
        asm.u64(0).u64(0);
    }

    private static int selector(Random random) {
        return random.nextInt(4) > 0 ? SELECTORS[random.nextInt(SELECTORS.length)] : random.nextInt(0x10000);
    }

    private static void hypercall(Assembler asm, Random random) {
        for (Gpr each : ARGUMENTS) {
            if (random.nextInt(3) > 0) {
                asm.movabs(each, value(random));
            }
        }
        asm.movabs(RAX, random.nextInt(48)).syscall();
    }

    private static long value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(16);
            case 1 -> BASE + random.nextInt(8 << 20);
            case 2 -> BASE + (random.nextInt(2048) << 12);
            case 3 -> random.nextLong();
            case 4 -> -1L >>> random.nextInt(64);
            default -> Long.MIN_VALUE >> random.nextInt(64);
        };
    }

    private static byte[] junk(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
