package io.github.paravane.testkit.advisory.hypercall;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class HypercallBugs {

    private HypercallBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                ExchangeAnywhere.bug(),
                ExchangeOffset.bug(),
                InfoMisaligned.bug(),
                LowerHalf.bug(),
                NodeBeyondArray.bug(),
                NumberMasked.bug(),
                PopulateOnDemand.bug(),
                UserWithoutTables.bug(),
                VersionLeak.bug(),
                RunStateInUserMode.bug(),
                UserRootIgnored.bug(),
                ContinuedInitialise.bug());
    }
}
