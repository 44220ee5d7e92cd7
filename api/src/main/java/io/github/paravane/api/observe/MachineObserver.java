package io.github.paravane.api.observe;

/**
 * Watches a machine. Every method is empty by default, runs on the machine's thread, must not change the machine, and
 * should not throw: what it throws leaves the run. A machine without observers pays nothing for them.
 */
public interface MachineObserver {

    /** A trap was reported by a core, before anybody handled it. */
    default void trap(MachineEvent.TrapRaised event) {}

    /** The guest kernel is entered: a frame was pushed. */
    default void bounce(MachineEvent.Bounce event) {}

    /** A hypercall is over (or pre-empted). */
    default void hypercall(MachineEvent.HypercallDone event) {}

    /** An entry of a page-table frame was stored. */
    default void pageTableWrite(MachineEvent.PageTableWrite event) {}

    /** The hypervisor refused something. */
    default void rejected(MachineEvent.Rejected event) {}

    /** A frame changed its type. */
    default void typeChanged(MachineEvent.TypeChanged event) {}

    /** TLB entries were flushed. */
    default void flushed(MachineEvent.Flushed event) {}

    /** A vCPU changed between guest-kernel and guest-user mode. */
    default void modeChanged(MachineEvent.ModeChanged event) {}

    /** An event channel became pending. */
    default void eventSent(MachineEvent.EventSent event) {}

    /** A domain ended. */
    default void domainEnded(MachineEvent.DomainEnded event) {}
}
