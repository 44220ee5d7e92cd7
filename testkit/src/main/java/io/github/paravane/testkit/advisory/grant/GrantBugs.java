package io.github.paravane.testkit.advisory.grant;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class GrantBugs {

    private GrantBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                MisalignedEntry.bug(),
                ReplacedMapping.bug(),
                UnmaskedFrame.bug(),
                PositiveStatus.bug(),
                EndedTwice.bug(),
                StatusFrames.bug(),
                AvailableBits.bug(),
                CopyUnderDevice.bug(),
                FlushOfDevice.bug(),
                ReplacedGrant.bug(),
                SwapBeforeSetup.bug(),
                SwappedFrame.bug());
    }
}
