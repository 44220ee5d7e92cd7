package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;

/** References of an L2 entry that maps 2 MiB: one on each of the 512 frames, all of which the domain owns. */
final class Superpages {

    static final int FRAMES = 512;

    private final Platform platform;
    private final FrameTable frames;
    private final boolean framesUnchecked;
    private final boolean dropsWritable;

    Superpages(Platform platform) {
        this.platform = platform;
        frames = platform.frames();
        framesUnchecked = platform.profile().has(Quirk.SUPERPAGE_FRAMES_UNCHECKED);
        dropsWritable = platform.profile().has(Quirk.SUPERPAGE_DROPS_WRITABLE);
    }

    /** Takes all references or none. */
    EntryRule take(TypedFrames typed, long entry, int owner) {
        long first = Pte.mfn(entry);
        if (framesUnchecked && !frames.exists(first + FRAMES - 1)) {
            platform.crash("no frame record of mfn 0x" + Long.toHexString(first + FRAMES - 1));
        }
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
        dropBefore(typed, Pte.mfn(entry), Pte.mfn(entry) + FRAMES, dropsWritable || (entry & Pte.RW) != 0);
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
