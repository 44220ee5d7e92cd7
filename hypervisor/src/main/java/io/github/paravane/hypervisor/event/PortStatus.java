package io.github.paravane.hypervisor.event;

/**
 * What EVTCHNOP_status tells.
 *
 * @param status EVTCHNSTAT_* number
 * @param vcpu the vCPU notified
 * @param remoteDomain peer of an unbound or interdomain port, else 0
 * @param detail remote port, virq or pirq, else 0
 */
public record PortStatus(int status, int vcpu, int remoteDomain, int detail) {

    /** EVTCHNSTAT_closed. */
    public static final int CLOSED = 0;

    /** EVTCHNSTAT_unbound. */
    public static final int UNBOUND = 1;

    /** EVTCHNSTAT_interdomain. */
    public static final int INTERDOMAIN = 2;

    /** EVTCHNSTAT_pirq. */
    public static final int PIRQ = 3;

    /** EVTCHNSTAT_virq. */
    public static final int VIRQ = 4;

    /** EVTCHNSTAT_ipi. */
    public static final int IPI = 5;
}
