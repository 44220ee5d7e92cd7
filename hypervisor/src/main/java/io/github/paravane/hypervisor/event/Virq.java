package io.github.paravane.hypervisor.event;

/** Numbers of virtual interrupts (Xen {@code public/xen.h}, abi-reference 3.16). */
public final class Virq {

    /** Timebase update and timers; per vCPU. */
    public static final int TIMER = 0;

    /** Request to dump state; per vCPU. */
    public static final int DEBUG = 1;

    /** Profiling; per vCPU. */
    public static final int XENOPROF = 7;

    /** Performance counters; per vCPU. */
    public static final int XENPMU = 13;

    /** Numbers below this exist. */
    public static final int COUNT = 24;

    private Virq() {}

    /** Whether a domain has one of it, on vCPU 0 at first, instead of one a vCPU. */
    public static boolean isGlobal(int virq) {
        return virq != TIMER && virq != DEBUG && virq != XENOPROF && virq != XENPMU;
    }
}
