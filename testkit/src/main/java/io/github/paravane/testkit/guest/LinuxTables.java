package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.testkit.guest.HypervisorCalls.Extended;
import java.util.List;

/**
 * Linux's tables (solaris-and-linux-guests, G.3): built in ordinary memory, made read-only and pinned when a process is
 * first switched to, L1 tables pinned one by one; a table that comes later is pinned before it is linked.
 */
final class LinuxTables implements ProcessTables {

    private static final int LEAF_TABLE_SHIFT = 21;

    private final KernelPort port;
    private final KernelSpace space;
    private final HypervisorCalls calls;
    private final LeafWriter leaves;

    LinuxTables(KernelPort port, KernelSpace space, HypervisorCalls calls, PteHabits habits) {
        this.port = port;
        this.space = space;
        this.calls = calls;
        this.leaves = new LeafWriter(space, calls, habits);
    }

    @Override
    public AddressSpace create(String name) {
        AddressSpace process = new AddressSpace(name, space.allocate(), space.allocate());
        copyKernelSlots(space.root(), process.kernelRoot());
        return process;
    }

    /** Copies the kernel half by ordinary stores. */
    void copyKernelSlots(long from, long to) {
        LeafWriter.forKernelSlots(port, from, offset -> port.store(to + offset, 8, port.load(from + offset, 8)));
    }

    @Override
    public void install(AddressSpace process, long linear, long entry) {
        write(process, linear, entry, PteOperation.INSTALL);
    }

    private void write(AddressSpace process, long linear, long entry, PteOperation why) {
        leaves.write(process, table(process, linear), linear, entry, why);
    }

    private long table(AddressSpace process, long linear) {
        return space.leafTable(process.kernelRoot(), linear, (slot, shift, table) -> link(process, slot, shift, table));
    }

    private void link(AddressSpace process, long slot, int shift, long table) {
        long entry = space.tableEntry(table);
        boolean isTop = slot >>> 12 == process.kernelRoot() >>> 12;
        long twin = process.userRoot() | slot & 0xFFF;
        process.addTable(table, shift == LEAF_TABLE_SHIFT);
        if (!process.isPinned()) {
            port.store(slot, 8, entry);
            if (isTop) {
                port.store(twin, 8, entry);
            }
            return;
        }
        HypervisorCalls.Multicall batch = calls.multicall();
        readOnly(batch, table);
        if (shift == LEAF_TABLE_SHIFT) {
            batch.add(new Extended(HypervisorCalls.PIN_L1, space.mfn(table)));
        }
        batch.flush();
        space.update(isTop ? List.of(slot, twin) : List.of(slot), entry);
    }

    private void readOnly(HypervisorCalls.Multicall batch, long table) {
        batch.add(HypervisorCalls.UPDATE_VA_MAPPING, table, space.readOnly(table), 0);
    }

    @Override
    public void setWritable(AddressSpace process, long linear, boolean writable) {
        leaves.setWritable(process, table(process, linear), linear, writable);
    }

    @Override
    public void replace(AddressSpace process, long linear, long entry) {
        write(process, linear, 0, PteOperation.CLEAR);
        leaves.invalidate(linear);
        write(process, linear, entry, PteOperation.INSTALL);
    }

    @Override
    public void clear(AddressSpace process, long linear, PteOperation why) {
        if (why == PteOperation.FREE) {
            unpin(process);
        }
        write(process, linear, 0, why);
        leaves.invalidate(linear);
    }

    private void pin(AddressSpace process) {
        if (process.isPinned()) {
            return;
        }
        HypervisorCalls.Multicall batch = calls.multicall();
        process.tables().forEach(table -> readOnly(batch, table));
        process.leafTables().forEach(table -> batch.add(new Extended(HypervisorCalls.PIN_L1, space.mfn(table))));
        for (long root : new long[] {process.kernelRoot(), process.userRoot()}) {
            readOnly(batch, root);
            batch.add(new Extended(HypervisorCalls.PIN_L4, space.mfn(root)));
        }
        batch.flush();
        process.setPinned(true);
    }

    private void unpin(AddressSpace process) {
        if (!process.isPinned()) {
            return;
        }
        HypervisorCalls.Multicall batch = calls.multicall();
        batch.add(new Extended(HypervisorCalls.UNPIN, space.mfn(process.kernelRoot())));
        batch.add(new Extended(HypervisorCalls.UNPIN, space.mfn(process.userRoot())));
        process.leafTables().forEach(table -> batch.add(new Extended(HypervisorCalls.UNPIN, space.mfn(table))));
        batch.flush();
        process.setPinned(false);
        process.tables().forEach(space::unprotect);
        space.unprotect(process.kernelRoot());
        space.unprotect(process.userRoot());
    }

    @Override
    public void switchTo(AddressSpace process, long stackTop) {
        pin(process);
        calls.multicall()
                .add(new Extended(HypervisorCalls.NEW_BASEPTR, space.mfn(process.kernelRoot())))
                .add(new Extended(HypervisorCalls.NEW_USER_BASEPTR, space.mfn(process.userRoot())))
                .add(HypervisorCalls.STACK_SWITCH, HypervisorCalls.KERNEL_SS, stackTop)
                .add(HypervisorCalls.SET_SEGMENT_BASE, HypervisorCalls.SEGMENT_FS, 0)
                .add(HypervisorCalls.SET_SEGMENT_BASE, HypervisorCalls.SEGMENT_GS_USER, 0)
                .add(HypervisorCalls.FPU_TASKSWITCH, 1)
                .flush();
        leaves.setLoaded(process.kernelRoot());
    }

    @Override
    public void leave() {
        calls.multicall()
                .add(new Extended(HypervisorCalls.NEW_BASEPTR, space.mfn(space.root())))
                .add(new Extended(HypervisorCalls.NEW_USER_BASEPTR, 0))
                .flush();
        leaves.setLoaded(space.root());
    }

    @Override
    public void destroy(AddressSpace process) {
        unpin(process);
        space.forget(process);
    }
}
