package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;

/**
 * What the hypervisor shows 32-bit domains in the L2 table of their last L3 slot: a machine-to-physical table of 4 bytes per
 * mfn from {@link #HOLE_START} on, read-only and for the supervisor (Xen {@code arch/x86/x86_64/mm.c}; abi-reference 8.1).
 * Made when the first such domain is.
 */
public final class CompatTables {

    /** HYPERVISOR_COMPAT_VIRT_START of an ordinary domain; everything above is the hypervisor's. */
    public static final long HOLE_START = 0xF580_0000L;

    /** MACH2PHYS_COMPAT_VIRT_END. */
    public static final long M2P_END = 0xFFE0_0000L;

    /** Slots of an L3 table that count; the others are cleared. */
    static final int ROOT_SLOTS = 4;

    /** The slot of an L3 table whose L2 has the hypervisor's slots. */
    static final int LAST_ROOT_SLOT = 3;

    private static final int FIRST_SLOT = (int) (HOLE_START >>> 21) & 511;
    private static final int SLOTS = 512;
    private static final int FRAMES_PER_LARGE_PAGE = 512;
    private static final int ENTRIES_PER_FRAME = 1024;
    private static final long ROOT_FLAGS = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED;

    private final MachineMemory memory;
    private final FrameTable frames;
    private final PageTableWriter writer;
    private final HypervisorTables native64;
    private final long[] slots = new long[SLOTS - FIRST_SLOT];

    CompatTables(MachineMemory memory, FrameTable frames, PageTableWriter writer, HypervisorTables native64) {
        this.memory = memory;
        this.frames = frames;
        this.writer = writer;
        this.native64 = native64;
        long m2p = allocate(m2pFrames(memory.frames()), FRAMES_PER_LARGE_PAGE);
        for (int page = 0; page * (long) FRAMES_PER_LARGE_PAGE < m2pFrames(memory.frames()); page++) {
            slots[page] = Pte.of(m2p + (long) page * FRAMES_PER_LARGE_PAGE, Pte.PRESENT | Pte.PSE);
        }
        native64.m2p().shadow(m2p << MachineMemory.FRAME_SHIFT);
    }

    /** Frames of a machine of {@code frames} frames that no domain can have because of this; an upper bound. */
    public static long overhead(long frames) {
        return m2pFrames(frames + 2L * FRAMES_PER_LARGE_PAGE) + FRAMES_PER_LARGE_PAGE;
    }

    private static long m2pFrames(long frames) {
        long needed = (frames + ENTRIES_PER_FRAME - 1) / ENTRIES_PER_FRAME;
        return (needed + FRAMES_PER_LARGE_PAGE - 1) / FRAMES_PER_LARGE_PAGE * FRAMES_PER_LARGE_PAGE;
    }

    /** Whether a slot of a table of {@code level} belongs to the hypervisor; {@code info} is the table's type word. */
    static boolean isHypervisorSlot(long info, int level, int slot) {
        return level == TypeInfo.L2 && (info & TypeInfo.XEN_SLOTS) != 0 && slot >= FIRST_SLOT;
    }

    /** Overwrites the hypervisor's slots of an L2 table. */
    void fillSlots(long l2) {
        for (int slot = FIRST_SLOT; slot < SLOTS; slot++) {
            writer.storeHypervisorEntry((l2 << 12) + 8L * slot, slots[slot - FIRST_SLOT]);
        }
    }

    /** Clears what the processor would see of an L3 table beyond its four entries. */
    void clearRest(long l3) {
        for (int slot = ROOT_SLOTS; slot < SLOTS; slot++) {
            writer.storeHypervisorEntry((l3 << 12) + 8L * slot, 0);
        }
    }

    /** A table above a guest's: the hypervisor's slots, and nothing of the guest's yet. */
    public long makeRoot() {
        long mfn = allocate(1, 1);
        native64.fillSlots(mfn, false);
        return mfn;
    }

    /** Hooks an L3 table into a table made by {@link #makeRoot}; 0 for none. */
    void setRoot(long root, long l3) {
        writer.storeHypervisorEntry(root << 12, l3 == 0 ? 0 : Pte.of(l3, ROOT_FLAGS));
    }

    /** Frees a table made by {@link #makeRoot}. */
    void freeRoot(long mfn) {
        memory.zeroFrame(mfn);
        frames.setCount(mfn, 0);
        frames.release(mfn);
    }

    private long allocate(long count, int alignment) {
        long first = frames.allocateRun(FrameTable.XEN, (int) count, alignment);
        if (first == FrameTable.NONE) {
            throw new IllegalStateException("no room for the tables of 32-bit domains");
        }
        return first;
    }
}
