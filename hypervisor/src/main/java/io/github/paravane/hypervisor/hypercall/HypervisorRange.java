package io.github.paravane.hypervisor.hypercall;

/** The part of every address space that belongs to the hypervisor (Xen {@code public/arch-x86/xen-x86_64.h}). */
public final class HypervisorRange {

    /** HYPERVISOR_VIRT_START: first address of L4 slot 256. */
    public static final long START = 0xFFFF_8000_0000_0000L;

    /** HYPERVISOR_VIRT_END: first address of L4 slot 272, exclusive. */
    public static final long END = 0xFFFF_8800_0000_0000L;

    private static final int CANONICAL_LOW_BITS = 47;

    private HypervisorRange() {}

    /** Whether {@code linear} lies in the range. */
    public static boolean contains(long linear) {
        return linear >= START && linear < END;
    }

    /** Whether {@code linear} is canonical and outside the range: what Xen calls {@code access_ok}. */
    public static boolean isGuest(long linear) {
        return linear >>> CANONICAL_LOW_BITS == 0 || Long.compareUnsigned(linear, END) >= 0;
    }
}
