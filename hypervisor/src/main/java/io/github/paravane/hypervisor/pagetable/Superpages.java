package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;

/**
 * References of L2 entries that map 2 MiB: on each of the 512 frames, all of which the domain owns.
 *
 * <p>To 4.0 each entry holds its own. From 4.1 on all entries of one superpage share one set of writable references, held
 * from the first entry or mark to the last; MMUEXT_MARK_SUPER keeps the set without an entry (abi-reference 3.3).
 */
public final class Superpages {

    static final int FRAMES = 512;

    private static final int SHIFT = 9;
    private static final int MARKED = 1 << 31;

    private final Platform platform;
    private final FrameTable frames;
    private final boolean framesUnchecked;
    private final boolean dropsWritable;
    /** Holders of each superpage, and {@link #MARKED}; empty where each entry holds its own references. */
    private final int[] holders;

    Superpages(Platform platform) {
        this.platform = platform;
        frames = platform.frames();
        framesUnchecked = platform.profile().has(Quirk.SUPERPAGE_FRAMES_UNCHECKED);
        dropsWritable = platform.profile().has(Quirk.SUPERPAGE_DROPS_WRITABLE);
        boolean shared = platform.options().superpages() && platform.profile().get(MmuRules.SUPERPAGE_MARKS);
        holders = new int[shared ? (int) (frames.frames() >>> SHIFT) : 0];
    }

    /** Whether superpages can be marked: the version knows marks and the host allows superpages. */
    public boolean canBeMarked() {
        return holders.length > 0;
    }

    /** Takes all references or none. */
    EntryRule take(TypedFrames typed, long entry, int owner) {
        long first = Pte.mfn(entry);
        if (framesUnchecked && !frames.exists(first + FRAMES - 1)) {
            platform.crash("no frame record of mfn 0x" + Long.toHexString(first + FRAMES - 1));
        }
        if (!isWhole(first)) {
            return EntryRule.SUPERPAGE;
        }
        if (!canBeMarked()) {
            return takeEach(typed, first, owner, (entry & Pte.RW) != 0) ? EntryRule.ACCEPTED : EntryRule.SUPERPAGE;
        }
        if (!hold(typed, first, owner)) {
            return EntryRule.SUPERPAGE;
        }
        holders[index(first)]++;
        return EntryRule.ACCEPTED;
    }

    /** Drops what {@link #take} took. */
    void drop(TypedFrames typed, long entry) {
        long first = Pte.mfn(entry);
        if (canBeMarked()) {
            holders[index(first)]--;
            letGo(typed, first);
        } else {
            dropBefore(typed, first, first + FRAMES, dropsWritable || (entry & Pte.RW) != 0);
        }
    }

    /** Whether the number begins a superpage whose frames all exist. */
    public boolean isWhole(long first) {
        return (first & FRAMES - 1) == 0 && frames.exists(first) && frames.exists(first + FRAMES - 1);
    }

    /** Marks a whole superpage; false if it is marked already or one of its frames cannot be writable. */
    public boolean mark(TypedFrames typed, long first, int owner) {
        if (isMarked(first) || !hold(typed, first, owner)) {
            return false;
        }
        holders[index(first)] = holders[index(first)] + 1 | MARKED;
        return true;
    }

    /** Takes the mark away; false if there is none. Its owner's frames are meant, as with {@link #mark}. */
    public boolean unmark(TypedFrames typed, long first, int owner) {
        if (!isMarked(first) || frames.owner(first) != owner) {
            return false;
        }
        holders[index(first)] = (holders[index(first)] & ~MARKED) - 1;
        letGo(typed, first);
        return true;
    }

    /** The domain that owned the frame is gone, and the mark of its superpage with it. */
    void forget(TypedFrames typed, long mfn, int owner) {
        long first = mfn & -FRAMES;
        if (canBeMarked() && isWhole(first)) {
            unmark(typed, first, owner);
        }
    }

    /** Entries and marks that hold a frame's superpage in common; 0 too where each entry holds its own references. */
    int holders(long mfn) {
        return mfn >>> SHIFT < holders.length ? holders[index(mfn)] & ~MARKED : 0;
    }

    /** Whether a frame's superpage is marked. */
    boolean isMarked(long mfn) {
        return mfn >>> SHIFT < holders.length && (holders[index(mfn)] & MARKED) != 0;
    }

    private static int index(long mfn) {
        return (int) (mfn >>> SHIFT);
    }

    /** Whether the common references are held, taken now if nobody had them; they are the owner's only. */
    private boolean hold(TypedFrames typed, long first, int owner) {
        return holders(first) > 0 ? frames.owner(first) == owner : takeEach(typed, first, owner, true);
    }

    private void letGo(TypedFrames typed, long first) {
        if (holders(first) == 0) {
            dropBefore(typed, first, first + FRAMES, true);
        }
    }

    private static boolean takeEach(TypedFrames typed, long first, int owner, boolean write) {
        for (long mfn = first; mfn < first + FRAMES; mfn++) {
            boolean taken = write ? typed.getPageAndType(mfn, owner, TypeInfo.WRITABLE) : typed.getPage(mfn, owner);
            if (!taken) {
                dropBefore(typed, first, mfn, write);
                return false;
            }
        }
        return true;
    }

    private static void dropBefore(TypedFrames typed, long first, long end, boolean write) {
        for (long mfn = first; mfn < end; mfn++) {
            if (write) {
                typed.putType(mfn);
            }
            typed.putPage(mfn);
        }
    }
}
