package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_PIN_L1_TABLE to L4. */
final class PinTable implements MmuExtOperation {

    private final PageTables tables;
    private final int level;
    private final boolean goesOn;

    PinTable(PageTables tables, int level) {
        this.tables = tables;
        this.level = level;
        goesOn = tables.platform().profile().get(MmuRules.PIN_OF_NOTHING_GOES_ON);
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        EntryRule rule = tables.pins().pin(request.first(), level, request.owner());
        request.setLastError(null);
        if (rule.isAccepted()) {
            return null;
        }
        if (rule == EntryRule.INTERRUPTED) {
            return XenErrno.ERESTART;
        }
        tables.frames().tellRejected(rule, level, -1, request.first(), request.first());
        if (goesOn && rule == EntryRule.TABLE_NOT_OWNED) {
            request.setLastError(tables.errno(rule));
            return null;
        }
        return tables.errno(rule);
    }
}
