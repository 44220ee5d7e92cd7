package io.github.paravane.testkit.advisory.emulation;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class EmulationBugs {

    private EmulationBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                UnadjustedExchange.bug(),
                ReversedCompare.bug(),
                ExchangeOfEightBytes.bug(),
                RepeatedStore.bug(),
                HalfBuiltOldValue.bug(),
                StoreToAnyFrame.bug(),
                ReservedBits.bug(),
                EndlessFault.bug(),
                StackInTable.bug(),
                ReplacedInstruction.anyInstruction(),
                ReplacedInstruction.interruptFlag(),
                OvertakenExchange.bug(),
                HalvedExchange.bug());
    }
}
