package io.github.paravane.testkit.hostile;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.ECX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.EDX;
import static io.github.paravane.testkit.asm.Gpr.R10;
import static io.github.paravane.testkit.asm.Gpr.RCX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a guest does for ever, a run ends at its limits. */
class EndlessGuestTest {

    private static final int MMU_UPDATE = 1;
    private static final int SET_TRAP_TABLE = 0;
    private static final int MULTICALL = 13;
    private static final int MEMORY_OP = 12;
    private static final int CONSOLE_IO = 18;
    private static final int MMUEXT_OP = 26;
    private static final int GRANT_TABLE_OP = 20;
    private static final int SCHED_OP = 29;
    private static final long DOMID_SELF = 0x7FF0;
    private static final long MANY = 0x7FFF_FFFFL;

    @Test
    void jumpToItself() {
        Assembler asm = new Assembler(DenseKernel.BASE);
        Label here = asm.here("here");
        Runs.assertEndless(PvKernelImage.of(asm.jmp(here).assemble()).toElf());
    }

    @Test
    void yieldForEver() {
        Assembler asm = new Assembler(DenseKernel.BASE);
        Label here = asm.here("here");
        asm.mov(EAX, SCHED_OP).xor(EDI, EDI).syscall().jmp(here);
        Runs.assertEndless(PvKernelImage.of(asm.assemble()).toElf());
    }

    /** A handler that faults as well, on a stack that never ends because it is set anew. */
    @Test
    void handlerThatFaults() {
        Assembler asm = new Assembler(DenseKernel.BASE);
        Label table = asm.label("table");
        Label top = asm.label("top");
        Label handler = asm.label("handler");
        asm.lea(RDI, ptr(table)).mov(EAX, SET_TRAP_TABLE).syscall();
        asm.bind(handler).lea(RSP, ptr(top)).ud2();
        asm.align(16).bind(table).u8(6).u8(0).u16(0xE033).u32(0).u64(handler).zeros(16);
        asm.align(4096).zeros(4096).bind(top).u64(0);
        Runs.assertEndless(PvKernelImage.of(asm.assemble()).toElf());
    }

    /** 2^39 iterations over the window, upwards and downwards, of each string instruction. */
    @ParameterizedTest
    @ValueSource(strings = {"stos", "stos-down", "stosq", "movs", "movs-down", "lods", "scas", "cmps"})
    void repeatedStringInstruction(String kind) {
        DenseKernel kernel = new DenseKernel();
        Assembler asm = kernel.asm();
        asm.movabs(RDI, DenseKernel.WINDOW)
                .movabs(RSI, DenseKernel.WINDOW + 8)
                .movabs(RCX, 1L << 36)
                .xor(EAX, EAX);
        if (kind.endsWith("-down")) {
            asm.movabs(RDI, DenseKernel.WINDOW + (1L << 39) - 8).movabs(RSI, DenseKernel.WINDOW + (1L << 39) - 16);
            asm.std();
        }
        asm.rep();
        switch (kind) {
            case "stos", "stos-down" -> asm.stos(8);
            case "stosq" -> asm.stos(64);
            case "movs", "movs-down" -> asm.movs(8);
            case "lods" -> asm.lods(8);
            case "scas" -> asm.scas(8);
            default -> asm.cmps(8);
        }
        Runs.assertStoppedByClock(kernel.toElf());
    }

    /** Batches of 2^31 - 1 flushes: every word of the window is the command. */
    @ParameterizedTest
    @ValueSource(longs = {6, 10})
    void extendedOperations(long command) {
        DenseKernel kernel = new DenseKernel();
        Assembler asm = kernel.asm();
        Label again = asm.here("again");
        asm.movabs(RDI, DenseKernel.WINDOW).movabs(RSI, MANY).xor(EDX, EDX).movabs(R10, DOMID_SELF);
        asm.mov(EAX, MMUEXT_OP).syscall().jmp(again);
        Runs.assertStoppedByClock(kernel.toElf(repeat(new long[] {command})));
    }

    @Test
    void updatesOfAnAbsentEntry() {
        DenseKernel kernel = new DenseKernel();
        Assembler asm = kernel.asm();
        Label again = asm.here("again");
        asm.movabs(RDI, DenseKernel.WINDOW).movabs(RSI, MANY).xor(EDX, EDX).movabs(R10, DOMID_SELF);
        asm.mov(EAX, MMU_UPDATE).syscall().jmp(again);
        Runs.assertStoppedByClock(kernel.toElf());
    }

    /** Entries of a multicall: each a batch of flushes, or a call that does nothing. */
    @ParameterizedTest
    @CsvSource({"26, 512", "17, 0"})
    void multicalls(long number, long count) {
        DenseKernel kernel = new DenseKernel();
        Assembler asm = kernel.asm();
        Label again = asm.here("again");
        asm.movabs(RDI, DenseKernel.WINDOW)
                .movabs(RSI, MANY)
                .mov(EAX, MULTICALL)
                .syscall()
                .jmp(again);
        // The batch reads the same page, whose first request is one that does not exist.
        long[] entry = {number, 0, DenseKernel.WINDOW, count, 0, DOMID_SELF, 0, 0};
        Runs.assertStoppedByClock(kernel.toElf(repeat(entry)));
    }

    @Test
    void trapTableWithoutEnd() {
        DenseKernel kernel = new DenseKernel();
        kernel.asm().movabs(RDI, DenseKernel.WINDOW).mov(EAX, SET_TRAP_TABLE).syscall();
        long[] entry = {0xE033_0003L, DenseKernel.BASE};
        Runs.assertStoppedByClock(kernel.toElf(repeat(entry)));
    }

    /** Reservations of 2^40 extents that are all the same frame, or page. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6})
    void reservations(int command) {
        DenseKernel kernel = new DenseKernel();
        Assembler asm = kernel.asm();
        Label again = asm.here("again");
        asm.mov(EDI, command)
                .lea(RSI, ptr(kernel.page(), 64))
                .mov(EAX, MEMORY_OP)
                .syscall()
                .jmp(again);
        long[] page = new long[16];
        page[8] = DenseKernel.WINDOW;
        page[9] = 1L << 35;
        page[11] = DOMID_SELF;
        Runs.assertStoppedByClock(kernel.toElf(page));
    }

    @Test
    void consoleOutput() {
        DenseKernel kernel = new DenseKernel();
        Assembler asm = kernel.asm();
        Label again = asm.here("again");
        asm.xor(EDI, EDI).movabs(RSI, MANY).movabs(RDX, DenseKernel.WINDOW);
        asm.mov(EAX, CONSOLE_IO).syscall().jmp(again);
        Runs.assertStoppedByClock(kernel.toElf());
    }

    /** map, unmap, copy, unmap_and_replace and set_version over the window. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 7, 8})
    void grantTableOperations(int command) {
        DenseKernel kernel = new DenseKernel();
        Assembler asm = kernel.asm();
        Label again = asm.here("again");
        asm.mov(EDI, command)
                .movabs(RSI, DenseKernel.WINDOW)
                .mov(EDX, (int) MANY)
                .mov(EAX, GRANT_TABLE_OP);
        asm.syscall().jmp(again);
        Runs.assertStoppedByClock(kernel.toElf(repeat(new long[] {1})));
    }

    /** Multicalls of batches that pin and unpin a tree. */
    @Test
    void pins() {
        DenseKernel kernel = new DenseKernel();
        Label pins = kernel.pinRequests();
        Assembler asm = kernel.asm();
        Label again = asm.here("again");
        asm.lea(RDI, ptr(pins)).lea(RSI, ptr(kernel.page())).mov(ECX, 64);
        Label next = asm.here("next-entry");
        asm.mov(ptr(RSI, 16), RDI).add(RSI, 64).dec(ECX).jne(next);
        asm.movabs(RDI, DenseKernel.WINDOW)
                .movabs(RSI, MANY)
                .mov(EAX, MULTICALL)
                .syscall()
                .jmp(again);
        long[] entry = {MMUEXT_OP, 0, 0, DenseKernel.PINS, 0, DOMID_SELF, 0, 0};
        Runs.assertStoppedByClock(kernel.toElf(repeat(entry)));
    }

    private static long[] repeat(long[] request) {
        long[] page = new long[512];
        for (int i = 0; i + request.length <= page.length; i += request.length) {
            System.arraycopy(request, 0, page, i, request.length);
        }
        return page;
    }
}
