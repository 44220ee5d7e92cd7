package io.github.paravane.testkit.property;

import static io.github.paravane.testkit.asm.Gpr.EAX;
import static io.github.paravane.testkit.asm.Gpr.EDI;
import static io.github.paravane.testkit.asm.Gpr.ESI;
import static io.github.paravane.testkit.asm.Gpr.R10;
import static io.github.paravane.testkit.asm.Gpr.R12;
import static io.github.paravane.testkit.asm.Gpr.R8;
import static io.github.paravane.testkit.asm.Gpr.R9;
import static io.github.paravane.testkit.asm.Gpr.RAX;
import static io.github.paravane.testkit.asm.Gpr.RBX;
import static io.github.paravane.testkit.asm.Gpr.RDI;
import static io.github.paravane.testkit.asm.Gpr.RDX;
import static io.github.paravane.testkit.asm.Gpr.RSI;
import static io.github.paravane.testkit.asm.Gpr.RSP;
import static io.github.paravane.testkit.asm.Memory.ptr;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.testkit.asm.AssembledCode;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A guest kernel that makes the hypercalls and stores of a table in its memory, one after the other, and powers off. A fault
 * ends a row, not the kernel.
 */
final class CallingKernel {
    static final long BASE = 0xffff_ffff_8000_0000L;
    static final long MEMORY = 8L << 20;

    /** Bytes of a row: number, six arguments, result. */
    private static final int ROW = 64;

    private static final int ROWS = 64;

    /** The number in a row of a plain store; those below are other kinds of stores. */
    static final int FIRST_STORE = -100;

    static final int STORES = 5;

    /** What a row has as its result when it faulted. */
    static final long FAULTED = -200;

    private static final int SLOT = HypercallRequest.MAX_BUFFER * 8;

    private static final AssembledCode CODE = code();

    private CallingKernel() {}

    private static AssembledCode code() {
        Assembler asm = new Assembler(BASE);
        Label table = asm.label("table");
        Label count = asm.label("count");
        Label reason = asm.label("reason");
        Label traps = asm.label("traps");
        Label handler = asm.label("handler");
        Label next = asm.label("next");
        Label end = asm.label("end");
        asm.xor(EAX, EAX).lea(RDI, ptr(traps)).syscall(); // set_trap_table
        asm.mov(EAX, 21).xor(EDI, EDI).mov(ESI, 2).syscall(); // vm_assist: enable writable page tables
        asm.lea(RBX, ptr(table)).mov(R12, ptr(count));
        Label loop = asm.here("loop");
        asm.test(R12, R12).je(end);
        asm.mov(RAX, ptr(RBX)).mov(RDI, ptr(RBX, 8)).mov(RSI, ptr(RBX, 16)).mov(RDX, ptr(RBX, 24));
        asm.mov(R10, ptr(RBX, 32)).mov(R8, ptr(RBX, 40)).mov(R9, ptr(RBX, 48));
        emitStores(asm, next);
        asm.syscall();
        asm.bind(next).mov(ptr(RBX, 56), RAX).add(RBX, ROW).dec(R12).jmp(loop);
        asm.bind(handler).lea(RSP, ptr(traps)).mov(RAX, FAULTED).jmp(next);
        asm.bind(end).mov(EAX, 29).mov(EDI, 2).lea(RSI, ptr(reason)).syscall().ud2();
        asm.bind(reason).u32(0).align(8).bind(count).u64(0);
        asm.align(2048).bind(traps);
        for (int vector : new int[] {6, 13, 14}) {
            asm.u8(vector).u8(0).u16(0xE033).u32(0).u64(handler);
        }
        asm.zeros(16);
        asm.align(4096).bind(table).zeros(ROWS * ROW);
        asm.align(4096).named("slots").zeros(ROWS * SLOT);
        asm.align(4096).named("scratch").zeros(4096);
        return asm.assemble();
    }

    /** Rows with a number below zero are stores of RSI to the address in RDI. */
    private static void emitStores(Assembler asm, Label next) {
        List<Runnable> stores = List.of(
                () -> asm.mov(ptr(RDI), RSI),
                () -> asm.xchg(ptr(RDI), RSI),
                () -> asm.mov(RAX, ptr(RDI)).lock().cmpxchg(ptr(RDI), RSI),
                () -> asm.and(ptr(RDI), RSI),
                () -> asm.mov(ptr(RDI), ESI));
        for (int i = 0; i < stores.size(); i++) {
            Label other = asm.label("not store " + i);
            asm.cmp(RAX, FIRST_STORE - i).jne(other);
            stores.get(i).run();
            asm.jmp(next).bind(other);
        }
    }

    /** The address at which the domain sees the page table that maps its first pages. */
    static long leafTableAddress(PvMachine machine) {
        Vcpu vcpu = machine.domains().get(0).vcpus().get(0);
        long table =
                vcpu.paging().walk(vcpu.paging().base(), BASE).steps().get(3).entryMaddr() >>> 12;
        return tableAddresses(machine).stream()
                .filter(linear -> mappedAt(machine, linear) == table)
                .findFirst()
                .orElseThrow();
    }

    /** The frame that an address of the domain is mapped to. */
    static long mappedAt(PvMachine machine, long linear) {
        return maddr(machine, linear) >>> 12;
    }

    /** Addresses at which the domain sees its own page tables. */
    static List<Long> tableAddresses(PvMachine machine) {
        Vcpu vcpu = machine.domains().get(0).vcpus().get(0);
        List<Long> tables = places(machine).tables();
        List<Long> addresses = new ArrayList<>();
        for (long linear = BASE; linear < BASE + MEMORY; linear += 4096) {
            PageWalk walk = vcpu.paging().walk(vcpu.paging().base(), linear);
            if (walk.isMapped() && tables.contains(walk.maddr() >>> 12)) {
                addresses.add(linear);
            }
        }
        return addresses;
    }

    static DomainConfig domain() {
        return DomainConfig.of(GuestImage.of(PvKernelImage.of(CODE).toElf())).memory(MEMORY);
    }

    /** Puts a sequence into the memory of a domain that has not started. */
    static void load(PvMachine machine, List<HypercallRequest> calls) {
        for (int i = 0; i < calls.size(); i++) {
            long row = CODE.address("table") + (long) i * ROW;
            long slot = CODE.address("slots") + (long) i * SLOT;
            poke(machine, row, calls.get(i).number());
            List<Long> arguments = calls.get(i).argumentsAt(slot);
            for (int k = 0; k < arguments.size(); k++) {
                poke(machine, row + 8 + k * 8L, arguments.get(k));
            }
            List<Long> buffer = calls.get(i).bufferAt(slot);
            for (int k = 0; k < buffer.size(); k++) {
                poke(machine, slot + k * 8L, buffer.get(k));
            }
        }
        poke(machine, CODE.address("count"), calls.size());
    }

    /** Fills the scratch page with garbage, registers handlers in it for all exceptions, and jumps into it. */
    static void loadGarbage(PvMachine machine, byte[] page) {
        long scratch = CODE.address("scratch");
        machine.memory().write(maddr(machine, scratch), page, 0, page.length);
        long traps = CODE.address("slots");
        for (int vector = 0; vector < 20; vector++) {
            // struct trap_info: vector, flags, cs, padding, address (Xen public/arch-x86/xen.h)
            poke(machine, traps + vector * 16L, vector | 0xE033L << 16);
            poke(machine, traps + vector * 16L + 8, scratch + vector * 150L);
        }
        poke(machine, CODE.address("table"), 0); // set_trap_table
        poke(machine, CODE.address("table") + 8, traps);
        poke(machine, CODE.address("count"), 1);
        long end = CODE.address("end");
        byte[] jump =
                new Assembler(end).movabs(RAX, scratch).jmp(RAX).assemble().bytes();
        machine.memory().write(maddr(machine, end), jump, 0, jump.length);
    }

    private static void poke(PvMachine machine, long linear, long value) {
        machine.memory().writeU64(maddr(machine, linear), value);
    }

    private static long maddr(PvMachine machine, long linear) {
        Vcpu vcpu = machine.domains().get(0).vcpus().get(0);
        return vcpu.paging().walk(vcpu.paging().base(), linear).maddr();
    }

    /** The page tables, some data frames and the mapped addresses of a domain that has not started. */
    static GuestPlaces places(PvMachine machine) {
        Vcpu vcpu = machine.domains().get(0).vcpus().get(0);
        TreeSet<Long> tables = new TreeSet<>();
        List<Long> frames = new ArrayList<>();
        for (long linear = BASE; linear < BASE + MEMORY; linear += 4096) {
            PageWalk walk = vcpu.paging().walk(vcpu.paging().base(), linear);
            if (walk.isMapped()) {
                walk.steps().forEach(step -> tables.add(step.entryMaddr() >>> 12));
                frames.add(Pte.mfn(walk.steps().get(3).entry()));
            }
        }
        frames.removeAll(tables);
        long code = CODE.address("scratch");
        List<Long> linear = List.of(code, code + 8, code - 4096, BASE + (1L << 20), BASE + MEMORY, 0x1000L);
        List<Long> some = new ArrayList<>(frames.subList(frames.size() - 8, frames.size()));
        some.add(maddr(machine, code) >>> 12);
        some.add(machine.domains().get(0).sharedInfoMfn());
        return new GuestPlaces(List.copyOf(tables), some, linear);
    }

    /** The contents of the kernel's own pages, by frame, of the second domain of a machine. */
    static Map<Long, String> victimPages(PvMachine machine) {
        Map<Long, String> pages = new TreeMap<>();
        Vcpu vcpu = machine.domains().get(1).vcpus().get(0);
        for (long linear = BASE; linear < CODE.end(); linear += 4096) {
            long maddr = vcpu.paging().walk(vcpu.kernelBase(), linear).maddr();
            byte[] bytes = new byte[4096];
            machine.memory().read(maddr, bytes, 0, bytes.length);
            pages.put(maddr >>> 12, HexFormat.of().formatHex(bytes));
        }
        return pages;
    }

    /** The same places, and the pages and tables of the second domain among the frames. */
    static GuestPlaces placesWithVictim(PvMachine machine) {
        GuestPlaces own = places(machine);
        List<Long> frames = new ArrayList<>(own.frames());
        frames.addAll(victimPages(machine).keySet());
        Vcpu vcpu = machine.domains().get(1).vcpus().get(0);
        vcpu.paging().walk(vcpu.kernelBase(), BASE).steps().forEach(step -> frames.add(step.entryMaddr() >>> 12));
        return new GuestPlaces(own.tables(), frames, own.linear());
    }

    /** The results that the domain stored, for calls that came back. */
    static List<Long> results(PvMachine machine, int calls) {
        List<Long> results = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            results.add(machine.memory().readU64(maddr(machine, CODE.address("table") + (long) i * ROW + 56)));
        }
        return results;
    }
}
