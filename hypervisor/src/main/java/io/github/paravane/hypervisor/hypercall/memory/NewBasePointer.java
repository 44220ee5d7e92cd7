package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_NEW_BASEPTR. */
final class NewBasePointer implements MmuExtOperation {

    private static final int ROOT_LEVEL = 4;

    private final PageTables tables;

    NewBasePointer(PageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        EntryRule rule = tables.bases().newKernelBase(request.vcpu(), request.first());
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
