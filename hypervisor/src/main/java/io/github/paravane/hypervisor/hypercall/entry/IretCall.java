package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.trap.Iret;

/** iret(): takes its arguments from the guest's stack and does not come back (abi-reference 4.6). */
public final class IretCall implements Hypercall {

    private final Platform platform;
    private final Iret iret;

    public IretCall(Platform platform, Iret iret) {
        this.platform = platform;
        this.iret = iret;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        return iret.perform(platform.current(), context.memory());
    }
}
