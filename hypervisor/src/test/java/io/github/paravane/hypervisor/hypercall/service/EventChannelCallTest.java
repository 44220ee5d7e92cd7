package io.github.paravane.hypervisor.hypercall.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.event.HostChannel;
import io.github.paravane.hypervisor.event.Virq;
import io.github.paravane.hypervisor.profiles.AbiProfiles;
import io.github.paravane.mmu.Mmu;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** abi-reference 3.16 and 3.17. */
final class EventChannelCallTest {
    private static final String OP = "event_channel_op";
    private static final int SELF = 0x7FF0;
    private static final int EPERM = -1;
    private static final int ENOENT = -2;
    private static final int ESRCH = -3;
    private static final int EEXIST = -17;
    private static final int EINVAL = -22;
    private static final int ENOSPC = -28;
    private static final int ENOSYS = -38;

    private final ServiceRig rig = new ServiceRig(2);

    private int allocUnbound(int remote) {
        assertEquals(0, rig.callWith(OP, 6, SELF | remote << 16));
        return rig.result(4);
    }

    private int bindIpi(int vcpu) {
        assertEquals(0, rig.callWith(OP, 7, vcpu));
        return rig.result(4);
    }

    /** The FIFO form is refused as by a hypervisor without it: guests fall back to the 2-level form. */
    @Test
    void prioritiesBelongToTheFifoForm() {
        ServiceRig fifo = new ServiceRig(1);
        fifo.put(1, 16);
        assertEquals(-38, fifo.call("event_channel_op", 13, ServiceRig.ARG), "nobody looks at the priority");
        fifo.put(5000, 7);
        assertEquals(-22, fifo.call("event_channel_op", 13, ServiceRig.ARG), "no such port");
        fifo.put(1, 7);
        assertEquals(-38, fifo.call("event_channel_op", 13, ServiceRig.ARG));
    }

    @Test
    void portsAreTheLowestFree() {
        assertEquals(1, allocUnbound(0));
        assertEquals(2, bindIpi(0));
        assertEquals(3, bindIpi(0));
        assertEquals(0, rig.callWith(OP, 3, 2));
        assertEquals(2, bindIpi(0));
    }

    @Test
    void aFullTableIsNoSpace() {
        for (int port = 1; port < 4096; port++) {
            assertEquals(port, bindIpi(0));
        }
        assertEquals(ENOSPC, rig.callWith(OP, 7, 0));
        assertEquals(ENOSPC, rig.callWith(OP, 1, Virq.TIMER, 0));
        assertEquals(0, rig.callWith(OP, 10, SELF));
        assertEquals(1, bindIpi(0));
    }

    @Test
    void ipiSetsPendingSelectorAndUpcall() {
        rig.vcpu(1).setRunState(RunState.BLOCKED);
        for (int i = 0; i < 69; i++) {
            bindIpi(0);
        }
        int port = bindIpi(1);
        assertEquals(70, port);
        assertEquals(0, rig.callWith(OP, 4, port));
        assertTrue(rig.pending(port));
        assertEquals(1L << 1, rig.memory.readU64(rig.vcpu(1).infoMaddr() + 8));
        assertTrue(rig.vcpu(1).upcallPending());
        assertFalse(rig.vcpu(0).upcallPending());
        assertEquals(RunState.RUNNABLE, rig.vcpu(1).runState());
    }

    @Test
    void aMaskedPortIsOnlyPendingUntilUnmasked() {
        int port = bindIpi(0);
        rig.setMask(port);
        assertEquals(0, rig.callWith(OP, 4, port));
        assertTrue(rig.pending(port));
        assertFalse(rig.vcpu(0).upcallPending());
        assertEquals(0, rig.callWith(OP, 9, port));
        assertTrue(rig.vcpu(0).upcallPending());
    }

    @Test
    void interdomainWithinADomain() {
        int unbound = allocUnbound(SELF);
        assertEquals(0, rig.callWith(OP, 4, unbound), "a send without a peer is lost");
        assertEquals(0, rig.callWith(OP, 0, SELF, unbound));
        int local = rig.result(8);
        assertTrue(rig.pending(local), "the new port starts pending");
        assertFalse(rig.pending(unbound));
        assertEquals(0, rig.callWith(OP, 4, local));
        assertTrue(rig.pending(unbound));
        assertEquals(0, rig.callWith(OP, 5, SELF, local));
        assertEquals(2, rig.result(8));
        assertEquals(1, rig.memory.readU16(ServiceRig.ARG + 16));
        assertEquals(unbound, rig.result(20));
        assertEquals(0, rig.callWith(OP, 3, local));
        assertFalse(rig.pending(local), "closing clears pending");
        assertEquals(0, rig.callWith(OP, 5, SELF, unbound));
        assertEquals(1, rig.result(8), "the peer is unbound again");
        assertEquals(1, rig.memory.readU16(ServiceRig.ARG + 16));
    }

    @Test
    void interdomainBetweenDomains() {
        Domain other = new Domain(rig.platform, 2, Domain.Privilege.NONE, 5, 0);
        rig.platform.add(other);
        other.add(new Vcpu(other, 0, Mmu.of(rig.memory, PagingMode.FOUR_LEVEL)));
        int reserved = allocUnbound(2);
        assertEquals(EINVAL, rig.callWith(OP, 0, SELF, reserved), "reserved for another domain");
        long local = other.events().bindInterdomain(1, reserved);
        assertEquals(1, local);
        assertEquals(0, other.events().send(1));
        assertTrue(rig.pending(reserved));
        assertEquals(0, rig.callWith(OP, 4, reserved));
        assertTrue(other.vcpus().get(0).upcallPending());
        assertEquals(0, other.events().close(1));
        assertEquals(1, rig.domain.events().status(reserved).status());
        assertEquals(2, rig.domain.events().status(reserved).remoteDomain());
    }

    @Test
    void virtualInterrupts() {
        assertEquals(EINVAL, rig.callWith(OP, 1, 24, 0));
        assertEquals(EINVAL, rig.callWith(OP, 1, -1, 0));
        assertEquals(ENOENT, rig.callWith(OP, 1, Virq.TIMER, 2));
        assertEquals(EINVAL, rig.callWith(OP, 1, 2, 1), "a global one starts on vCPU 0");
        assertEquals(0, rig.callWith(OP, 1, Virq.TIMER, 1));
        int timer = rig.result(8);
        assertEquals(EEXIST, rig.callWith(OP, 1, Virq.TIMER, 1));
        assertEquals(0, rig.callWith(OP, 1, Virq.TIMER, 0));
        assertEquals(EINVAL, rig.callWith(OP, 4, timer), "a guest cannot send it");
        assertEquals(EINVAL, rig.callWith(OP, 8, timer, 0), "a per-vCPU one cannot move");
        rig.domain.events().raiseVirq(1, Virq.TIMER);
        assertTrue(rig.pending(timer));
        assertTrue(rig.vcpu(1).upcallPending());
        assertEquals(0, rig.callWith(OP, 3, timer));
        assertEquals(0, rig.callWith(OP, 1, Virq.TIMER, 1), "free to be bound again");
    }

    @Test
    void aGlobalVirqAndAnUnboundPortMove() {
        assertEquals(0, rig.callWith(OP, 1, 2, 0));
        int global = rig.result(8);
        assertEquals(0, rig.callWith(OP, 8, global, 1));
        rig.domain.events().raiseVirq(0, 2);
        assertTrue(rig.vcpu(1).upcallPending());
        assertEquals(0, rig.callWith(OP, 8, allocUnbound(0), 1));
        assertEquals(ENOENT, rig.callWith(OP, 8, global, 2));
        assertEquals(EINVAL, rig.callWith(OP, 8, bindIpi(0), 1));
    }

    @Test
    void badPorts() {
        for (int command : new int[] {3, 4, 9}) {
            assertEquals(EINVAL, rig.callWith(OP, command, 4096), "command " + command);
            assertEquals(EINVAL, rig.callWith(OP, command, -1), "command " + command);
        }
        assertEquals(EINVAL, rig.callWith(OP, 3, 0));
        assertEquals(EINVAL, rig.callWith(OP, 3, 5));
        assertEquals(EINVAL, rig.callWith(OP, 4, 5));
        assertEquals(0, rig.callWith(OP, 9, 5), "unmasking a closed port does nothing");
    }

    @Test
    void otherDomainsAreOutOfReach() {
        assertEquals(EPERM, rig.callWith(OP, 6, 0), "dom0 exists");
        assertEquals(ESRCH, rig.callWith(OP, 6, 77));
        assertEquals(ESRCH, rig.callWith(OP, 0, 77, 1));
        assertEquals(EINVAL, rig.callWith(OP, 0, 0, 1));
        assertEquals(ESRCH, rig.callWith(OP, 5, 77, 1));
        assertEquals(EPERM, rig.callWith(OP, 10, 0));
        assertEquals(0, rig.callWith(OP, 6, 1), "its own number is as good as SELF");
    }

    @Test
    void hostEnds() {
        AtomicInteger notified = new AtomicInteger();
        HostChannel host = rig.domain.events().allocateForHost(0, notified::incrementAndGet);
        assertEquals(1, host.port());
        assertEquals(0, rig.callWith(OP, 5, SELF, 1));
        assertEquals(2, rig.result(8));
        assertEquals(0, rig.memory.readU16(ServiceRig.ARG + 16), "bound to dom0");
        assertEquals(0, rig.callWith(OP, 4, 1));
        assertEquals(1, notified.get());
        assertFalse(rig.pending(1));
        host.raise();
        assertTrue(rig.pending(1));
        assertEquals(0, rig.callWith(OP, 3, 1));
        assertFalse(host.isOpen());
        assertEquals(1, bindIpi(0));
        host.raise();
        assertFalse(rig.pending(1), "a closed end never touches the port's next owner");
    }

    @Test
    void unknownAndFifoOperations() {
        for (int command : new int[] {13, 15, 63, 64, -1}) {
            assertEquals(ENOSYS, rig.callWith(OP, command, 0), "command " + command);
        }
        assertEquals(-16, rig.callWith(OP, 14, SELF), "no reset was interrupted");
        assertEquals(-1, rig.callWith(OP, 14, 0));
        assertEquals(EINVAL, rig.callWith(OP, 11, -2, -1, 0, 0), "no such frame");
        assertEquals(EINVAL, rig.callWith(OP, 11, 4, 0, 4, 0), "misaligned");
        assertEquals(ENOENT, rig.callWith(OP, 11, 4, 0, 0, 2));
        rig.platform.frames().setOwner(4, 1);
        assertEquals(EINVAL, rig.callWith(OP, 5, 0, 64), "dom0 has one group of ports");
        assertEquals(-1, rig.callWith(OP, 5, 0, 63));
        assertEquals(ENOSYS, rig.callWith(OP, 11, 4, 0, 0, 0));
        assertEquals(-95, rig.callWith(OP, 12, 4, 0));
        assertThrows(GuestFault.class, () -> rig.call(OP, 4, ServiceRig.UNMAPPED));
    }

    @Test
    void aFaultingResultLeavesThePortAllocated() {
        long last = ServiceRig.UNMAPPED - 4;
        rig.memory.writeU32(last, 0);
        assertThrows(GuestFault.class, () -> rig.call(OP, 7, last));
        assertEquals(2, bindIpi(0));
    }

    @Test
    void compatForm() {
        rig.put(7, 0);
        assertEquals(0, rig.call("event_channel_op_compat", ServiceRig.ARG));
        assertEquals(1, rig.result(8));
    }

    @Test
    void operationsComeFromTheProfile() {
        ServiceRig old = new ServiceRig(1, AbiProfiles.XEN_3_0_2);
        assertEquals(ENOSYS, old.callWith(OP, 10, SELF), "reset came later");
    }
}
