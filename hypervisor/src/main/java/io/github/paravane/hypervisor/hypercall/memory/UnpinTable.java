package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_UNPIN_TABLE. */
final class UnpinTable implements MmuExtOperation {

    private final PageTables tables;

    UnpinTable(PageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        EntryRule rule = tables.pins().unpin(request.first(), request.owner());
        if (rule.isAccepted()) {
            return null;
        }
        XenErrno errno = tables.errno(rule);
        tables.frames().tellRejected(rule, errno, 0, request.first(), request.first());
        return errno;
    }
}
