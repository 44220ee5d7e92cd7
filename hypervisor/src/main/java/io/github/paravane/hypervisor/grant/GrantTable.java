package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.DomainMemory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The grant table of one domain: shared frames that it fills with entries, and which entries are in use. */
public final class GrantTable {

    /** Frames a table may have. */
    public static final int MAX_FRAMES = 64;

    private static final int TYPE_MASK = 3;
    private static final int PERMIT_ACCESS = 1;
    private static final int READ_ONLY = 1 << 2;
    private static final int READING = 1 << 3;
    private static final int WRITING = 1 << 4;
    private static final int SUB_PAGE = 1 << 8;
    private static final int ENTRY_SIZE = 8;
    private static final int WIDE_ENTRY_SIZE = 16;
    private static final int STATUS_SIZE = 2;

    private final Domain domain;
    private final DomainMemory allocator;
    private final MachineMemory memory;
    private long[] frames = {};
    private long[] statusFrames = {};
    private int version = 1;
    private final Map<Integer, Uses> uses = new HashMap<>();

    /** How often an entry is in use. */
    private static final class Uses {
        private int readers;
        private int writers;
    }

    /** The domain that grants. */
    Domain domain() {
        return domain;
    }

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
        return !uses.isEmpty();
    }

    /** Whether the domain maps a status frame, which must not go then. */
    public boolean isStatusMapped() {
        FrameTable all = domain.platform().frames();
        return Arrays.stream(statusFrames).anyMatch(mfn -> all.count(mfn) > 1);
    }

    /**
     * Marks an entry as read, or read and written, by another domain; a {@link GrantStatus}, and nothing is marked unless
     * it is {@link GrantStatus#OKAY}.
     */
    int acquire(int reference, int by, boolean write) {
        if (Integer.compareUnsigned(reference, references()) >= 0) {
            return GrantStatus.BAD_REFERENCE;
        }
        long entry = entryAddress(reference);
        int flags = memory.readU16(entry);
        boolean granted = (flags & TYPE_MASK) == PERMIT_ACCESS && memory.readU16(entry + 2) == by;
        if (!granted || (flags & SUB_PAGE) != 0 || write && (flags & READ_ONLY) != 0) {
            return GrantStatus.GENERAL_ERROR;
        }
        Uses mine = uses.computeIfAbsent(reference, any -> new Uses());
        mine.readers++;
        mine.writers += write ? 1 : 0;
        long status = statusAddress(reference);
        memory.writeU16(status, memory.readU16(status) | READING | (write ? WRITING : 0));
        return GrantStatus.OKAY;
    }

    /** Ends a use that {@link #acquire} began. */
    void release(int reference, boolean write) {
        Uses mine = uses.get(reference);
        if (mine == null) {
            throw new IllegalStateException("not in use: 0x" + Integer.toHexString(reference));
        }
        mine.readers--;
        mine.writers -= write ? 1 : 0;
        if (mine.readers == 0) {
            uses.remove(reference);
        }
        if (frames.length == 0) {
            return;
        }
        long status = statusAddress(reference);
        int cleared = (mine.readers == 0 ? READING : 0) | (mine.writers == 0 ? WRITING : 0);
        memory.writeU16(status, memory.readU16(status) & ~cleared);
    }

    /** Forgets the frames, which went with the domain. */
    void end() {
        frames = new long[0];
        statusFrames = frames;
    }

    /** The frame that an entry grants. */
    long grantedFrame(int reference) {
        long entry = entryAddress(reference);
        return version == 1 ? memory.readU32(entry + 4) & 0xFFFF_FFFFL : memory.readU64(entry + 8);
    }

    private long statusAddress(int reference) {
        if (version == 1) {
            return entryAddress(reference);
        }
        long offset = (long) reference * STATUS_SIZE;
        return (statusFrames[(int) (offset >>> 12)] << 12) + (offset & 0xFFF);
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
        if (value == 1) {
            for (long mfn : statusFrames) {
                allocator.releaseShared(mfn);
            }
            statusFrames = new long[0];
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
