package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_CLEAR_PAGE: fills a frame that could be writable with zeroes. */
final class ClearPage implements MmuExtOperation {

    private final PageTables tables;
    private final boolean ofForeign;
    private final boolean devices;

    ClearPage(PageTables tables, boolean devices) {
        this.tables = tables;
        ofForeign = tables.platform().profile().get(MmuRules.PAGES_OF_FOREIGN);
        this.devices = devices;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        int owner = ofForeign ? request.owner() : request.domain().id();
        long mfn = request.first();
        boolean memory = owner != FrameTable.IO || devices;
        if (!memory || !tables.frames().getPageAndType(mfn, owner, TypeInfo.WRITABLE)) {
            tables.frames().tellRejected(EntryRule.FRAME_NOT_WRITABLE, XenErrno.EINVAL, 0, -1, mfn, mfn);
            return XenErrno.EINVAL;
        }
        tables.platform().memory().zeroFrame(mfn);
        tables.frames().putPageAndType(mfn);
        return null;
    }
}
