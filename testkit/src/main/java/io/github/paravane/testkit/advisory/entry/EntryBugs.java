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
                ExceptionMask.bug(),
                FaultUserBit.bug(),
                FrameAlignment.bug(),
                Int80Mask.bug(),
                Int80Unhandled.bug(),
                IretMask.bug(),
                IretPrivilege.bug(),
                MissingSyscallCallback.bug(),
                MulticallIret.bug(),
                NestedTaskLost.bug(),
                NonCanonicalTrap.bug(),
                PrefixedInterrupt.bug(),
                SavedInterruptFlag.bug(),
                SegmentBaseSelector.bug(),
                StaleBase.bug(),
                SyscallDirection.bug(),
                SyscallR11.bug(),
                SysenterFault.bug(),
                HeldDebugException.bug(),
                Int80Latch.bug(),
                Int80Events.bug(),
                FailsafeAlignment.bug(),
                NmiGate.bug(),
                InvertedNmiMask.bug(),
                NestedSysenter.hypervisorDies(),
                NestedSysenter.callbackMissed(),
                FailsafeWindow.bug(),
                SharedSyscallCallback.bug(),
                NonCanonicalReturn.bug());
    }
}
