package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.frame.TypeInfo;
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
        if (level == TypeInfo.L4 && isCompat(request)) {
            return null;
        }
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

    /** A 32-bit domain has no L4 tables, and the pin of one does nothing. */
    private boolean isCompat(MmuExtRequest request) {
        Domain owner = tables.platform().domain(request.owner());
        return owner != null && owner.isCompat();
    }
}
