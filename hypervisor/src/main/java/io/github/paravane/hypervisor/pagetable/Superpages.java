package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;

/** References of an L2 entry that maps 2 MiB: one on each of the 512 frames, all of which the domain owns. */
final class Superpages {

    static final int FRAMES = 512;

    private final FrameTable frames;

    Superpages(FrameTable frames) {
        this.frames = frames;
    }

    /** Takes all references or none. */
    EntryRule take(TypedFrames typed, long entry, int owner) {
        long first = Pte.mfn(entry);
        if ((first & FRAMES - 1) != 0 || !frames.exists(first + FRAMES - 1)) {
            return EntryRule.SUPERPAGE;
        }
        boolean write = (entry & Pte.RW) != 0;
        for (long mfn = first; mfn < first + FRAMES; mfn++) {
            boolean taken = write ? typed.getPageAndType(mfn, owner, TypeInfo.WRITABLE) : typed.getPage(mfn, owner);
            if (!taken) {
                dropBefore(typed, first, mfn, write);
                return EntryRule.SUPERPAGE;
            }
        }
        return EntryRule.ACCEPTED;
    }

    /** Drops what {@link #take} took. */
    void drop(TypedFrames typed, long entry) {
        dropBefore(typed, Pte.mfn(entry), Pte.mfn(entry) + FRAMES, (entry & Pte.RW) != 0);
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
