package io.github.paravane.hypervisor.grant;

import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.pagetable.DomainMemory;
import java.util.IdentityHashMap;
import java.util.Map;

/** The grant tables of a machine's domains. */
public final class GrantTables {

    private final DomainMemory memory;
    private final Map<Domain, GrantTable> tables = new IdentityHashMap<>();

    public GrantTables(DomainMemory memory) {
        this.memory = memory;
    }

    /** A domain's table; made at the first call. */
    public GrantTable table(Domain domain) {
        return tables.computeIfAbsent(domain, owner -> new GrantTable(owner, memory));
    }

    /** Forgets a domain's table; its frames go with the domain's memory. */
    public void forget(Domain domain) {
        tables.remove(domain);
    }
}
