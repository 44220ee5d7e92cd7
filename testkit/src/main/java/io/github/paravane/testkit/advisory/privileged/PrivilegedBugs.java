package io.github.paravane.testkit.advisory.privileged;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class PrivilegedBugs {

    private PrivilegedBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                BitmapLimit.bug(),
                BitmapUnreadable.bug(),
                Cr4Mismatch.bug(),
                DebugControlHigh.bug(),
                DebugStatusHigh.bug(),
                ForcedFsgsbase.bug(),
                MiscEnable.bug(),
                NarrowIn.bug(),
                NonCanonicalBase.bug(),
                SingleStepLost.bug(),
                TranslationBreakpoint.bug(),
                UnknownMsr.bug(),
                VirtualIopl.bug(),
                WideWrmsr.bug(),
                FirstDebugControl.bug(),
                LostHits.bug(),
                ContextBreakpoints.bug(),
                ContextDebugBits.bug(),
                ProcessIopl.bug(),
                MisalignedPortBreakpoint.bug(),
                StackInAddress.bug(),
                VisibleSvm.bug(),
                FirstDebugStatus.bug(),
                LockedPrivileged.bug());
    }
}
