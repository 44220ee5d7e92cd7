package io.github.paravane.hypervisor.event;

import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import java.util.Arrays;

/** Which vCPUs of a domain wait for what, and what ends a wait (abi-reference 3.19). */
public final class Waits {

    /** Waits for any channel of the domain. */
    public static final int ANY_PORT = -1;

    private static final int NOT_POLLING = 0;

    private int[] polled = new int[1];

    /** SCHEDOP_block: unmasks the vCPU's events and blocks it unless one is deliverable. */
    public void block(Vcpu vcpu) {
        vcpu.setUpcallMask(false);
        if (!vcpu.upcallPending()) {
            vcpu.setRunState(RunState.BLOCKED);
        }
    }

    /**
     * SCHEDOP_poll: blocks the vCPU until a channel becomes pending.
     *
     * @param port the channel, or {@link #ANY_PORT}
     */
    public void poll(Vcpu vcpu, int port) {
        if (vcpu.id() >= polled.length) {
            polled = Arrays.copyOf(polled, vcpu.id() + 1);
        }
        polled[vcpu.id()] = port;
        vcpu.setRunState(RunState.BLOCKED);
    }

    /** Whether the vCPU waits in SCHEDOP_poll. */
    public boolean isPolling(Vcpu vcpu) {
        return vcpu.id() < polled.length && polled[vcpu.id()] != NOT_POLLING;
    }

    /** Ends the vCPU's wait, if it waits. */
    public void wake(Vcpu vcpu) {
        if (vcpu.id() < polled.length) {
            polled[vcpu.id()] = NOT_POLLING;
        }
        vcpu.endWait();
    }

    /** A channel became pending: ends the waits for it. */
    void channelPending(Iterable<Vcpu> vcpus, int port) {
        for (Vcpu each : vcpus) {
            int waitsFor = each.id() < polled.length ? polled[each.id()] : NOT_POLLING;
            if (waitsFor == ANY_PORT || waitsFor == port) {
                wake(each);
            }
        }
    }
}
