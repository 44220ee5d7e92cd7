package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.pagetable.PageTables;
import io.github.paravane.hypervisor.pagetable.Superpages;
import org.jspecify.annotations.Nullable;

/** MMUEXT_MARK_SUPER and MMUEXT_UNMARK_SUPER: 2 MiB that no page table may come from, mapped or not. */
final class MarkSuperpage implements MmuExtOperation {

    private static final int FRAMES = 512;

    private final PageTables tables;
    private final Superpages superpages;
    private final boolean mark;
    private final XenErrno refusal;
    private final boolean optionFirst;
    private final boolean foreignRefused;
    private final boolean unchecked;

    MarkSuperpage(PageTables tables, boolean mark) {
        this.tables = tables;
        this.mark = mark;
        superpages = tables.superpages();
        AbiProfile profile = tables.platform().profile();
        refusal = profile.get(MmuRules.MARK_SUPER_REFUSAL);
        optionFirst = profile.get(MmuRules.MARK_OPTION_FIRST);
        foreignRefused = profile.get(MmuRules.FOREIGN_LOCAL_REFUSED);
        unchecked = profile.has(Quirk.MARK_SUPER_UNCHECKED);
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        boolean allowed = superpages.canBeMarked();
        if (optionFirst && !allowed) {
            return refusal;
        }
        if (foreignRefused && request.owner() != request.domain().id()) {
            return XenErrno.EPERM;
        }
        long mfn = request.first();
        if ((mfn & FRAMES - 1) != 0) {
            return XenErrno.EINVAL;
        }
        if (!allowed) {
            return refusal;
        }
        if (unchecked && !tables.platform().frames().exists(mfn + FRAMES - 1)) {
            tables.platform().crash("no superpage record of mfn 0x" + Long.toHexString(mfn));
        }
        int caller = request.domain().id();
        boolean done = superpages.isWhole(mfn)
                && (mark
                        ? superpages.mark(tables.frames(), mfn, caller)
                        : superpages.unmark(tables.frames(), mfn, caller));
        return done ? null : XenErrno.EINVAL;
    }
}
