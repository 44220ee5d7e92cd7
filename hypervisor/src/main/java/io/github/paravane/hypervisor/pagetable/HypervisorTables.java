package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import org.jspecify.annotations.Nullable;

/**
 * The hypervisor's own frames and tables, made once per machine and shared by all domains: the M2P and what slots 256 to
 * 271 of every L4 table show (abi-reference 1.1, 3.13).
 *
 * <p>Only the M2P is readable by guests. The other slots exist so that faults tell what they tell on Xen: the per-domain
 * area, Xen's own mappings and the direct map are present and for the supervisor only.
 */
public final class HypervisorTables {

    /** First slot of an L4 table that belongs to the hypervisor. */
    public static final int FIRST_SLOT = 256;

    /** Last slot of an L4 table that belongs to the hypervisor. */
    public static final int LAST_SLOT = 271;

    private static final int LINEAR_SLOT = 258;
    private static final int PER_DOMAIN_SLOT = 260;
    private static final int TEXT_SLOT = 261;
    private static final int DIRECT_MAP_SLOT = 262;

    /** Frames 0 to 255: the PC's first megabyte, which belongs to devices. */
    private static final int DEVICE_FRAMES = 256;

    private static final int FRAMES_PER_LARGE_PAGE = 512;
    private static final long READ_WRITE = Pte.PRESENT | Pte.RW | Pte.ACCESSED | Pte.DIRTY;
    private static final long GUEST_READ_ONLY = Pte.PRESENT | Pte.USER | Pte.ACCESSED;

    private final MachineMemory memory;
    private final FrameTable frames;
    private final PageTableWriter writer;
    private final M2p m2p;
    private final boolean m2pInEveryTable;

    /** NX, where the processor has it. */
    private final long noExecute;

    private final long m2pEntry;
    private final long perDomainEntry;
    private final long textEntry;
    private final long directMapEntry;
    private @Nullable CompatTables compat;

    HypervisorTables(Platform platform, PageTableWriter writer) {
        this.memory = platform.memory();
        this.frames = platform.frames();
        this.writer = writer;
        noExecute = platform.options().noExecute() ? Pte.NX : 0;
        m2pInEveryTable = platform.profile().get(MmuRules.M2P_IN_USER_TABLES);
        reserveDeviceFrames();
        long count = M2p.tableFrames(memory.frames());
        m2p = new M2p(memory, allocateRun(count));
        m2pEntry = Pte.of(mapM2p(count), GUEST_READ_ONLY | noExecute);
        perDomainEntry = Pte.of(mapPerDomainArea(), READ_WRITE | noExecute);
        textEntry = Pte.of(allocateRun(1), READ_WRITE);
        directMapEntry = Pte.of(mapDirectly(), READ_WRITE | noExecute);
    }

    /** Frames of a machine of {@code frames} frames that no domain can have; an upper bound. */
    public static long overhead(long frames) {
        long m2pFrames = M2p.tableFrames(frames);
        return DEVICE_FRAMES + m2pFrames + m2pFrames / FRAMES_PER_LARGE_PAGE + FRAMES_PER_LARGE_PAGE + 16;
    }

    /** What 32-bit domains see; made at the first call. */
    public CompatTables compat() {
        CompatTables made = compat;
        if (made == null) {
            made = new CompatTables(memory, frames, writer, this);
            compat = made;
        }
        return made;
    }

    /** The machine-to-physical table. */
    public M2p m2p() {
        return m2p;
    }

    /** Whether a slot of an L4 table is the hypervisor's. */
    public static boolean isHypervisorSlot(int slot) {
        return slot >= FIRST_SLOT && slot <= LAST_SLOT;
    }

    /** Overwrites slots 256 to 271 of an L4 table; {@code withM2p}: the M2P shows even before the table is a base. */
    void fillSlots(long l4, boolean withM2p) {
        for (int slot = FIRST_SLOT; slot <= LAST_SLOT; slot++) {
            writer.storeHypervisorEntry(slotAddress(l4, slot), entry(l4, slot, withM2p || m2pInEveryTable));
        }
    }

    private long entry(long l4, int slot, boolean withM2p) {
        switch (slot) {
            case FIRST_SLOT:
                return withM2p ? m2pEntry : 0;
            case LINEAR_SLOT:
                return Pte.of(l4, READ_WRITE | noExecute);
            case PER_DOMAIN_SLOT:
                return perDomainEntry;
            case TEXT_SLOT:
                return textEntry;
            case DIRECT_MAP_SLOT:
                return directMapEntry;
            default:
                return 0;
        }
    }

    /** Makes the M2P visible in an L4 table. */
    void showM2p(long l4) {
        writer.storeHypervisorEntry(slotAddress(l4, FIRST_SLOT), m2pEntry);
    }

    /** Hides the M2P from an L4 table. */
    void hideM2p(long l4) {
        writer.storeHypervisorEntry(slotAddress(l4, FIRST_SLOT), 0);
    }

    private static long slotAddress(long l4, int slot) {
        return (l4 << 12) + 8L * slot;
    }

    private void reserveDeviceFrames() {
        long first = allocateRun(DEVICE_FRAMES);
        if (first != 0) {
            throw new IllegalStateException("frame 0 is taken already");
        }
        for (long mfn = 0; mfn < DEVICE_FRAMES; mfn++) {
            frames.setOwner(mfn, FrameTable.IO);
        }
    }

    /** An L3 table over the M2P: 2 MiB pages as far as whole ones exist, then 4 KiB pages. */
    private long mapM2p(long count) {
        long l3 = allocateRun(1);
        long chunks = (count + FRAMES_PER_LARGE_PAGE - 1) / FRAMES_PER_LARGE_PAGE;
        for (long chunk = 0; chunk < chunks; chunk++) {
            long l3Entry = (l3 << 12) + 8 * (chunk / FRAMES_PER_LARGE_PAGE);
            if (memory.readU64(l3Entry) == 0) {
                memory.writeU64(l3Entry, Pte.of(allocateRun(1), GUEST_READ_ONLY | noExecute));
            }
            long l2Entry = (Pte.mfn(memory.readU64(l3Entry)) << 12) + 8 * (chunk % FRAMES_PER_LARGE_PAGE);
            long mfn = m2p.firstMfn() + chunk * FRAMES_PER_LARGE_PAGE;
            long left = count - chunk * FRAMES_PER_LARGE_PAGE;
            memory.writeU64(
                    l2Entry,
                    left >= FRAMES_PER_LARGE_PAGE
                            ? Pte.of(mfn, GUEST_READ_ONLY | noExecute | Pte.DIRTY | Pte.PSE)
                            : Pte.of(mapSmallPages(mfn, left), GUEST_READ_ONLY | noExecute));
        }
        return l3;
    }

    private long mapSmallPages(long mfn, long count) {
        long l1 = allocateRun(1);
        for (long page = 0; page < count; page++) {
            memory.writeU64((l1 << 12) + 8 * page, Pte.of(mfn + page, GUEST_READ_ONLY | noExecute | Pte.DIRTY));
        }
        return l1;
    }

    /** The GDT's place: tables down to one page that only the supervisor may touch. */
    private long mapPerDomainArea() {
        long l3 = allocateRun(4);
        for (long level = 0; level < 3; level++) {
            memory.writeU64(l3 + level << 12, Pte.of(l3 + level + 1, READ_WRITE | (level == 2 ? noExecute : 0)));
        }
        return l3;
    }

    /** All of memory in 1 GiB pages for the supervisor. */
    private long mapDirectly() {
        long l3 = allocateRun(1);
        long gigabytes = Math.min(memory.frames() + (1 << 18) - 1 >>> 18, 512);
        for (long i = 0; i < gigabytes; i++) {
            memory.writeU64((l3 << 12) + 8 * i, Pte.of(i << 18, READ_WRITE | Pte.PSE | noExecute));
        }
        return l3;
    }

    private long allocateRun(long count) {
        int alignment = count >= FRAMES_PER_LARGE_PAGE ? FRAMES_PER_LARGE_PAGE : 1;
        long first = frames.allocateRun(FrameTable.XEN, (int) count, alignment);
        if (first == FrameTable.NONE) {
            throw new IllegalArgumentException(
                    "machine too small for the hypervisor: 0x" + Long.toHexString(memory.frames()) + " frames");
        }
        return first;
    }
}
