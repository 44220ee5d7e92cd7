package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.DomainMemory;
import java.util.Arrays;

/** The grant table of one domain: shared frames that it fills with entries, and which entries are in use. */
public final class GrantTable {

    /** Frames a table may have. */
    public static final int MAX_FRAMES = 64;

    private static final int PERMIT_ACCESS = 1;
    private static final int ENTRY_SIZE = 8;
    private static final int WIDE_ENTRY_SIZE = 16;
    private static final int STATUS_SIZE = 2;

    private final Domain domain;
    private final DomainMemory allocator;
    private final MachineMemory memory;
    private long[] frames = {};
    private long[] statusFrames = {};
    private int version = 1;
    private int uses;

    GrantTable(Domain domain, DomainMemory allocator) {
        this.domain = domain;
        this.allocator = allocator;
        this.memory = domain.platform().memory();
        grow(1);
    }

    /** Number of shared frames. */
    public int frameCount() {
        return frames.length;
    }

    /** mfn of shared frame {@code index}. */
    public long frame(int index) {
        return frames[index];
    }

    /** Number of status frames; none before version 2. */
    public int statusFrameCount() {
        return statusFrames.length;
    }

    /** mfn of status frame {@code index}. */
    public long statusFrame(int index) {
        return statusFrames[index];
    }

    /** 1 or 2. */
    public int version() {
        return version;
    }

    /** Whether entries are in use by other domains. */
    public boolean isInUse() {
        return uses > 0;
    }

    /** Counts a use of an entry, or its end. */
    void use(int change) {
        uses += change;
    }

    /** Makes sure of {@code count} frames; false beyond the limit or without memory. */
    public boolean grow(int count) {
        if (count > MAX_FRAMES) {
            return false;
        }
        while (frames.length < count) {
            long mfn = allocator.allocateShared(domain.id());
            if (mfn == FrameTable.NONE) {
                return false;
            }
            frames = Arrays.copyOf(frames, frames.length + 1);
            frames[frames.length - 1] = mfn;
        }
        return version == 1 || growStatus();
    }

    private boolean growStatus() {
        int needed = (frames.length * (MachineMemory.FRAME_SIZE / WIDE_ENTRY_SIZE) * STATUS_SIZE
                        + MachineMemory.FRAME_SIZE
                        - 1)
                / MachineMemory.FRAME_SIZE;
        while (statusFrames.length < needed) {
            long mfn = allocator.allocateShared(domain.id());
            if (mfn == FrameTable.NONE) {
                return false;
            }
            statusFrames = Arrays.copyOf(statusFrames, statusFrames.length + 1);
            statusFrames[statusFrames.length - 1] = mfn;
        }
        return true;
    }

    /** Changes the version; entries of the old one are cleared. False without memory for status frames. */
    public boolean setVersion(int value) {
        if (value == version) {
            return true;
        }
        version = value;
        if (value == 2 && !growStatus()) {
            version = 1;
            return false;
        }
        for (long mfn : frames) {
            memory.zeroFrame(mfn);
        }
        return true;
    }

    /** Number of references the table has room for. */
    public int references() {
        return frames.length * (MachineMemory.FRAME_SIZE / entrySize());
    }

    private int entrySize() {
        return version == 1 ? ENTRY_SIZE : WIDE_ENTRY_SIZE;
    }

    /** Machine address of the entry of an existing reference. */
    long entryAddress(int reference) {
        long offset = (long) reference * entrySize();
        return (frames[(int) (offset >>> 12)] << 12) + (offset & 0xFFF);
    }

    /** Grants a frame to another domain, as the tools do for console and store. */
    public void permit(int reference, int toDomain, long frame) {
        if (version != 1 || reference < 0 || reference >= references()) {
            throw new IllegalArgumentException("no such reference: 0x" + Integer.toHexString(reference));
        }
        long entry = entryAddress(reference);
        memory.writeU16(entry + 2, toDomain);
        memory.writeU32(entry + 4, (int) frame);
        memory.writeU16(entry, PERMIT_ACCESS);
    }
}
