package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.observe.MachineEvent.Origin;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.hypervisor.domain.OtherVcpu;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;

/** The second vCPU of a domain, while the first is in the middle of a hypercall. */
final class RacingVcpu implements OtherVcpu {

    private final Platform platform;
    private final Vcpu vcpu;

    RacingVcpu(Platform platform, Vcpu vcpu) {
        this.platform = platform;
        this.vcpu = vcpu;
    }

    @Override
    public boolean updateVaMapping(long linear, long entry) {
        PageTables tables = platform.pageTables();
        long maddr = tables.walk().l1Entry(vcpu, linear);
        return maddr != LinearWalk.NONE
                && tables.updater()
                        .update(1, maddr, entry, false, vcpu.domain().id(), Origin.VA_MAPPING)
                        .isAccepted();
    }

    @Override
    public boolean store(long linear, long value) {
        long maddr = vcpu.paging().translate(linear, Access.WRITE | Access.USER);
        if (maddr == AddressTranslator.FAULT) {
            return false;
        }
        platform.memory().writeU64(maddr, value);
        return true;
    }
}
