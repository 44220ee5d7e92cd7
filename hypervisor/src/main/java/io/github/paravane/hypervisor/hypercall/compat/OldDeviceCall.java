package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;

/** physdev_op_compat of a 32-bit guest: a command, and behind it in the same structure what physdev_op takes. */
final class OldDeviceCall implements Hypercall {

    private static final int SIZE = 16;
    private static final int FIRST = 4;
    private static final int LAST = 9;
    private static final int UNION = 4;

    private final Hypercall devices;

    /** @param devices physdev_op of 32-bit guests */
    OldDeviceCall(Hypercall devices) {
        this.devices = devices;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        long structure = context.argument(0);
        context.memory().read(structure, new byte[SIZE], 0, SIZE);
        int command = context.memory().readU32(structure);
        if (command < FIRST || command > LAST) {
            return HypercallOutcome.failed(XenErrno.ENOSYS);
        }
        CompatContext inner = new CompatContext(context, context.memory());
        inner.setArgument(0, command);
        inner.setArgument(1, structure + UNION);
        return devices.call(inner);
    }
}
