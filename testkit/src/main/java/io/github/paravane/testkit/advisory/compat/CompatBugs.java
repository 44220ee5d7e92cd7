package io.github.paravane.testkit.advisory.compat;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of 32-bit domains. */
public final class CompatBugs {

    private CompatBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                RecursiveRoot.bug(),
                AdjustedBeforeValidated.bug(),
                OwnBitsRefused.bug(),
                HalfWrittenEntry.bug(),
                RootAbove4G.bug(),
                NativeSelectors.bug(),
                WideVcpuMask.bug(),
                FrameUnderSmap.bug(),
                EndlessCopy.bug(),
                InterruptsOff.bug(),
                OldDeviceCall.bug(),
                FailedRoot.bug(),
                LostRequests.bug(),
                NestedSysenter.bug(),
                LingeringGate.bug(),
                GateBeyondLdt.bug(),
                NoGate.bug(),
                ScaledNoIndex.operand(),
                ScaledNoIndex.stack());
    }
}
