package io.github.paravane.testkit.advisory.entry;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class EntryBugs {

    private EntryBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                AlignmentFlag.bug(),
                BadIretFrame.bug(),
                Int80Mask.bug(),
                MissingSyscallCallback.bug(),
                NestedTaskLost.bug(),
                NonCanonicalTrap.bug(),
                PrefixedInterrupt.bug(),
                SegmentBaseSelector.bug(),
                SyscallDirection.bug(),
                SyscallR11.bug());
    }
}
