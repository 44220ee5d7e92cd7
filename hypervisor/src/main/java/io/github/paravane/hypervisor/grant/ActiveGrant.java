package io.github.paravane.hypervisor.grant;

/**
 * An entry of a grant table that is in use: what it granted when the first use began, which later changes of the shared
 * entry do not touch (Xen {@code struct active_grant_entry}).
 */
final class ActiveGrant {

    private final int user;
    private final Granted granted;
    private int readers;
    private int writers;

    /**
     * What is granted: bytes of a frame.
     *
     * @param owner table whose domain owns the frame, another one for a transitive grant
     * @param reference the reference there
     * @param start first byte
     * @param length number of bytes
     * @param part whether it may not be mapped: less than a frame, or another domain's
     */
    record Granted(GrantTable owner, int reference, long mfn, int start, int length, boolean part) {}

    /**
     * @param user domain that uses the entry
     */
    ActiveGrant(int user, Granted granted) {
        this.user = user;
        this.granted = granted;
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
        return granted.owner;
    }

    int ownerReference() {
        return granted.reference;
    }

    /** The frame. */
    long mfn() {
        return granted.mfn;
    }

    /** First byte in the frame. */
    int start() {
        return granted.start;
    }

    /** Number of bytes. */
    int length() {
        return granted.length;
    }

    /** Whether it may not be mapped: less than a frame, or another domain's. */
    boolean isPart() {
        return granted.part;
    }

    boolean isUsed() {
        return readers + writers != 0;
    }

    boolean isWritten() {
        return writers != 0;
    }

    /** Whether a later use of the same entry, which now grants {@code other}, is a use of the same bytes. */
    boolean allows(Granted other) {
        return granted.mfn == other.mfn
                && granted.owner == other.owner
                && granted.reference == other.reference
                && (!granted.part || other.part && granted.start == other.start && granted.length == other.length);
    }

    boolean isSame(Granted other) {
        return granted.equals(other);
    }
}
