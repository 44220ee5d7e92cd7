package io.github.paravane.testkit.paging;

import io.github.paravane.api.memory.FrameRange;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.TableLevel;
import java.util.Objects;

/**
 * Builds page tables in machine memory. Frames for tables are taken, zeroed and in order, from a range given at the start;
 * the first is the root. Entries of upper levels are made where they are missing.
 *
 * <pre>{@code
 * PageTableBuilder tables = new PageTableBuilder(memory, PagingMode.FOUR_LEVEL, new FrameRange(1, 16));
 * tables.map(0x40_0000, 100, Pte.PRESENT | Pte.RW | Pte.USER)
 *         .mapLarge(2, 0x80_0000, 512, Pte.PRESENT | Pte.USER);
 * mmu.loadBase(tables.root(), FlushScope.ALL);
 * }</pre>
 *
 * <p>A level or address that the mode does not have throws {@code IllegalArgumentException}; too few frames throw
 * {@code IllegalStateException}.
 */
public final class PageTableBuilder {
    private final MachineMemory memory;
    private final PagingMode mode;
    private final FrameRange frames;
    private final long root;
    private long nextFrame;
    private long upperFlags = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED;

    /** Starts with an empty root table in the first frame of {@code frames}. */
    public PageTableBuilder(MachineMemory memory, PagingMode mode, FrameRange frames) {
        this.memory = Objects.requireNonNull(memory, "memory");
        this.mode = Objects.requireNonNull(mode, "mode");
        this.frames = Objects.requireNonNull(frames, "frames");
        this.nextFrame = frames.first();
        this.root = takeFrame();
    }

    /** The mfn of the root table. */
    public long root() {
        return root;
    }

    /** The number of frames taken for tables so far. */
    public long framesUsed() {
        return nextFrame - frames.first();
    }

    /**
     * Sets the flags of the upper-level entries made from now on; present, writable, user and accessed if this is never
     * called. The root of PAE paging takes PRESENT alone.
     */
    public PageTableBuilder upperFlags(long flags) {
        upperFlags = flags;
        return this;
    }

    /** Maps a 4 KiB page. */
    public PageTableBuilder map(long linear, long mfn, long flags) {
        return setEntry(1, linear, Pte.of(mfn, flags));
    }

    /** Maps {@code count} consecutive 4 KiB pages to consecutive frames. */
    public PageTableBuilder mapRange(long linear, long mfn, long count, long flags) {
        for (long i = 0; i < count; i++) {
            map(linear + (i << MachineMemory.FRAME_SHIFT), mfn + i, flags);
        }
        return this;
    }

    /** Maps a large page by an entry of level 2 or 3; PS is added to the flags. */
    public PageTableBuilder mapLarge(int level, long linear, long mfn, long flags) {
        if (!levelOf(level).largePage()) {
            throw new IllegalArgumentException("no large pages at level 0x" + Integer.toHexString(level));
        }
        return setEntry(level, linear, Pte.of(mfn, flags | Pte.PSE));
    }

    /** Stores any value as the entry of a level for {@code linear}. */
    public PageTableBuilder setEntry(int level, long linear, long entry) {
        memory.writeU64(entryMaddr(level, linear), entry);
        return this;
    }

    /** The entry of a level for {@code linear}. */
    public long entry(int level, long linear) {
        return memory.readU64(entryMaddr(level, linear));
    }

    /** The machine address of the entry of a level for {@code linear}; makes the tables on the way to it. */
    public long entryMaddr(int level, long linear) {
        levelOf(level);
        long table = root;
        for (TableLevel current : mode.levels()) {
            long maddr = (table << MachineMemory.FRAME_SHIFT) + current.index(linear) * 8L;
            if (current.number() == level) {
                return maddr;
            }
            long entry = memory.readU64(maddr);
            if (!Pte.isPresent(entry)) {
                entry = Pte.of(takeFrame(), current.hasPermissions() ? upperFlags : Pte.PRESENT);
                memory.writeU64(maddr, entry);
            } else if (current.largePage() && (entry & Pte.PSE) != 0) {
                throw new IllegalStateException("0x" + Long.toHexString(linear) + " lies in a large page of level "
                        + current.number() + ": 0x" + Long.toHexString(entry));
            }
            table = Pte.mfn(entry);
        }
        throw new AssertionError("level " + level + " was checked");
    }

    private TableLevel levelOf(int number) {
        for (TableLevel level : mode.levels()) {
            if (level.number() == number) {
                return level;
            }
        }
        throw new IllegalArgumentException(mode + " has no level 0x" + Integer.toHexString(number));
    }

    private long takeFrame() {
        if (nextFrame >= frames.end()) {
            throw new IllegalStateException(
                    "all 0x" + Long.toHexString(frames.count()) + " frames for tables are used");
        }
        memory.zeroFrame(nextFrame);
        return nextFrame++;
    }
}
