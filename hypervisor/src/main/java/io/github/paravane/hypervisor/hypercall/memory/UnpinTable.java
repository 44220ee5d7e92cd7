package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/** MMUEXT_UNPIN_TABLE. */
final class UnpinTable implements MmuExtOperation {

    private final PageTables tables;
    private final boolean honoursForeign;
    private final boolean nothingSucceeds;

    UnpinTable(PageTables tables) {
        this.tables = tables;
        honoursForeign = tables.platform().profile().get(MmuRules.UNPIN_FOREIGN);
        nothingSucceeds = tables.platform().profile().has(Quirk.UNPIN_OF_NOTHING_SUCCEEDS);
    }

    @Override
    public @Nullable XenErrno perform(MmuExtRequest request) {
        int owner = honoursForeign ? request.owner() : request.domain().id();
        EntryRule rule = tables.pins().unpin(request.first(), owner);
        if (rule.isAccepted() || nothingSucceeds && rule == EntryRule.TABLE_NOT_OWNED) {
            return null;
        }
        tables.frames().tellRejected(rule, 0, -1, request.first(), request.first());
        return tables.errno(rule);
    }
}
