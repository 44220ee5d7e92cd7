package io.github.paravane.hypervisor.grant;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.IdentityHashMap;
import java.util.Map;

/** The grant tables of a machine's domains, and what they have mapped of each other's. */
public final class GrantTables {

    private final PageTables pageTables;
    private final Map<Domain, GrantTable> tables = new IdentityHashMap<>();
    private final Map<Domain, GrantMappings> mappings = new IdentityHashMap<>();

    /** Tables whose frames come from {@code pageTables}; they go with their domains. */
    public GrantTables(PageTables pageTables) {
        this.pageTables = pageTables;
        pageTables.memory().atEnd(this::forget);
    }

    /** A domain's table; made at the first call. */
    public GrantTable table(Domain domain) {
        return tables.computeIfAbsent(domain, owner -> new GrantTable(owner, pageTables.memory(), this));
    }

    /** What a domain has mapped. */
    public GrantMappings mappings(Domain domain) {
        return mappings.computeIfAbsent(domain, owner -> new GrantMappings(pageTables, owner));
    }

    private void forget(Domain domain) {
        GrantTable table = tables.remove(domain);
        if (table != null) {
            table.end();
        }
        GrantMappings mine = mappings.remove(domain);
        if (mine != null) {
            mine.forgetAll();
        }
    }
}
