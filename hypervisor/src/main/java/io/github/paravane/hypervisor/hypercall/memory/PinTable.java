package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_PIN_L1_TABLE to L4. */
final class PinTable implements MmuExtOperation {

    private final PageTables tables;
    private final int level;

    PinTable(PageTables tables, int level) {
        this.tables = tables;
        this.level = level;
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        EntryRule rule = tables.pins().pin(request.first(), level, request.owner());
        if (rule.isAccepted()) {
            return null;
        }
        if (rule == EntryRule.INTERRUPTED) {
            return XenErrno.ERESTART;
        }
        tables.frames().tellRejected(rule, level, -1, request.first(), request.first());
        return tables.errno(rule);
    }
}
