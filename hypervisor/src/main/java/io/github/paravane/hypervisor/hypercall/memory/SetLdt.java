package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.SegmentTables;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_SET_LDT: the LDT's place; its pages, the first one perhaps not, are looked at when they are used. */
final class SetLdt implements MmuExtOperation {

    private static final int MAX_ENTRIES = 8192;
    private static final long OFFSET_MASK = 0xFFF;

    private final PageTables tables;
    private final boolean emptyAnywhere;
    private final boolean lowerHalfTwice;
    private final boolean alwaysFlushes;
    private final boolean mapsAtOnce;

    SetLdt(PageTables tables) {
        this.tables = tables;
        alwaysFlushes = tables.platform().profile().has(Quirk.LDT_ALWAYS_FLUSHED);
        mapsAtOnce = tables.platform().profile().get(MmuRules.LDT_MAPPED_AT_ONCE);
        emptyAnywhere = tables.platform().profile().get(MmuRules.EMPTY_LDT_ANYWHERE);
        lowerHalfTwice = tables.platform().profile().has(Quirk.LOWER_HALF_TWICE);
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        int entries = (int) request.second();
        long linear = entries == 0 && emptyAnywhere ? 0 : request.first();
        if (Integer.compareUnsigned(entries, MAX_ENTRIES) > 0
                || (linear & OFFSET_MASK) != 0
                || !HypervisorRange.isGuest(linear) && !(lowerHalfTwice && linear >>> 47 == 1)) {
            tables.frames().tellRejected(EntryRule.BAD_LDT, XenErrno.EINVAL, 0, -1, request.first(), -1);
            return XenErrno.EINVAL;
        }
        SegmentTables segments = request.vcpu().segments();
        if (segments.ldtEntries() != entries || segments.ldtBase() != linear) {
            boolean mapped = tables.segments().dropLdt(request.vcpu());
            if (mapped || alwaysFlushes) {
                tables.flushes().flushInBatch(request.vcpu(), "set-ldt");
            }
            segments.setLdt(linear, entries);
            if (mapsAtOnce && entries != 0) {
                mapFirstPage(request.vcpu(), linear);
            }
        }
        return null;
    }

    /** Whether the page can be mapped does not matter here. */
    private void mapFirstPage(Vcpu vcpu, long linear) {
        long entry = tables.walk().readL1Entry(vcpu, linear);
        if (Pte.isPresent(entry)) {
            tables.segments().takeLdtPage(vcpu, 0, Pte.mfn(entry));
        }
    }
}
