package io.github.paravane.hypervisor.store;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/**
 * What a domain may do with a node. The first of a node's permissions names its owner, who may do everything, and what
 * domains that are not listed may do.
 *
 * @param domid the domain
 * @param read whether it may read
 * @param write whether it may write
 */
record Permission(int domid, boolean read, boolean write) {

    /** The control domain alone. */
    static final List<Permission> DOM0 = List.of(new Permission(0, false, false));

    /** Owned by dom0, readable by one domain. */
    static List<Permission> readableBy(int domid) {
        return List.of(new Permission(0, false, false), new Permission(domid, true, false));
    }

    /** Owned by one domain, for nobody else (dom0 may always). */
    static List<Permission> ownedBy(int domid) {
        return List.of(new Permission(domid, false, false));
    }

    /** Parses {@code n0}, {@code r1}, {@code w1} or {@code b1}. */
    static Permission parse(String text) throws StoreFailure {
        int domid = text.length() < 2 ? -1 : number(text.substring(1));
        if (domid < 0) {
            throw new StoreFailure(XenErrno.EINVAL);
        }
        return switch (text.charAt(0)) {
            case 'n' -> new Permission(domid, false, false);
            case 'r' -> new Permission(domid, true, false);
            case 'w' -> new Permission(domid, false, true);
            case 'b' -> new Permission(domid, true, true);
            default -> throw new StoreFailure(XenErrno.EINVAL);
        };
    }

    private static int number(String digits) {
        if (digits.length() > 5 || !digits.chars().allMatch(each -> each >= '0' && each <= '9')) {
            return -1;
        }
        return Integer.parseInt(digits);
    }

    /** The form {@link #parse} reads. */
    @Override
    public String toString() {
        return (read ? write ? "b" : "r" : write ? "w" : "n") + domid;
    }

    /** What {@code domid} may do under {@code permissions}, dom0 and the owner everything. */
    static Permission of(List<Permission> permissions, int domid) {
        Permission owner = permissions.get(0);
        if (domid == 0 || owner.domid == domid) {
            return new Permission(domid, true, true);
        }
        for (Permission each : permissions.subList(1, permissions.size())) {
            if (each.domid == domid) {
                return each;
            }
        }
        return owner;
    }
}
