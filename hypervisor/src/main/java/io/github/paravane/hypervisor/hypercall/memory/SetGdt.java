package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.descriptor.SegmentFrames;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;

/** set_gdt (abi-reference 3.4). */
final class SetGdt implements Hypercall {

    private static final int MAX_ENTRIES = 7168;

    private final PageTables tables;

    SetGdt(PageTables tables) {
        this.tables = tables;
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        int entries = context.argument32(1);
        if (Integer.compareUnsigned(entries, MAX_ENTRIES) > 0) {
            tables.frames().tellRejected(EntryRule.GDT_TOO_LARGE, XenErrno.EINVAL, 0, -1, entries, -1);
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        GuestBuffer memory = context.memory();
        long[] mfns = new long[SegmentFrames.gdtFrames(entries)];
        for (int i = 0; i < mfns.length; i++) {
            mfns[i] = memory.readU64(context.argument(0) + 8L * i);
        }
        Vcpu vcpu = tables.platform().current();
        EntryRule rule = tables.segments().setGdt(vcpu, mfns, entries);
        if (!rule.isAccepted()) {
            return HypercallOutcome.failed(XenErrno.EINVAL);
        }
        tables.flushes().flush(vcpu, "set-gdt");
        return HypercallOutcome.OK;
    }
}
