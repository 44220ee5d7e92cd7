package io.github.paravane.testkit.property;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.machine.DomainConfig;
import io.github.paravane.hypervisor.machine.PvMachine;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.Gpr;
import io.github.paravane.testkit.asm.Label;
import io.github.paravane.testkit.asm.Memory;
import io.github.paravane.testkit.asm.PvKernelImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A whole guest as a value: a kernel that takes its steps one after the other, whatever faults, and powers off. It always
 * has the same size, so frames lie in the same places for every guest in a machine of the same making.
 *
 * @param steps what it does, at most {@link #MOST_STEPS}
 */
public record HostileGuest(List<GuestStep> steps) {

    /** Steps that a guest may have. */
    public static final int MOST_STEPS = 64;

    /** Where pfn 0 is mapped. */
    public static final long BASE = 0xFFFF_FFFF_8000_0000L;

    /** Bytes of memory that {@link #config} gives the domain. */
    public static final long MEMORY = 8L << 20;

    private static final long BUFFER = BASE + 0x2_0000;
    private static final int SPAN = 0x2_1000;
    private static final int[] VECTORS = {0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 16, 17, 19};
    private static final List<Gpr> ARGUMENTS = List.of(Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.R10, Gpr.R8, Gpr.R9);
    private static final List<Gpr> REGISTERS = List.of(
            Gpr.RAX, Gpr.RCX, Gpr.RDX, Gpr.RBX, Gpr.RSP, Gpr.RBP, Gpr.RSI, Gpr.RDI, Gpr.R8, Gpr.R9, Gpr.R10, Gpr.R11,
            Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);

    public HostileGuest {
        steps = List.copyOf(steps);
        if (steps.size() > MOST_STEPS) {
            throw new IllegalArgumentException("a guest takes at most 64 steps, not " + steps.size());
        }
    }

    /** The domain that it runs in. */
    public DomainConfig config() {
        return DomainConfig.of(GuestImage.of(image())).memory(MEMORY);
    }

    /** What such a guest can name when it is the only one in a machine. */
    public static GuestPlaces places() {
        PvMachine machine = PvMachine.builder(AbiProfiles.XEN_4_17)
                .domain(new HostileGuest(List.of()).config())
                .virtualTime()
                .build();
        Vcpu vcpu = machine.domains().get(0).vcpus().get(0);
        Set<Long> tables = new TreeSet<>();
        Set<Long> frames = new TreeSet<>();
        List<Long> linear = new ArrayList<>();
        for (long at = BASE; at < BASE + MEMORY; at += 4096) {
            PageWalk walk = vcpu.paging().walk(vcpu.kernelBase(), at);
            walk.steps().forEach(step -> tables.add(step.entryMaddr() >>> 12));
            if (walk.isMapped()) {
                frames.add(walk.maddr() >>> 12);
            }
        }
        frames.removeAll(tables);
        for (long at = BASE; at < BASE + MEMORY; at += 4096) {
            PageWalk walk = vcpu.paging().walk(vcpu.kernelBase(), at);
            // The pages behind the kernel, and its tables: what a guest can hit without hitting its own code.
            if (walk.isMapped() && (at >= BASE + SPAN && linear.size() < 24 || tables.contains(walk.maddr() >>> 12))) {
                linear.add(at);
            }
        }
        return new GuestPlaces(List.copyOf(tables), List.copyOf(frames), linear);
    }

    /** The ELF file. */
    public byte[] image() {
        Assembler asm = new Assembler(BASE);
        Label traps = asm.label("traps");
        Label targets = asm.label("targets");
        Label current = asm.label("current");
        Label stack = asm.label("stack");
        Label handler = asm.label("handler");
        List<Label> next = new ArrayList<>();
        asm.named("start").xor(Gpr.EAX, Gpr.EAX).lea(Gpr.RDI, Memory.ptr(traps)).syscall(); // set_trap_table
        asm.mov(Gpr.EAX, 21).xor(Gpr.EDI, Gpr.EDI).mov(Gpr.ESI, 2).syscall(); // vm_assist: writable page tables
        for (int n = 0; n < steps.size(); n++) {
            next.add(asm.label("next " + n));
            asm.lea(Gpr.RSP, Memory.ptr(stack)).mov(Memory.dword(Memory.ptr(current)), n);
            take(asm, steps.get(n));
            asm.bind(next.get(n));
        }
        Label reason = asm.label("reason");
        asm.mov(Gpr.EAX, 29)
                .mov(Gpr.EDI, 2)
                .lea(Gpr.RSI, Memory.ptr(reason))
                .syscall()
                .ud2(); // sched_op: power off
        asm.bind(handler).mov(Gpr.EAX, Memory.dword(Memory.ptr(current))).lea(Gpr.RCX, Memory.ptr(targets));
        asm.jmp(Memory.qword(Memory.ptr(Gpr.RCX, Gpr.RAX, 8)));
        asm.align(16).bind(reason).u32(0).bind(current).u32(0);
        asm.bind(targets);
        next.forEach(each -> asm.u64(each));
        asm.align(16).bind(traps);
        for (int vector : VECTORS) {
            asm.u8(vector).u8(0).u16(0xE033).u32(0).u64(handler);
        }
        asm.zeros(16).zeros(1024).align(16).bind(stack).zeros(16);
        int used = asm.assemble().bytes().length;
        asm.zeros((int) (BUFFER - BASE) - used).zeros(4096);
        return PvKernelImage.of(asm.assemble()).entry("start").toElf();
    }

    private static void take(Assembler asm, GuestStep step) {
        if (step instanceof GuestStep.Call call) {
            call(asm, call.request());
        } else if (step instanceof GuestStep.Store store) {
            store(asm, store);
        } else if (step instanceof GuestStep.Load load) {
            asm.movabs(Gpr.RBX, load.linear()).mov(Gpr.RAX, Memory.ptr(Gpr.RBX));
        } else if (step instanceof GuestStep.SetRegister set) {
            asm.movabs(REGISTERS.get(set.number()), set.value());
        } else if (step instanceof GuestStep.Execute execute) {
            // What comes next must not become part of a long instruction.
            asm.raw(execute.instruction().toArray());
            asm.bytes(0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90);
        }
    }

    private static void call(Assembler asm, HypercallRequest request) {
        List<Long> words = request.bufferAt(BUFFER);
        asm.movabs(Gpr.RBX, BUFFER);
        for (int n = 0; n < words.size(); n++) {
            asm.movabs(Gpr.RAX, words.get(n)).mov(Memory.ptr(Gpr.RBX, 8 * n), Gpr.RAX);
        }
        List<Long> values = request.argumentsAt(BUFFER);
        for (int n = 0; n < values.size(); n++) {
            asm.movabs(ARGUMENTS.get(n), values.get(n));
        }
        asm.mov(Gpr.EAX, request.number()).syscall();
    }

    private static void store(Assembler asm, GuestStep.Store store) {
        asm.movabs(Gpr.RBX, store.linear()).movabs(Gpr.RDX, store.value());
        Memory place = Memory.ptr(Gpr.RBX);
        switch (store.how()) {
            case MOV -> asm.mov(place, Gpr.RDX);
            case XCHG -> asm.xchg(place, Gpr.RDX);
            case LOCK_CMPXCHG -> asm.mov(Gpr.RAX, place).lock().cmpxchg(place, Gpr.RDX);
            case LOCK_AND -> asm.lock().and(place, Gpr.RDX);
            case MOV_HALF -> asm.mov(place, Gpr.EDX);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("hostile guest:");
        steps.forEach(step -> text.append("\n  ").append(step));
        return text.toString();
    }
}
