package io.github.paravane.samples.observer;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestKernel;
import io.github.paravane.api.guest.IretFrame;
import io.github.paravane.api.guest.KernelEntry;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.testkit.asm.Assembler;
import io.github.paravane.testkit.asm.PvKernelImage;
import io.github.paravane.testkit.guest.KernelSpace;
import java.util.function.Consumer;

/** Stores to a page, to an unmapped page, and, in its page-fault handler, to a page table; says what it is about to do. */
final class StoringKernel implements GuestKernel {

    private static final long BASE = 0xFFFF_FFFF_8000_0000L;
    private static final long HEAP = 0xFFFF_FF01_0000_0000L;
    private static final int SET_TRAP_TABLE = 0,
            UPDATE_VA_MAPPING = 14,
            VM_ASSIST = 21,
            SCHED_OP = 29,
            INVLPG_LOCAL = 2;
    private static final long LEAF = 0x63;

    private final Consumer<String> narrator;
    private long entry;
    private long table;

    /** Tells {@code narrator} what comes next; the first and the last word are {@code begin} and {@code end}. */
    StoringKernel(Consumer<String> narrator) {
        this.narrator = narrator;
    }

    @Override
    public GuestImage image() {
        return GuestImage.of(
                PvKernelImage.of(new Assembler(BASE).ud2().assemble()).toElf());
    }

    @Override
    public void boot(KernelPort port) {
        KernelSpace space = new KernelSpace(port, BASE, 0);
        long stack = port.registers().gpr(Registers.RSP) - 64;
        port.hypercall(VM_ASSIST, 0, 2);
        port.store(stack, 8, Trap.PF | 0xE033L << 16);
        port.store(stack + 8, 8, port.handlerAddress(Trap.PF));
        port.hypercall(SET_TRAP_TABLE, stack);
        table = space.leafTable(space.root(), HEAP);
        entry = space.mfn(space.allocate()) << 12 | LEAF;
        narrator.accept("begin");
        narrator.accept("steps 1 and 2: a store to a mapped page; nothing to see");
        port.store(stack, 8, 1);
        narrator.accept("steps 3 to 5: a store to an unmapped page; the handler maps it with a store of its own");
        port.store(HEAP, 8, 1);
        narrator.accept("the store is done; step 7, a flush that comes with an update");
        port.hypercall(UPDATE_VA_MAPPING, HEAP, entry & ~2, INVLPG_LOCAL);
        narrator.accept("end");
        port.store(stack, 8, 0);
        port.hypercall(SCHED_OP, 2, stack);
    }

    /** Steps 3 and 6: the handler's store hits a page table, which is read-only, and is emulated. */
    @Override
    public void entered(KernelPort port, KernelEntry at) {
        long[] frame = new long[8];
        for (int n = 0; n < frame.length; n++) {
            frame[n] = port.load(at.frame() + 8L * n, 8);
        }
        narrator.accept("in the handler; steps 3 and 6: a store to a page table");
        port.store(table, 8, entry);
        narrator.accept("back from the handler");
        port.iret(new IretFrame(0, frame[1], frame[0], 0, frame[3], frame[4], frame[5], frame[6], frame[7]));
    }
}
