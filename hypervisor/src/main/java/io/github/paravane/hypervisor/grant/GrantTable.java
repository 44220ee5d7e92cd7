package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.GrantRules.UnfitEntries;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.pagetable.DomainMemory;
import java.util.Arrays;

/** The grant table of one domain: shared frames that it fills with entries, and which entries are in use. */
public final class GrantTable {

    /** References for console, store and tools, which keep them whatever the version. */
    private static final int RESERVED = 8;

    private static final int ENTRY_SIZE = 8;

    /** References of version 1 in a frame. */
    public static final int REFERENCES_PER_FRAME = MachineMemory.FRAME_SIZE / ENTRY_SIZE;

    private static final int WIDE_ENTRY_SIZE = 16;
    private static final int STATUS_SIZE = 2;

    private final Domain domain;
    private final DomainMemory allocator;
    private final MachineMemory memory;
    private long[] frames = {};
    private long[] statusFrames = {};
    private int version = 1;
    private final GrantEntries entries;
    private final ActiveGrants active;
    private final int maxFrames;
    private final boolean keepsReserved;
    private final UnfitEntries unfit;
    private final boolean sameChecked;

    /** The domain that grants. */
    Domain domain() {
        return domain;
    }

    private boolean setUp;

    GrantTable(Domain domain, DomainMemory allocator, GrantTables tables) {
        this.domain = domain;
        this.allocator = allocator;
        this.memory = domain.platform().memory();
        this.entries = new GrantEntries(this, memory);
        this.active = new ActiveGrants(tables, this);
        AbiProfile profile = domain.platform().profile();
        maxFrames = profile.get(GrantRules.MAX_FRAMES);
        keepsReserved = profile.get(GrantRules.RESERVED_KEPT);
        unfit = profile.get(GrantRules.UNFIT_ENTRIES);
        sameChecked = profile.get(GrantRules.SWAP_SAME_CHECKED);
        grow(profile.get(GrantRules.INITIAL_FRAMES));
    }

    /** Whether its domain has asked for it: before that a real one has no version. */
    public boolean isSetUp() {
        return setUp;
    }

    /** Its domain has asked for its frames, or chosen its version. */
    public void markSetUp() {
        setUp = true;
    }

    /** The most frames it may have. */
    public int maxFrames() {
        return maxFrames;
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

    /** Whether entries that a change of version does not keep are in use by other domains. */
    public boolean isInUse() {
        return active.anyFrom(keepsReserved ? RESERVED : 0);
    }

    /** Whether the domain maps a status frame, which must not go then. */
    public boolean isStatusMapped() {
        FrameTable all = domain.platform().frames();
        return Arrays.stream(statusFrames).anyMatch(mfn -> all.count(mfn) > 1);
    }

    /** The entries as the domain wrote them. */
    GrantEntries entries() {
        return entries;
    }

    /** The entries in use. */
    ActiveGrants active() {
        return active;
    }

    /** Exchanges two references; a {@link GrantStatus}. */
    public int swap(int first, int second) {
        if (Integer.compareUnsigned(first, references()) >= 0 || Integer.compareUnsigned(second, references()) >= 0) {
            return GrantStatus.BAD_REFERENCE;
        }
        if (first == second && !sameChecked) {
            return GrantStatus.OKAY;
        }
        if (active.isUsed(first) || active.isUsed(second)) {
            return GrantStatus.TRY_AGAIN;
        }
        entries.swap(first, second, entrySize());
        return GrantStatus.OKAY;
    }

    /** Whether the reserved entries are such that version 1 can hold them, as far as that matters. */
    public boolean fitsVersion1() {
        for (int reference = 0; reference < RESERVED && unfit != UnfitEntries.LOST; reference++) {
            if (!entries.fitsVersion1(reference, unfit == UnfitEntries.REFUSED)) {
                return false;
            }
        }
        return true;
    }

    /** Forgets the frames, which went with the domain. */
    void end() {
        frames = new long[0];
        statusFrames = frames;
    }

    /** Machine address of the 16-bit status of an existing reference. */
    long statusAddress(int reference) {
        if (version == 1) {
            return entryAddress(reference);
        }
        long offset = (long) reference * STATUS_SIZE;
        return (statusFrames[(int) (offset >>> 12)] << 12) + (offset & 0xFFF);
    }

    /** Makes sure of {@code count} frames; false beyond the limit or without memory. */
    public boolean grow(int count) {
        if (count > maxFrames) {
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

    /** Changes the version; all entries, perhaps but the reserved ones, are cleared. False without memory for status frames. */
    public boolean setVersion(int value) {
        if (value == version) {
            return true;
        }
        if (value == 2 && !growStatus()) {
            return false;
        }
        long[][] kept = new long[RESERVED][];
        for (int reference = 0; reference < RESERVED; reference++) {
            kept[reference] = entries.plain(reference);
        }
        version = value;
        if (value == 1) {
            for (long mfn : statusFrames) {
                allocator.releaseShared(mfn);
            }
            statusFrames = new long[0];
        }
        for (long mfn : frames) {
            memory.zeroFrame(mfn);
        }
        for (int reference = 0; reference < RESERVED && keepsReserved; reference++) {
            entries.store(reference, kept[reference]);
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
        memory.writeU16(entry, GrantEntries.PERMIT_ACCESS);
    }

    /**
     * Grants a frame to a domain that maps it writable from now on, as the tools do for console and store; {@link
     * IllegalStateException} if it is not the domain's.
     */
    public void lend(int reference, int toDomain, long frame) {
        permit(reference, toDomain, frame);
        int status = active.acquireToMap(reference, toDomain, true);
        if (status != GrantStatus.OKAY) {
            throw new IllegalStateException("reference 0x" + Integer.toHexString(reference) + ": status " + status);
        }
    }
}
