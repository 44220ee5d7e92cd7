package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MemoryRules;
import io.github.paravane.api.profile.MemoryRules.DomainLookup;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import org.jspecify.annotations.Nullable;

/** What the domain id in a call stands for (abi-reference 0.4, 3.1). */
final class ForeignDomains {

    /** No such domain. */
    static final int NONE = -1;

    static final int SELF = 0x7FF0;

    private static final int CONTROL = 0;

    private final Platform platform;
    private final boolean refusedUnseen;
    private final DomainLookup lookup;

    ForeignDomains(Platform platform) {
        this.platform = platform;
        refusedUnseen = platform.profile().get(MmuRules.FOREIGN_REFUSAL) == XenErrno.ESRCH;
        lookup = platform.profile().get(MemoryRules.DOMAIN_LOOKUP);
    }

    /**
     * Owner of frames meant by a foreign-domain argument; its own number is refused to a domain, and in old versions every
     * other domain to one that is not privileged.
     */
    int owner(Domain caller, int domid) {
        int id = domid & 0xFFFF;
        if (id == SELF) {
            return caller.id();
        }
        if (id == FrameTable.IO) {
            return id;
        }
        if (refusedUnseen && !caller.isPrivileged()) {
            return NONE;
        }
        return id != FrameTable.XEN && (id == caller.id() || !exists(caller, id)) ? NONE : id;
    }

    /**
     * Whether there is such a domain. There is always a domain 0, which nobody may manage: without one among the domains
     * the host stands in for it.
     */
    boolean exists(Domain caller, int id) {
        return id == CONTROL && !caller.isPrivileged() || platform.domain(id) != null;
    }

    /** The domain meant where its own number is allowed too, or {@link #NONE}. */
    int any(Domain caller, int domid) {
        int id = domid & 0xFFFF;
        return id == SELF ? caller.id() : exists(caller, id) ? id : NONE;
    }

    /** Why {@code caller} may not name a domain in memory_op and grant_table_op; null if it may, and the domain exists. */
    @Nullable
    XenErrno refusal(Domain caller, int domid) {
        int id = domid & 0xFFFF;
        if (id == SELF) {
            return null;
        }
        boolean mine = lookup == DomainLookup.OWN_NUMBER_IS_SELF && id == caller.id();
        boolean permitted = mine || caller.isPrivileged();
        if (lookup == DomainLookup.PRIVILEGE_FIRST && !permitted) {
            return XenErrno.EPERM;
        }
        return !exists(caller, id) ? XenErrno.ESRCH : permitted ? null : XenErrno.EPERM;
    }

    /** The domain that {@link #refusal} does not refuse. */
    Domain permitted(Domain caller, int domid) {
        return require(any(caller, domid));
    }

    /** Why {@code caller} may not name a domain that must be another; null if it may. */
    @Nullable
    XenErrno refusalOfRemote(Domain caller, int domid) {
        if (domid == SELF || !exists(caller, domid)) {
            return XenErrno.ESRCH;
        }
        return domid == caller.id() || !caller.isPrivileged() ? XenErrno.EPERM : null;
    }

    /** Whether a call with what {@link #owner} answered goes on: XSM's decision, which old versions do not have. */
    boolean mayCall(Domain caller, int owner) {
        return refusedUnseen || mayManage(caller, owner);
    }

    /**
     * Whether {@code caller} may name the owner of tables; what old versions hide from it, its own number like those of
     * others.
     */
    boolean mayNameTables(Domain caller) {
        return !refusedUnseen || caller.isPrivileged();
    }

    /** Whether {@code caller} may work on the memory of {@code owner}. */
    static boolean mayManage(Domain caller, int owner) {
        return owner == caller.id() || caller.isPrivileged();
    }

    /** A domain that {@link #any} or {@link #owner} answered. */
    Domain require(int domid) {
        Domain domain = platform.domain(domid);
        if (domain == null) {
            throw new IllegalStateException("no domain " + domid);
        }
        return domain;
    }
}
