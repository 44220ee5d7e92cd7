package io.github.paravane.api.hypercall;

/**
 * A guest buffer could not be accessed. Stackless; thrown by {@link GuestBuffer} and caught by the hypercall dispatcher,
 * which answers -EFAULT, unless the call catches it to answer something else. It never leaves a run.
 */
public final class GuestFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long linear;

    /**
     * @param linear the address that could not be accessed
     */
    public GuestFault(long linear) {
        super(null, null, false, false);
        this.linear = linear;
    }

    /** The address that could not be accessed. */
    public long linear() {
        return linear;
    }

    @Override
    public String getMessage() {
        return "guest address 0x" + Long.toHexString(linear);
    }
}
