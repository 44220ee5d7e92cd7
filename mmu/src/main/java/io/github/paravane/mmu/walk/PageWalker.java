package io.github.paravane.mmu.walk;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.TableLevel;
import io.github.paravane.mmu.MmuFeatures;
import io.github.paravane.mmu.WalkAccess;
import io.github.paravane.mmu.WalkListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks page tables: one loop, with the levels of a {@link PagingMode} as data (Intel SDM vol 3, 4.4 to 4.8).
 *
 * <p>The entries met are kept until the next walk. Rights are checked when the leaf is reached; A and D are set after
 * that, root first, by compare-and-set; an entry that has changed meanwhile makes the walk start again. The PAE root is
 * read at each walk, not kept from the load of CR3.
 */
public final class PageWalker {

    /** What a walk starts with: everything allowed. */
    private static final long ALL_RIGHTS = Pte.RW | Pte.USER;

    private final MachineMemory memory;
    private final long frames;
    private final boolean noExecute;
    private final boolean writeProtect;
    private final boolean marksFailedWalks;
    private final @Nullable WalkListener listener;

    private final TableLevel[] levels;
    private final long[] reserved;
    private final long[] largeReserved;

    /** Entries of the latest walk, root first, and where they lie. */
    private final long[] entries;

    private final long[] entryMaddrs;
    private int depth;
    private int pageShift;
    private long rights;
    private @Nullable PageFault fault;

    /** A walker; {@code listener} is told of every access to {@code memory}. */
    public PageWalker(MachineMemory memory, PagingMode mode, MmuFeatures features, @Nullable WalkListener listener) {
        this(memory, mode, features, listener, false);
    }

    /** As the other; {@code marksFailedWalks}: a walk that fails sets A in the entries above the last one it read. */
    public PageWalker(
            MachineMemory memory,
            PagingMode mode,
            MmuFeatures features,
            @Nullable WalkListener listener,
            boolean marksFailedWalks) {
        this.marksFailedWalks = marksFailedWalks;
        this.memory = memory;
        this.frames = memory.frames();
        this.noExecute = features.noExecute();
        this.writeProtect = features.writeProtect();
        this.listener = listener;
        this.levels = mode.levels().toArray(new TableLevel[0]);
        this.reserved = new long[levels.length];
        this.largeReserved = new long[levels.length];
        this.entries = new long[levels.length];
        this.entryMaddrs = new long[levels.length];
        long absent = Pte.FRAME_MASK & -1L << features.physicalWidth() | (noExecute ? 0 : Pte.NX);
        for (int i = 0; i < levels.length; i++) {
            TableLevel level = levels[i];
            boolean noLargePage = level.number() == 3 && level.largePage() && !features.gigabytePages();
            reserved[i] = level.reserved() | absent | (noLargePage ? Pte.PSE : 0);
            // Bit 12 of a large leaf is PAT; the others below the page size must be zero.
            largeReserved[i] = level.largePage() ? (1L << level.shift()) - 1 & ~0x1FFFL : 0;
        }
    }

    /**
     * The machine address of {@code linear} for {@code access} with the root table {@code base}, A and D set in the
     * entries used; or {@link AddressTranslator#FAULT}, and nothing is changed, or A above the last entry read.
     */
    public long walk(long base, long linear, int access) {
        while (true) {
            long maddr = descend(base, linear, access, listener);
            if (maddr != AddressTranslator.FAULT) {
                maddr = checkLeaf(linear, maddr, access);
            }
            if (maddr == AddressTranslator.FAULT) {
                if (marksFailedWalks) {
                    markUpperEntries();
                }
                return maddr;
            }
            if (setAccessedAndDirty(access)) {
                return maddr;
            }
        }
    }

    /** Processors set A on their way down, before they know whether the walk succeeds (Intel SDM vol 3, 4.8). */
    private void markUpperEntries() {
        for (int i = 0; i < depth - 1; i++) {
            if (levels[i].hasPermissions() && (entries[i] & Pte.ACCESSED) == 0) {
                memory.compareAndSetU64(entryMaddrs[i], entries[i], entries[i] | Pte.ACCESSED);
            }
        }
    }

    /** The entries on the way to {@code linear}; changes nothing and tells no listener. */
    public PageWalk inspect(long base, long linear) {
        long reached = descend(base, linear, Access.USER, null);
        long maddr = reached;
        if (reached != AddressTranslator.FAULT) {
            maddr = checkLeaf(linear, reached, Access.USER);
        }
        PageFault failure = maddr == AddressTranslator.FAULT ? fault : null;
        boolean absent = failure != null && failure.reason() == Reason.NO_SUCH_FRAME;
        List<PageWalk.Step> steps = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            steps.add(new PageWalk.Step(levels[i].number(), entryMaddrs[i], entries[i]));
        }
        return new PageWalk(linear, steps, absent ? AddressTranslator.FAULT : reached, rights, failure);
    }

    /** Why the latest walk that failed did. */
    public @Nullable PageFault fault() {
        return fault;
    }

    /** The leaf of the latest walk, which succeeded, with A and D as that walk left them. */
    public long leaf() {
        return entries[depth - 1];
    }

    /** log2 of the size of the page that the latest walk reached. */
    public int pageShift() {
        return pageShift;
    }

    /**
     * The bits of {@link Access} that a TLB may cache after the latest walk, which succeeded for {@code access}: a store
     * is included if it is allowed and D is set already.
     */
    public int cacheable(int access) {
        boolean fetch = (access & Access.FETCH) != 0;
        boolean dirty = ((access & Access.WRITE) != 0 || (leaf() & Pte.DIRTY) != 0) && isWritable(access);
        return access & (Access.USER | Access.FETCH) | (!fetch && dirty ? Access.WRITE : 0);
    }

    private boolean isWritable(int access) {
        return (rights & Pte.RW) != 0 || !writeProtect && (access & Access.USER) == 0;
    }

    /** Reads entries from the root to the leaf: the machine address of {@code linear}, or FAULT. */
    private long descend(long base, long linear, int access, @Nullable WalkListener observer) {
        depth = 0;
        rights = ALL_RIGHTS;
        long table = base;
        for (int i = 0; i < levels.length; i++) {
            TableLevel level = levels[i];
            if (table >= frames) {
                return fail(Reason.NO_SUCH_FRAME, linear, access, i - 1, rights);
            }
            long maddr = (table << MachineMemory.FRAME_SHIFT) + ((long) level.index(linear) << 3);
            long entry = memory.readU64(maddr);
            if (observer != null) {
                observer.accessed(WalkAccess.ofLevel(level.number()), maddr, entry);
            }
            entries[i] = entry;
            entryMaddrs[i] = maddr;
            depth = i + 1;
            if (level.hasPermissions()) {
                rights = rights & entry & ALL_RIGHTS | (rights | entry) & Pte.NX;
            }
            if ((entry & Pte.PRESENT) == 0) {
                return fail(Reason.NOT_PRESENT, linear, access, i, rights);
            }
            boolean large = level.largePage() && (entry & Pte.PSE) != 0;
            if ((entry & (large ? reserved[i] | largeReserved[i] : reserved[i])) != 0) {
                return fail(Reason.RESERVED_BIT, linear, access, i, rights);
            }
            if (large || level.number() == 1) {
                pageShift = level.shift();
                long offsetMask = (1L << level.shift()) - 1;
                return entry & Pte.FRAME_MASK & ~offsetMask | linear & offsetMask;
            }
            table = Pte.mfn(entry);
        }
        throw new AssertionError("a paging mode without leaf level");
    }

    /** {@code maddr} if the rights of all levels grant the access and the frame exists, else FAULT. */
    private long checkLeaf(long linear, long maddr, int access) {
        boolean refused = (access & Access.USER) != 0 && (rights & Pte.USER) == 0
                || (access & Access.WRITE) != 0 && !isWritable(access)
                || (access & Access.FETCH) != 0 && noExecute && (rights & Pte.NX) != 0;
        if (refused) {
            return refuse(linear, access);
        }
        if (maddr >>> MachineMemory.FRAME_SHIFT >= frames) {
            return fail(Reason.NO_SUCH_FRAME, linear, access, depth - 1, rights);
        }
        return maddr;
    }

    /** Finds the entry nearest the root that forbids the access. */
    private long refuse(long linear, int access) {
        boolean user = (access & Access.USER) != 0;
        boolean write = (access & Access.WRITE) != 0 && (user || writeProtect);
        boolean fetch = (access & Access.FETCH) != 0 && noExecute;
        long down = ALL_RIGHTS;
        for (int i = 0; i < depth; i++) {
            if (levels[i].hasPermissions()) {
                down = down & entries[i] & ALL_RIGHTS | (down | entries[i]) & Pte.NX;
            }
            if (user && (down & Pte.USER) == 0) {
                return fail(Reason.NOT_USER, linear, access, i, down);
            }
            if (write && (down & Pte.RW) == 0) {
                return fail(Reason.NOT_WRITABLE, linear, access, i, down);
            }
            if (fetch && (down & Pte.NX) != 0) {
                return fail(Reason.NOT_EXECUTABLE, linear, access, i, down);
            }
        }
        throw new AssertionError("no entry forbids the access");
    }

    /** Describes a fault at the entry of {@code levels[index]}, or at no entry if that is -1. */
    private long fail(Reason reason, long linear, int access, int index, long rightsThere) {
        int code = access & (Access.WRITE | Access.USER | (noExecute ? Access.FETCH : 0));
        switch (reason) {
            case NOT_PRESENT:
                break;
            case RESERVED_BIT:
            case NO_SUCH_FRAME:
                code |= PageFault.PRESENT | PageFault.RESERVED;
                break;
            default:
                code |= PageFault.PRESENT;
        }
        fault = index < 0
                ? new PageFault(linear, code, reason, 0, 0, -1, rightsThere)
                : new PageFault(
                        linear, code, reason, levels[index].number(), entries[index], entryMaddrs[index], rightsThere);
        return AddressTranslator.FAULT;
    }

    /** Sets A in the entries used and D in the leaf of a store; false if an entry is no longer what was read. */
    private boolean setAccessedAndDirty(int access) {
        for (int i = 0; i < depth; i++) {
            if (!levels[i].hasPermissions()) {
                continue;
            }
            boolean dirty = i == depth - 1 && (access & Access.WRITE) != 0;
            long used = entries[i] | (dirty ? Pte.ACCESSED | Pte.DIRTY : Pte.ACCESSED);
            if (used != entries[i]) {
                if (!memory.compareAndSetU64(entryMaddrs[i], entries[i], used)) {
                    return false;
                }
                replace(entryMaddrs[i], used);
                if (listener != null) {
                    listener.accessed(WalkAccess.AD_UPDATE, entryMaddrs[i], used);
                }
            }
        }
        return true;
    }

    /** Takes note of an entry's new value at every level where it was met: a table that maps itself is met twice. */
    private void replace(long entryMaddr, long entry) {
        for (int i = 0; i < depth; i++) {
            if (entryMaddrs[i] == entryMaddr) {
                entries[i] = entry;
            }
        }
    }
}
