package io.github.paravane.testkit.advisory.paging;

import io.github.paravane.testkit.advisory.KnownBug;
import java.util.List;

/** The known bugs of this layer. */
public final class PagingBugs {

    private PagingBugs() {}

    /** All of them; unmodifiable. */
    public static List<KnownBug> all() {
        return List.of(
                WritableSelfMap.bug(),
                LargePageFlag.bug(),
                LinearChain.bug(),
                SilentUnpin.bug(),
                UnpinNothing.bug(),
                ForeignUpperEntry.bug(),
                RootAccessedBit.bug(),
                UncachedLeaf.bug(),
                FailedPin.bug(),
                AuditIgnored.bug(),
                LegalSelfMap.bug(),
                RefusedType.bug(),
                NoExecuteWithoutProcessor.bug(),
                SuperpageBeyondMemory.bug(),
                ReadOnlySuperpage.bug(),
                ReadOnlyDevice.bug(),
                CachedDevice.bug(),
                ForeignLocalOperation.bug(),
                MachineToPhysicalOwner.bug(),
                ForeignUnpin.bug(),
                MarkedSuperpage.bug(),
                FailedBaseLoad.bug(),
                UnknownCommand.bug(),
                PreciseError.bug(),
                LinearUpperTable.bug(),
                SharedUpperTable.bug(),
                VisibleMachineToPhysical.bug(),
                ForgottenLinks.bug(),
                LingeringLinks.bug(),
                PartialTable.bug(),
                SecondInterruption.bug(),
                StolenType.bug(),
                FlushBeforeType.bug(),
                ClearedDevice.bug(),
                UninterruptedValidation.bug());
    }
}
