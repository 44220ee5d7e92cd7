package io.github.paravane.hypervisor.domain;

/**
 * How a vCPU will go back to its guest when everything due before that is done. Until then the registers hold what the
 * guest is to find, but for RFLAGS, whose 64 bits are here as the guest gave them, and for RCX and R11, which SYSRET
 * overwrites at the very end: an event that comes first saves them as they are (Xen {@code arch/x86/x86_64/entry.S},
 * {@code restore_all_guest}).
 */
public final class ReturnPath {

    /** The instruction that goes back. */
    public enum Kind {
        /** The guest goes on where it was; its registers are whole. */
        NONE,
        /** IRETQ, which loads the selectors and may fault. */
        IRET,
        /** SYSRET, which shows RIP in RCX and RFLAGS in R11. */
        SYSRET
    }

    private static final Kind[] KINDS = Kind.values();

    /** Index in {@link #KINDS}: storing a reference would cost a barrier on every hypercall. */
    private int kind = Kind.NONE.ordinal();

    private long rflags;

    /** How; {@link Kind#NONE} once the guest runs. */
    public Kind kind() {
        return KINDS[kind];
    }

    /** RFLAGS as a frame would show them, reserved bits included; has no meaning for {@link Kind#NONE}. */
    public long rflags() {
        return rflags;
    }

    /** Goes back by {@code newKind} with {@code newRflags}. */
    public void set(Kind newKind, long newRflags) {
        kind = newKind.ordinal();
        rflags = newRflags;
    }

    /** The guest has its registers. */
    public void done() {
        kind = Kind.NONE.ordinal();
    }
}
