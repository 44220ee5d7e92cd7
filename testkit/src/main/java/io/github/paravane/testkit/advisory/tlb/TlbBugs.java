package io.github.paravane.testkit.advisory.tlb;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class TlbBugs {

    private TlbBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                GlobalGrantMapping.bug(),
                FlushAfterFailure.bug(),
                CacheFlushEverywhere.bug(),
                StaleLinearWindow.bug(),
                UserBitOnKernelPages.bug(),
                FlushOfAnyAddress.bug(),
                NeedlessFlush.bug(),
                PutBeforeFlush.bug(),
                TransferredFrame.bug());
    }
}
