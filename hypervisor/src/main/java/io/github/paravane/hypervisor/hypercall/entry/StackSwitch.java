package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.hypervisor.domain.Platform;

/** stack_switch(ss, rsp): the stack for entries from user mode; nothing is checked before one happens. */
public final class StackSwitch implements Hypercall {

    private static final int RING_3 = 3;

    private final Platform platform;

    public StackSwitch(Platform platform) {
        this.platform = platform;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        platform.current().setKernelStack((int) context.argument(0) & 0xFFFF | RING_3, context.argument(1));
        return HypercallOutcome.OK;
    }
}
