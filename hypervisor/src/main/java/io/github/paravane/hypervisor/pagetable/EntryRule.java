package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.hypercall.XenErrno;
import org.jspecify.annotations.Nullable;

/**
 * How the validation of an entry, or of a type or base, ended: accepted, or the rule that refused it with its errno
 * (abi-reference 2.5).
 */
public enum EntryRule {
    /** Accepted as it is. */
    ACCEPTED(null),
    /** Accepted; the entry maps device memory and must become uncached. */
    ACCEPTED_DEVICE(null),
    /** Accepted; the entry maps device memory that nobody may write and must become read-only and uncached. */
    ACCEPTED_READ_ONLY(null),
    /** A present entry has a bit set that guests may not set. */
    DISALLOWED_BITS(XenErrno.EINVAL),
    /** An L1 entry names a frame outside memory, and the domain may not access devices there. */
    NO_SUCH_FRAME(XenErrno.EPERM),
    /** As {@link #NO_SUCH_FRAME}, and all bits of the frame number are set. */
    INVALID_FRAME(XenErrno.EINVAL),
    /** An L1 entry names a frame of somebody else, or of nobody. */
    FRAME_NOT_OWNED(XenErrno.EBUSY),
    /** A writable L1 entry names a page table or a descriptor page. */
    FRAME_NOT_WRITABLE(XenErrno.EBUSY),
    /** An L1 entry changes the caching of a frame of the hypervisor. */
    CACHING_OF_SHARED_FRAME(XenErrno.EACCES),
    /** An L2 to L4 entry, a base or a pin names a frame that the domain does not own. */
    TABLE_NOT_OWNED(XenErrno.EINVAL),
    /** The frame is in use as another type. */
    TYPE_CONFLICT(XenErrno.EINVAL),
    /** A descriptor is not one that a guest may have. */
    BAD_DESCRIPTOR(XenErrno.EINVAL),
    /** A GDT of more than 7168 entries. */
    GDT_TOO_LARGE(XenErrno.EINVAL),
    /** An L1 table was refused for one of its entries, in the versions that do not say which rule it broke. */
    L1_TABLE_REFUSED(XenErrno.EINVAL),
    /** A count would overflow. */
    COUNT_OVERFLOW(XenErrno.EINVAL),
    /** A linear entry with R/W set. */
    LINEAR_WRITABLE(XenErrno.EINVAL),
    /** A linear entry at a level that has none. */
    LINEAR_LEVEL(XenErrno.EINVAL),
    /** A linear entry in a table that is the target of one, or to a table that has one. */
    LINEAR_DEPTH(XenErrno.EINVAL),
    /** An L2 entry that maps 2 MiB names a frame that is not the first of 512 of the domain. */
    SUPERPAGE(XenErrno.EINVAL),
    /** An entry that is not present names memory, on a host vulnerable to L1TF: the domain crashes. */
    L1TF(XenErrno.EINVAL),
    /** An L2 or L3 table is referenced at another linear position already (3.0.2). */
    BACK_POINTER(XenErrno.EINVAL),
    /** An L4 entry of the hypervisor: slots 256 to 271. */
    HYPERVISOR_SLOT(XenErrno.EINVAL),
    /** An L2 entry of the hypervisor in a 32-bit domain: slot 428 and up of the table in the last L3 slot. */
    COMPAT_HYPERVISOR_SLOT(XenErrno.EPERM),
    /** The last entry of a 32-bit domain's L3 table, which stays as it was when the table was validated. */
    COMPAT_LAST_SLOT(XenErrno.EINVAL),
    /** The last entry of a 32-bit domain's L3 table is not present. */
    COMPAT_LAST_SLOT_EMPTY(XenErrno.EINVAL),
    /** The L2 table in the last slot of a 32-bit domain's L3 table is used elsewhere too. */
    COMPAT_LAST_SLOT_SHARED(XenErrno.EINVAL),
    /** The L3 table of a 32-bit domain lies above 4 GiB, and the domain has not said that it knows. */
    COMPAT_ROOT_HIGH(XenErrno.ERANGE),
    /** A foreign domain of a caller that may not manage it. */
    FOREIGN_DOMAIN(XenErrno.EPERM),
    /** An LDT that is too large, not page aligned or in the hypervisor's range. */
    BAD_LDT(XenErrno.EINVAL),
    /** A foreign domain with an L2 to L4 entry. */
    FOREIGN_UPPER(XenErrno.EINVAL),
    /** The address is mapped by no L1 table of the domain. */
    NO_L1_TABLE(XenErrno.EINVAL),
    /** The table is pinned already. */
    PINNED_ALREADY(XenErrno.EINVAL),
    /** The table is not pinned. */
    NOT_PINNED(XenErrno.EINVAL),
    /** Neither accepted nor refused: validation was interrupted, and the hypercall goes on with it. */
    INTERRUPTED(XenErrno.ERESTART);

    private final @Nullable XenErrno errno;

    EntryRule(@Nullable XenErrno errno) {
        this.errno = errno;
    }

    /** Whether the entry was accepted. */
    public boolean isAccepted() {
        return errno == null;
    }

    /**
     * The errno of a rule that refuses; {@link IllegalStateException} for one that accepts.
     *
     * @param precise false for the versions that answered EINVAL to everything
     */
    public XenErrno errno(boolean precise) {
        XenErrno mine = errno;
        if (mine == null) {
            throw new IllegalStateException(this + " is no error");
        }
        return precise || this == INTERRUPTED ? mine : XenErrno.EINVAL;
    }
}
