package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.domain.Platform;

/** callback_op(cmd, arg): registers or unregisters one callback by type (abi-reference 3.7). */
public final class CallbackOp implements Hypercall {

    private static final int REGISTER = 0;
    private static final int UNREGISTER = 1;
    private static final int MASK_EVENTS = 1;
    private static final int FLAGS = 2;
    private static final int ADDRESS = 8;

    private final Platform platform;
    private final CallbackRegistration registration;

    public CallbackOp(Platform platform) {
        this.platform = platform;
        registration = new CallbackRegistration(platform);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        GuestBuffer memory = context.memory();
        long argument = context.argument(1);
        switch (context.argument32(0)) {
            case REGISTER -> {
                int type = memory.readU16(argument);
                boolean masks = (memory.readU16(argument + FLAGS) & MASK_EVENTS) != 0;
                return registration.register(platform.current(), type, masks, memory.readU64(argument + ADDRESS));
            }
            case UNREGISTER -> {
                return registration.unregister(platform.current(), memory.readU16(argument));
            }
            default -> {
                return HypercallOutcome.failed(XenErrno.ENOSYS);
            }
        }
    }
}
