package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.testkit.guest.HypervisorCalls.Extended;
import java.util.List;

/**
 * The i86xpv HAT (solaris-and-linux-guests, A): every table is read-only before it is linked, upper entries go through
 * mmu_update, the two roots of a process are updated in one call and pinned from the start.
 */
final class SolarisTables implements ProcessTables {

    private final KernelPort port;
    private final KernelSpace space;
    private final HypervisorCalls calls;
    private final LeafWriter leaves;

    SolarisTables(KernelPort port, KernelSpace space, HypervisorCalls calls, PteHabits habits) {
        this.port = port;
        this.space = space;
        this.calls = calls;
        this.leaves = new LeafWriter(space, calls, habits);
    }

    @Override
    public AddressSpace create(String name) {
        AddressSpace process = new AddressSpace(name, space.allocate(), space.allocate());
        LeafWriter.forKernelSlots(
                port,
                space.root(),
                offset -> space.update(List.of(process.kernelRoot() + offset), port.load(space.root() + offset, 8)));
        space.protect(process.kernelRoot());
        space.protect(process.userRoot());
        calls.extended(
                new Extended(HypervisorCalls.PIN_L4, space.mfn(process.kernelRoot())),
                new Extended(HypervisorCalls.PIN_L4, space.mfn(process.userRoot())));
        process.setPinned(true);
        return process;
    }

    @Override
    public void install(AddressSpace process, long linear, long entry) {
        write(process, linear, entry, PteOperation.INSTALL);
    }

    private void write(AddressSpace process, long linear, long entry, PteOperation why) {
        leaves.write(process, table(process, linear), linear, entry, why);
    }

    private long table(AddressSpace process, long linear) {
        return space.leafTable(process.kernelRoot(), linear, (slot, shift, table) -> {
            space.protect(table);
            space.update(
                    slot >>> 12 == process.kernelRoot() >>> 12
                            ? List.of(slot, process.userRoot() | slot & 0xFFF)
                            : List.of(slot),
                    space.tableEntry(table));
            process.addTable(table, shift == 21);
        });
    }

    @Override
    public void setWritable(AddressSpace process, long linear, boolean writable) {
        leaves.setWritable(process, table(process, linear), linear, writable);
    }

    @Override
    public void replace(AddressSpace process, long linear, long entry) {
        write(process, linear, entry, PteOperation.UPDATE);
        leaves.invalidate(linear);
    }

    @Override
    public void clear(AddressSpace process, long linear, PteOperation why) {
        write(process, linear, 0, why);
        leaves.invalidate(linear);
    }

    @Override
    public void switchTo(AddressSpace process, long stackTop) {
        load(process.kernelRoot(), process.userRoot());
        calls.call("stack_switch", HypervisorCalls.STACK_SWITCH, HypervisorCalls.KERNEL_SS, stackTop);
        calls.call("set_segment_base", HypervisorCalls.SET_SEGMENT_BASE, HypervisorCalls.SEGMENT_FS, 0);
        calls.call("set_segment_base", HypervisorCalls.SET_SEGMENT_BASE, HypervisorCalls.SEGMENT_GS_USER, 0);
        calls.call("fpu_taskswitch", HypervisorCalls.FPU_TASKSWITCH, 1);
    }

    /** hat_switch: one call, two commands. */
    private void load(long kernelRoot, long userRoot) {
        calls.extended(
                new Extended(HypervisorCalls.NEW_BASEPTR, space.mfn(kernelRoot)),
                new Extended(HypervisorCalls.NEW_USER_BASEPTR, space.mfn(userRoot)));
        leaves.setLoaded(kernelRoot);
    }

    @Override
    public void leave() {
        // The kernel's own address space has itself for user root.
        load(space.root(), space.root());
    }

    @Override
    public void destroy(AddressSpace process) {
        calls.extended(
                new Extended(HypervisorCalls.UNPIN, space.mfn(process.kernelRoot())),
                new Extended(HypervisorCalls.UNPIN, space.mfn(process.userRoot())));
        process.setPinned(false);
        space.forget(process);
    }
}
