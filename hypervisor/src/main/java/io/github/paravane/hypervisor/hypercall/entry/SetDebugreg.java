package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.trap.DebugRegisters;

/** set_debugreg(register, value) (abi-reference 3.9). */
public final class SetDebugreg implements Hypercall {

    private final Platform platform;
    private final DebugRegisters debugRegisters;

    public SetDebugreg(Platform platform) {
        this.platform = platform;
        debugRegisters = new DebugRegisters(platform.profile());
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        XenErrno refused = debugRegisters.write(platform.current(), context.argument32(0), context.argument(1));
        return refused == null ? HypercallOutcome.OK : HypercallOutcome.failed(refused);
    }
}
