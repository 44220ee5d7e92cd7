package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.MmuRules.Interruptible;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.TypeInfo;

/**
 * When hypercalls are interrupted: {@code Preemption} and pending events decide, the profile and the command say where it is
 * possible. Outside {@link #allow} and {@link #forbid} everything goes on at once.
 */
public final class Interruptions {

    private final Platform platform;
    private final Interruptible interruptible;
    private boolean validation;
    private boolean release;

    Interruptions(Platform platform) {
        this.platform = platform;
        interruptible = platform.profile().get(MmuRules.INTERRUPTIBLE);
    }

    /** The kinds of commands. */
    public enum Command {
        /** mmu_update and PIN. */
        UPDATE,
        /** UNPIN. */
        UNPIN,
        /** Other mmuext operations. */
        OTHER
    }

    /** A command begins that can go on in another call. */
    public void allow(Command command) {
        boolean everything = interruptible == Interruptible.EVERYTHING;
        boolean some = interruptible != Interruptible.NOTHING;
        validation = everything || some && command == Command.UPDATE;
        release = everything || some && command == Command.UNPIN;
    }

    /** It has ended. */
    public void forbid() {
        validation = false;
        release = false;
    }

    /** Whether something is due before an entry in validation; what it means is another question. */
    boolean isDue(long mfn, int level, int slot) {
        return platform.preemption().isDue(mfn, level, slot) || mayStop(level) && platform.hasEventDue();
    }

    /** Whether the validation of a table can be interrupted now. */
    boolean mayStop(int level) {
        return validation && level > TypeInfo.L1;
    }

    /** Whether dropping what a table holds is interrupted now. */
    boolean stopsRelease(long mfn, int level, int slot) {
        return release
                && level > TypeInfo.L1
                && (platform.preemption().isDueInRelease(mfn, level, slot) || platform.hasEventDue());
    }
}
