package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import org.jspecify.annotations.Nullable;

/** Pins: type references that the guest itself holds (abi-reference 2.7). */
public final class Pins {

    private final FrameTable frames;
    private final TypedFrames typed;
    private final long realLevels;
    private final boolean failureDropsTwice;
    private final @Nullable BackPointers backPointers;

    Pins(Platform platform, TypedFrames typed, @Nullable BackPointers backPointers) {
        this.backPointers = backPointers;
        this.frames = platform.frames();
        this.typed = typed;
        failureDropsTwice = platform.profile().has(Quirk.FAILED_PIN_DROPS_TWICE);
        realLevels = platform.profile().get(MmuRules.REAL_PINS).bits();
    }

    /** Pins a frame of {@code domid} as a table of {@code level}. */
    public EntryRule pin(long mfn, int level, int domid) {
        if ((realLevels >>> level & 1) == 0) {
            return EntryRule.ACCEPTED;
        }
        BackPointers pointers = backPointers;
        if (pointers != null
                && level == TypeInfo.L1
                && frames.exists(mfn)
                && TypeInfo.count(frames.typeInfo(mfn)) == 0) {
            pointers.pinned(mfn);
        }
        EntryRule rule = typed.takePageAndType(mfn, domid, level);
        if (rule.isAccepted() && !typed.setPinned(mfn, true)) {
            typed.putPageAndType(mfn);
            return EntryRule.PINNED_ALREADY;
        }
        if (failureDropsTwice && level >= TypeInfo.L3 && isFromBelow(rule)) {
            typed.putPage(mfn);
        }
        return rule;
    }

    /** Whether a pin failed because of the entries of the table, not the table itself. */
    private static boolean isFromBelow(EntryRule rule) {
        return !rule.isAccepted()
                && rule != EntryRule.INTERRUPTED
                && rule != EntryRule.TABLE_NOT_OWNED
                && rule != EntryRule.TYPE_CONFLICT;
    }

    /** Takes a pin away. */
    public EntryRule unpin(long mfn, int domid) {
        if (!typed.getPage(mfn, domid)) {
            return EntryRule.TABLE_NOT_OWNED;
        }
        boolean pinned = typed.setPinned(mfn, false);
        if (pinned) {
            typed.putPageAndType(mfn);
        }
        typed.putPage(mfn);
        return pinned ? EntryRule.ACCEPTED : EntryRule.NOT_PINNED;
    }

    /** Whether a frame is pinned. */
    public boolean isPinned(long mfn) {
        return (frames.typeInfo(mfn) & TypeInfo.PINNED) != 0;
    }
}
