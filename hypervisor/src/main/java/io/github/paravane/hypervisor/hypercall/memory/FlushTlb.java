package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MMUEXT_TLB_FLUSH_LOCAL, _MULTI, _ALL and MMUEXT_INVLPG_LOCAL, _MULTI, _ALL. */
final class FlushTlb implements MmuExtOperation {

    private static final String REASON = "tlb-flush";

    private final PageTables tables;
    private final Target target;
    private final boolean onePage;
    private final boolean anywhere;

    /** Whose TLBs. */
    enum Target {
        /** The caller's. */
        CALLER,
        /** Those of the vCPUs in a bitmap. */
        MASK,
        /** Those of all vCPUs of the domain. */
        DOMAIN
    }

    FlushTlb(PageTables tables, Target target, boolean onePage) {
        this.tables = tables;
        this.target = target;
        this.onePage = onePage;
        anywhere = tables.platform().profile().has(Quirk.INVLPG_ANYWHERE);
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        if (target == Target.CALLER && !onePage) {
            tables.flushes().flushInBatch(request.vcpu(), REASON);
            return null;
        }
        if (target == Target.CALLER) {
            flush(request.vcpu(), request.first());
            return null;
        }
        List<Vcpu> vcpus;
        try {
            vcpus = target == Target.DOMAIN
                    ? request.domain().vcpus()
                    : VcpuMask.read(request.memory(), request.second(), request.domain());
        } catch (GuestFault fault) {
            return XenErrno.EINVAL;
        }
        for (Vcpu each : vcpus) {
            flush(each, request.first());
        }
        return null;
    }

    private void flush(Vcpu vcpu, long linear) {
        if (!onePage) {
            tables.flushes().flush(vcpu, REASON);
        } else if (anywhere || HypervisorRange.isGuest(linear)) {
            tables.flushes().flushPage(vcpu, linear, "invlpg");
        }
    }
}
