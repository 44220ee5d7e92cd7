package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Platform;

/** fpu_taskswitch(set): sets or clears the guest's CR0.TS. */
public final class FpuTaskswitch implements Hypercall {

    private final Platform platform;

    public FpuTaskswitch(Platform platform) {
        this.platform = platform;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        platform.current().registers().setTaskSwitched(context.argument32(0) != 0);
        return HypercallOutcome.OK;
    }
}
