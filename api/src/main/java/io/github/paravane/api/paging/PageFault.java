package io.github.paravane.api.paging;

/**
 * Why a translation failed, in full.
 *
 * <p>One reason is given when several apply. A walk goes from the root down and ends at the first entry that has P clear,
 * has a reserved bit set, or names a table in a frame that does not exist, in this order for each entry. Only a walk that
 * reaches its leaf checks rights: the entry nearest the root that forbids the access is reported, and for one entry
 * {@link Reason#NOT_USER} before {@link Reason#NOT_WRITABLE} before {@link Reason#NOT_EXECUTABLE}. Last comes the leaf's
 * frame.
 *
 * <p>{@link Reason#NO_SUCH_FRAME} has no counterpart on hardware, where a read of absent memory gives all ones, hence
 * usually a reserved-bit fault. Its error code has P and RSVD set: the machine's memory size acts as its address width.
 * If the root itself does not exist, level and entry are 0.
 *
 * @param linear the address that could not be translated (CR2)
 * @param errorCode the x86 page-fault error code: P 0, W 1, U 2, RSVD 3, I 4 (Intel SDM vol 3, 4.7); I only
 *     if the MMU knows NX
 * @param reason the rule that failed
 * @param level number of the {@link TableLevel} whose entry failed; 0 when no entry was read
 * @param entry that entry's value; 0 when no entry was read
 * @param entryMaddr where the entry was read, or -1
 * @param rights flags and-ed (RW, USER) and or-ed (NX) down to and including that entry
 */
public record PageFault(
        long linear, int errorCode, Reason reason, int level, long entry, long entryMaddr, long rights) {

    /** P: set when a present entry forbids the access. */
    public static final int PRESENT = 1;

    /** RSVD: a present entry has a reserved bit set. */
    public static final int RESERVED = 1 << 3;

    /** The rule that failed. */
    public enum Reason {
        /** An entry on the way has P clear. */
        NOT_PRESENT,
        /** A store, and R/W is clear on the way. */
        NOT_WRITABLE,
        /** An access at CPL 3, and U/S is clear on the way. */
        NOT_USER,
        /** A fetch, and NX is set on the way. */
        NOT_EXECUTABLE,
        /** A present entry has a reserved bit set. */
        RESERVED_BIT,
        /** An entry names a frame that the machine does not have. */
        NO_SUCH_FRAME
    }

    /** Whether the faulting access was a store. */
    public boolean isWrite() {
        return (errorCode & Access.WRITE) != 0;
    }

    /** Whether the faulting access was a fetch. */
    public boolean isFetch() {
        return (errorCode & Access.FETCH) != 0;
    }
}
