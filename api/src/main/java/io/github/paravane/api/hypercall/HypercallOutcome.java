package io.github.paravane.api.hypercall;

/** How a hypercall ended. */
public final class HypercallOutcome {

    private static final HypercallOutcome[] SMALL = new HypercallOutcome[256];
    private static final int SMALL_OFFSET = 128;

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new HypercallOutcome(Kind.COMPLETED, i - SMALL_OFFSET);
        }
    }

    /** Success with result 0. */
    public static final HypercallOutcome OK = completed(0);

    /**
     * The call set the registers itself and there is no result: iret, or a domain that crashed or shut down in the call.
     */
    public static final HypercallOutcome NO_RETURN = new HypercallOutcome(Kind.NO_RETURN, 0);

    /**
     * The call was pre-empted: argument registers hold the arguments to go on with; the guest executes its SYSCALL again.
     */
    public static final HypercallOutcome CONTINUED = new HypercallOutcome(Kind.CONTINUED, 0);

    private final Kind kind;
    private final long result;

    /** The cases. */
    public enum Kind {
        /** {@link #result} goes to RAX. */
        COMPLETED,
        /** See {@link #NO_RETURN}. */
        NO_RETURN,
        /** See {@link #CONTINUED}. */
        CONTINUED
    }

    private HypercallOutcome(Kind kind, long result) {
        this.kind = kind;
        this.result = result;
    }

    /** Completed with {@code result} in RAX. */
    public static HypercallOutcome completed(long result) {
        return result >= -SMALL_OFFSET && result < SMALL.length - SMALL_OFFSET
                ? SMALL[(int) result + SMALL_OFFSET]
                : new HypercallOutcome(Kind.COMPLETED, result);
    }

    /** Completed with a negated errno in RAX. */
    public static HypercallOutcome failed(XenErrno errno) {
        return completed(errno.result());
    }

    /** The case. */
    public Kind kind() {
        return kind;
    }

    /** The value for RAX; 0 unless completed. */
    public long result() {
        return result;
    }

    @Override
    public String toString() {
        return kind == Kind.COMPLETED ? Long.toString(result) : kind.toString();
    }
}
