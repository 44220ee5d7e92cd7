package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_COPY_PAGE: copies a frame over one that could be writable. */
final class CopyPage implements MmuExtOperation {

    private final PageTables tables;

    CopyPage(PageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        long target = request.first();
        long source = request.second();
        if (!tables.frames().getPage(source, request.owner())) {
            tables.frames().tellRejected(EntryRule.TABLE_NOT_OWNED, XenErrno.EINVAL, 0, -1, source, source);
            return XenErrno.EINVAL;
        }
        boolean taken = tables.frames().getPageAndType(target, request.owner(), TypeInfo.WRITABLE);
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
