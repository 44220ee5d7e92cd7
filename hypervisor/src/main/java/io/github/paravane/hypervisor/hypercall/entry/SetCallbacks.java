package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;

/** set_callbacks(event, failsafe, syscall): none masks events; an address that is refused is left out silently. */
public final class SetCallbacks implements Hypercall {

    private final Platform platform;
    private final CallbackRegistration registration;

    public SetCallbacks(Platform platform) {
        this.platform = platform;
        registration = new CallbackRegistration(platform);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        Vcpu vcpu = platform.current();
        registration.register(vcpu, Callbacks.EVENT, false, context.argument(0));
        registration.register(vcpu, Callbacks.FAILSAFE, false, context.argument(1));
        registration.register(vcpu, Callbacks.SYSCALL, false, context.argument(2));
        return HypercallOutcome.OK;
    }
}
