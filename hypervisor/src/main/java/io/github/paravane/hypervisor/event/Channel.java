package io.github.paravane.hypervisor.event;

import org.jspecify.annotations.Nullable;

/** One port. */
final class Channel {

    final int port;
    State state = State.FREE;
    int vcpu;
    int remoteDomain;
    int remotePort;
    int virq;

    @Nullable
    HostChannel host;

    /** States in the order of Xen's EVTCHNSTAT_* numbers, which a guest reads; RESERVED reads as closed. */
    enum State {
        FREE,
        UNBOUND,
        INTERDOMAIN,
        PIRQ,
        VIRQ,
        IPI,
        RESERVED
    }

    Channel(int port) {
        this.port = port;
    }

    boolean isUsable() {
        return state != State.FREE && state != State.RESERVED;
    }

    /** Closed, bound to vCPU 0 again. */
    void free() {
        state = State.FREE;
        vcpu = 0;
        host = null;
    }
}
