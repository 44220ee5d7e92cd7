package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.testkit.guest.HypervisorCalls.Extended;
import java.util.List;

/**
 * Linux's tables (solaris-and-linux-guests, G.3): built in ordinary memory, made read-only and pinned when a process is
 * first switched to, L1 tables pinned one by one; a table that comes later is pinned before it is linked.
 */
final class LinuxTables implements ProcessTables {

    private static final int FIRST_KERNEL_SLOT = 272;
    private static final int SLOTS = 512;
    private static final int LEAF_TABLE_SHIFT = 21;

    private final KernelPort port;
    private final KernelSpace space;
    private final HypervisorCalls calls;
    private final PteHabits habits;
    private long loadedRoot;

    LinuxTables(KernelPort port, KernelSpace space, HypervisorCalls calls, PteHabits habits) {
        this.port = port;
        this.space = space;
        this.calls = calls;
        this.habits = habits;
    }

    @Override
    public AddressSpace create(String name) {
        AddressSpace process = new AddressSpace(name, space.allocate(), space.allocate());
        copyKernelSlots(space.root(), process.kernelRoot());
        return process;
    }

    /** Copies the kernel half by ordinary stores; slots 256 to 271 are the hypervisor's, who fills them itself. */
    void copyKernelSlots(long from, long to) {
        for (int slot = FIRST_KERNEL_SLOT; slot < SLOTS; slot++) {
            long entry = port.load(from + 8L * slot, 8);
            if (Pte.isPresent(entry)) {
                port.store(to + 8L * slot, 8, entry);
            }
        }
    }

    @Override
    public void install(AddressSpace process, long linear, long entry) {
        write(process, linear, entry, PteOperation.INSTALL);
    }

    private void write(AddressSpace process, long linear, long entry, PteOperation why) {
        space.write(table(process, linear), linear, entry, way(process, why));
    }

    /** Ordinary memory is written by MOV; update_va_mapping reaches only what is loaded. */
    private PteWrite way(AddressSpace process, PteOperation why) {
        PteWrite way = habits.way(why);
        boolean isHypercall =
                way == PteWrite.VA_MAPPING || way == PteWrite.MMU_UPDATE || way == PteWrite.MMU_UPDATE_PRESERVE_AD;
        if (!process.isPinned() && isHypercall) {
            return PteWrite.STORE;
        }
        return way == PteWrite.VA_MAPPING && loadedRoot != process.kernelRoot() ? PteWrite.MMU_UPDATE : way;
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
        PteOperation why = writable ? PteOperation.UPDATE : PteOperation.PROTECT;
        space.change(
                table(process, linear),
                linear,
                entry -> writable ? entry | Pte.RW : entry & ~Pte.RW,
                way(process, why));
        invalidate(linear);
    }

    @Override
    public void replace(AddressSpace process, long linear, long entry) {
        write(process, linear, 0, PteOperation.CLEAR);
        invalidate(linear);
        write(process, linear, entry, PteOperation.INSTALL);
    }

    @Override
    public void clear(AddressSpace process, long linear, PteOperation why) {
        if (why == PteOperation.FREE) {
            unpin(process);
        }
        write(process, linear, 0, why);
        invalidate(linear);
    }

    private void invalidate(long linear) {
        calls.extended(HypervisorCalls.INVLPG_LOCAL, linear);
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
        loadedRoot = process.kernelRoot();
    }

    @Override
    public void leave() {
        calls.multicall()
                .add(new Extended(HypervisorCalls.NEW_BASEPTR, space.mfn(space.root())))
                .add(new Extended(HypervisorCalls.NEW_USER_BASEPTR, 0))
                .flush();
        loadedRoot = space.root();
    }

    @Override
    public void destroy(AddressSpace process) {
        unpin(process);
        space.forget(process);
    }
}
