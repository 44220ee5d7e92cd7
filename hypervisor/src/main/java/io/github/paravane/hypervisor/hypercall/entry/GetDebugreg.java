package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.trap.DebugRegisters;

/** get_debugreg(register): its value, or ENODEV (EINVAL in old versions) (abi-reference 3.9). */
public final class GetDebugreg implements Hypercall {

    private final Platform platform;
    private final DebugRegisters debugRegisters;

    public GetDebugreg(Platform platform) {
        this.platform = platform;
        debugRegisters = new DebugRegisters(platform.profile());
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        Vcpu vcpu = platform.current();
        int index = context.argument32(0);
        XenErrno refused = debugRegisters.readRefused(vcpu, index);
        return refused == null
                ? HypercallOutcome.completed(debugRegisters.read(vcpu, index))
                : HypercallOutcome.failed(refused);
    }
}
