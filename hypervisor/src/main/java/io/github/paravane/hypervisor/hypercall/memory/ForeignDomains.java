package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;

/** What the domain id in a call stands for (abi-reference 0.4, 3.1). */
final class ForeignDomains {

    /** No such domain. */
    static final int NONE = -1;

    static final int SELF = 0x7FF0;

    private static final int CONTROL = 0;

    private final Platform platform;
    private final boolean refusedUnseen;

    ForeignDomains(Platform platform) {
        this.platform = platform;
        refusedUnseen = platform.profile().get(MmuRules.FOREIGN_REFUSAL) == XenErrno.ESRCH;
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
        return id != FrameTable.XEN && (id == caller.id() || platform.domain(id) == null) ? NONE : id;
    }

    /**
     * The domain meant where its own number is allowed too, or {@link #NONE}. There is always a domain 0, which nobody may
     * manage: without one among the domains the host stands in for it.
     */
    int any(Domain caller, int domid) {
        int id = domid & 0xFFFF;
        return id == SELF ? caller.id() : id != CONTROL && platform.domain(id) == null ? NONE : id;
    }

    /** Whether a call with what {@link #owner} answered goes on: XSM's decision, which old versions do not have. */
    boolean mayCall(Domain caller, int owner) {
        return refusedUnseen || mayManage(caller, owner);
    }

    /** Whether {@code caller} may name the owner of tables; what old versions hide from it. */
    boolean mayNameTables(Domain caller, int owner) {
        return !refusedUnseen || mayManage(caller, owner);
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
