package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.domain.Platform;

/** nmi_op(cmd, arg): registers or unregisters the NMI handler (abi-reference 3.7). */
public final class NmiOp implements Hypercall {

    private static final int REGISTER = 0;
    private static final int UNREGISTER = 1;

    private final Platform platform;
    private final CallbackRegistration registration;

    public NmiOp(Platform platform) {
        this.platform = platform;
        registration = new CallbackRegistration(platform);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        return switch (context.argument32(0)) {
            case REGISTER ->
                registration.registerNmi(platform.current(), context.memory().readU64(context.argument(1)));
            case UNREGISTER -> registration.unregisterNmi(platform.current());
            default -> HypercallOutcome.failed(XenErrno.ENOSYS);
        };
    }
}
