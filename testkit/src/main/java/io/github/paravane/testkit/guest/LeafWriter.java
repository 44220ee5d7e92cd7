package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import java.util.function.LongConsumer;

/** Writes the leaf entries of processes in the ways of a kernel's habits, as far as a way can be gone. */
final class LeafWriter {

    private static final int FIRST_KERNEL_SLOT = 272;
    private static final int SLOTS = 512;

    private final KernelSpace space;
    private final HypervisorCalls calls;
    private final PteHabits habits;
    private long loadedRoot;

    LeafWriter(KernelSpace space, HypervisorCalls calls, PteHabits habits) {
        this.space = space;
        this.calls = calls;
        this.habits = habits;
    }

    /** Notes which kernel root is loaded. */
    void setLoaded(long root) {
        loadedRoot = root;
    }

    /** Writes an entry of a process into its L1 table. */
    void write(AddressSpace process, long table, long linear, long entry, PteOperation why) {
        space.write(table, linear, entry, way(process, why));
    }

    /** Takes write permission away or gives it, and invalidates the page. */
    void setWritable(AddressSpace process, long table, long linear, boolean writable) {
        PteOperation why = writable ? PteOperation.UPDATE : PteOperation.PROTECT;
        space.change(table, linear, entry -> writable ? entry | Pte.RW : entry & ~Pte.RW, way(process, why));
        invalidate(linear);
    }

    void invalidate(long linear) {
        calls.extended(HypervisorCalls.INVLPG_LOCAL, linear);
    }

    /** Tables in ordinary memory are written by MOV; update_va_mapping reaches only what is loaded. */
    private PteWrite way(AddressSpace process, PteOperation why) {
        PteWrite way = habits.way(why);
        boolean isHypercall =
                way == PteWrite.VA_MAPPING || way == PteWrite.MMU_UPDATE || way == PteWrite.MMU_UPDATE_PRESERVE_AD;
        if (!process.isPinned() && isHypercall) {
            return PteWrite.STORE;
        }
        return way == PteWrite.VA_MAPPING && loadedRoot != process.kernelRoot() ? PteWrite.MMU_UPDATE : way;
    }

    /** Names the offset of each slot of a root that maps kernel memory; slots 256 to 271 are the hypervisor's. */
    static void forKernelSlots(KernelPort port, long root, LongConsumer action) {
        for (long slot = FIRST_KERNEL_SLOT; slot < SLOTS; slot++) {
            if (Pte.isPresent(port.load(root + 8 * slot, 8))) {
                action.accept(8 * slot);
            }
        }
    }
}
