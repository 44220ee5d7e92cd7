package io.github.paravane.hypervisor.grant;

/**
 * An entry of a grant table that is in use: what it granted when the first use began, which later changes of the shared
 * entry do not touch (Xen {@code struct active_grant_entry}).
 */
final class ActiveGrant {

    private final int user;
    private final GrantTable owner;
    private final int ownerReference;
    private final long mfn;
    private final int start;
    private final int length;
    private final boolean part;
    private int readers;
    private int writers;

    /** What is granted: bytes of a frame. */
    record Granted(long mfn, int start, int length, boolean part) {}

    /**
     * @param user domain that uses the entry
     * @param owner table whose domain owns the frame, another one for a transitive grant
     * @param ownerReference the reference there
     */
    ActiveGrant(int user, GrantTable owner, int ownerReference, Granted granted) {
        this.user = user;
        this.owner = owner;
        this.ownerReference = ownerReference;
        this.mfn = granted.mfn;
        this.start = granted.start;
        this.length = granted.length;
        this.part = granted.part;
    }

    void begin(boolean write) {
        if (write) {
            writers++;
        } else {
            readers++;
        }
    }

    void end(boolean write) {
        if (write) {
            writers--;
        } else {
            readers--;
        }
    }

    int user() {
        return user;
    }

    GrantTable owner() {
        return owner;
    }

    int ownerReference() {
        return ownerReference;
    }

    /** The frame. */
    long mfn() {
        return mfn;
    }

    /** First byte in the frame. */
    int start() {
        return start;
    }

    /** Number of bytes. */
    int length() {
        return length;
    }

    /** Whether it may not be mapped: less than a frame, or another domain's. */
    boolean isPart() {
        return part;
    }

    boolean isUsed() {
        return readers + writers != 0;
    }

    boolean isWritten() {
        return writers != 0;
    }

    boolean isSame(GrantTable table, int reference, Granted granted) {
        return owner == table
                && ownerReference == reference
                && mfn == granted.mfn
                && start == granted.start
                && length == granted.length
                && part;
    }
}
