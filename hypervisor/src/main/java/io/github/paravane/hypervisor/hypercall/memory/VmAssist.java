package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Platform;

/** vm_assist: switches optional behaviour of a domain on and off (abi-reference 3.12). */
final class VmAssist implements Hypercall {

    private static final int ENABLE = 0;
    private static final int DISABLE = 1;

    private final Platform platform;
    private final long types;

    VmAssist(Platform platform) {
        this.platform = platform;
        types = platform.profile().get(VersionRules.ASSISTS).bits();
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        int command = context.argument32(0);
        int type = context.argument32(1);
        if (type < 0 || type >= Long.SIZE || (types >>> type & 1) == 0) {
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        if (command != ENABLE && command != DISABLE) {
            return HypercallOutcome.failed(XenErrno.ENOSYS);
        }
        platform.pageTables().batches().sync(platform.current().domain());
        platform.current().domain().setAssist(type, command == ENABLE);
        return HypercallOutcome.OK;
    }
}
