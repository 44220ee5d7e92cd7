package io.github.paravane.hypervisor.domain;

/** A vCPU's callbacks by Xen's CALLBACKTYPE_* number (abi-reference 3.7). */
public final class Callbacks {

    /** CALLBACKTYPE_event. */
    public static final int EVENT = 0;

    /** CALLBACKTYPE_failsafe. */
    public static final int FAILSAFE = 1;

    /** CALLBACKTYPE_syscall. */
    public static final int SYSCALL = 2;

    /** CALLBACKTYPE_nmi, where it is not trap 2. */
    public static final int NMI = 4;

    /** CALLBACKTYPE_sysenter. */
    public static final int SYSENTER = 5;

    /** CALLBACKTYPE_syscall32. */
    public static final int SYSCALL32 = 7;

    private final long[] address = new long[8];
    private final boolean[] masks = new boolean[8];
    private final char[] selector = new char[8];

    /** Registers a callback. */
    public void set(int type, long handler, boolean maskEvents) {
        address[type] = handler;
        masks[type] = maskEvents;
    }

    /** Sets the code segment of a callback, which counts for 32-bit guests only. */
    public void setSelector(int type, int cs) {
        selector[type] = (char) cs;
    }

    /** The code segment of a callback. */
    public int selector(int type) {
        return selector[type];
    }

    /** The handler, 0 if none. */
    public long address(int type) {
        return address[type];
    }

    /** Whether entry masks events. */
    public boolean masksEvents(int type) {
        return masks[type];
    }
}
