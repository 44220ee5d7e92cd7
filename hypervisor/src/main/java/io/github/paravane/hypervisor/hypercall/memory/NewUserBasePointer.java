package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_NEW_USER_BASEPTR. */
final class NewUserBasePointer implements MmuExtOperation {

    private static final int ROOT_LEVEL = 4;

    private final PageTables tables;

    NewUserBasePointer(PageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        if (request.domain().isCompat()) {
            return XenErrno.EINVAL;
        }
        EntryRule rule = tables.bases().newUserBase(request.vcpu(), request.first());
        if (rule.isAccepted()) {
            return null;
        }
        if (rule == EntryRule.INTERRUPTED) {
            return XenErrno.ERESTART;
        }
        tables.frames().tellRejected(rule, ROOT_LEVEL, -1, request.first(), request.first());
        return tables.errno(rule);
    }
}
