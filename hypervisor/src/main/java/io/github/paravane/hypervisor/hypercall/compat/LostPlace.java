package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Platform;

/**
 * mmuext_op of a 32-bit guest with a published mistake (2bdf72b25a): requests are translated so many at a time, and a call
 * that is interrupted takes the number of all that were left for that of the present translation.
 */
final class LostPlace implements Hypercall {

    private static final int PREEMPTED = 1 << 31;

    /** What fits into the two pages of the translation. */
    private static final int AT_ONCE = 8192 / Structures.MMUEXT.wideSize();

    private final Platform platform;
    private final Hypercall right;

    LostPlace(Platform platform, Hypercall right) {
        this.platform = platform;
        this.right = right;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        long start = context.argument(0);
        int count = context.argument32(1) & ~PREEMPTED;
        HypercallOutcome outcome = right.call(context);
        int rest = context.argument32(1) & ~PREEMPTED;
        if (outcome.kind() != HypercallOutcome.Kind.CONTINUED || rest == 0 || rest >= count) {
            return outcome;
        }
        int done = count - rest;
        int before = done / AT_ONCE * AT_ONCE;
        int there = count - before;
        int batch = Math.min(AT_ONCE, there);
        int left = batch - (done - before);
        if (left + batch < there) {
            platform.crash("BUG: mmuext_op of a 32-bit guest counts wrong");
            return HypercallOutcome.NO_RETURN;
        }
        context.setArgument(0, start + (long) Structures.MMUEXT.compatSize() * (count - left));
        return outcome;
    }
}
