package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_COPY_PAGE: copies a frame over one that could be writable. */
final class CopyPage implements MmuExtOperation {

    private final PageTables tables;
    private final boolean ofForeign;
    private final boolean devices;

    CopyPage(PageTables tables, boolean devices) {
        this.tables = tables;
        ofForeign = tables.platform().profile().get(MmuRules.PAGES_OF_FOREIGN);
        this.devices = devices;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        int owner = ofForeign ? request.owner() : request.domain().id();
        long target = request.first();
        long source = request.second();
        boolean memoryPages = owner != FrameTable.IO || devices;
        if (!memoryPages || !tables.frames().getPage(source, owner)) {
            tables.frames().tellRejected(EntryRule.TABLE_NOT_OWNED, XenErrno.EINVAL, 0, -1, source, source);
            return XenErrno.EINVAL;
        }
        boolean taken = tables.frames().getPageAndType(target, owner, TypeInfo.WRITABLE);
        if (taken) {
            byte[] page = new byte[MachineMemory.FRAME_SIZE];
            MachineMemory memory = tables.platform().memory();
            memory.read(source << 12, page, 0, page.length);
            memory.write(target << 12, page, 0, page.length);
            tables.frames().putPageAndType(target);
        }
        tables.frames().putPage(source);
        if (!taken) {
            tables.frames().tellRejected(EntryRule.FRAME_NOT_WRITABLE, XenErrno.EINVAL, 0, -1, target, target);
            return XenErrno.EINVAL;
        }
        return null;
    }
}
