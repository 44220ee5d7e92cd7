package io.github.paravane.hypervisor.event;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SharedLayout;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.event.Channel.State;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The event channels of one domain, in the 2-level form (abi-reference 3.16, 3.17): pending and mask bits live in
 * shared_info, the selector and upcall_pending in each vcpu_info; all of them are the guest's to change at any time.
 *
 * <p>Operations answer a port or 0, or a negated {@link XenErrno}. They run for the domain itself; dom0 exists for every
 * domain as the owner of {@linkplain #allocateForHost host ends}, whether or not it runs on the machine.
 */
public final class EventChannels {

    /** Ports of a 64-bit guest in the 2-level form. */
    public static final int MAX_PORTS = 4096;

    private static final int DOMID_SELF = 0x7FF0;
    private static final int DOM0 = 0;

    private final Platform platform;
    private final Domain domain;
    private final SharedLayout layout;
    private final GuestBits bits;
    private final boolean closeClearsPending;
    private final boolean globalVirqsMove;
    private final boolean freePortsInert;
    private final boolean freePortsPolled;
    private final Waits waits = new Waits();
    private final PortTable ports = new PortTable();
    private int hostPorts;

    public EventChannels(Platform platform, Domain domain) {
        this.platform = Objects.requireNonNull(platform, "platform");
        this.domain = Objects.requireNonNull(domain, "domain");
        this.layout = domain.layout();
        this.bits = new GuestBits(platform.memory());
        ports.setLimit(layout.ports());
        closeClearsPending = platform.profile().get(ServiceRules.CLOSE_CLEARS_PENDING);
        freePortsPolled = platform.profile().get(ServiceRules.FREE_PORTS_POLLED);
        freePortsInert = platform.profile().get(ServiceRules.FREE_PORTS_INERT);
        globalVirqsMove = platform.profile().get(ServiceRules.GLOBAL_VIRQS_MOVE);
    }

    /** The domain whose channels these are. */
    public Domain domain() {
        return domain;
    }

    /** The machine. */
    public Platform platform() {
        return platform;
    }

    /** Who waits for what. */
    public Waits waits() {
        return waits;
    }

    /** Sets how many ports may exist, port 0 included (max_event_channels). */
    public void setLimit(int ports) {
        if (ports < 1 || ports > layout.ports()) {
            throw new IllegalArgumentException(
                    "number of ports out of range [1, " + layout.ports() + "]: 0x" + Integer.toHexString(ports));
        }
        this.ports.setLimit(ports);
    }

    /**
     * A channel whose other end is on the host; the guest sees it bound to dom0.
     *
     * @param vcpu the vCPU notified
     * @param onNotify runs on the machine's thread, inside the guest's send
     */
    public HostChannel allocateForHost(int vcpu, Runnable onNotify) {
        Channel channel = ports.allocate();
        if (channel == null) {
            throw new IllegalStateException("domain " + domain.id() + " has no free port");
        }
        HostChannel host = new HostChannel(this, channel, Objects.requireNonNull(onNotify, "onNotify"));
        channel.state = State.INTERDOMAIN;
        channel.vcpu = vcpu;
        channel.remoteDomain = DOM0;
        channel.remotePort = ++hostPorts;
        channel.host = host;
        return host;
    }

    /** EVTCHNOP_alloc_unbound in {@code owner}, for {@code remote}. */
    public long allocateUnbound(int owner, int remote) {
        if (!isSelf(owner)) {
            Domain other = platform.domain(owner);
            if (other != null && domain.isPrivileged()) {
                return other.events().allocateFor(remote == DOMID_SELF ? domain.id() : remote);
            }
            return unprivileged(other, owner);
        }
        return allocateFor(remote == DOMID_SELF ? domain.id() : remote);
    }

    private long allocateFor(int remote) {
        Channel channel = ports.allocate();
        if (channel == null) {
            return XenErrno.ENOSPC.result();
        }
        channel.state = State.UNBOUND;
        channel.remoteDomain = remote;
        return channel.port;
    }

    /** EVTCHNOP_bind_interdomain: a local port bound to a peer's port that is reserved for this domain. */
    public long bindInterdomain(int remoteDomain, int remotePort) {
        Domain peer = isSelf(remoteDomain) ? domain : platform.domain(remoteDomain);
        if (peer == null) {
            return remoteDomain == DOM0 ? XenErrno.EINVAL.result() : XenErrno.ESRCH.result();
        }
        // The local port comes first, so a full table is reported before a bad remote port; and the remote port may
        // not be the local one, which is not unbound.
        Channel local = ports.allocate();
        if (local == null) {
            return XenErrno.ENOSPC.result();
        }
        Channel remote = peer.events().ports.find(remotePort);
        if (remote == null || remote.state != State.UNBOUND || remote.remoteDomain != domain.id()) {
            return XenErrno.EINVAL.result();
        }
        local.state = State.INTERDOMAIN;
        local.remoteDomain = peer.id();
        local.remotePort = remotePort;
        remote.state = State.INTERDOMAIN;
        remote.remoteDomain = domain.id();
        remote.remotePort = local.port;
        setPending(local);
        return local.port;
    }

    /** EVTCHNOP_bind_virq. */
    public long bindVirq(int virq, int vcpu) {
        if (virq < 0 || virq >= Virq.COUNT) {
            return XenErrno.EINVAL.result();
        }
        if (Virq.isGlobal(virq) && vcpu != 0) {
            return XenErrno.EINVAL.result();
        }
        if (!hasVcpu(vcpu)) {
            return XenErrno.ENOENT.result();
        }
        if (ports.ofVirq(vcpu, virq) != 0) {
            return XenErrno.EEXIST.result();
        }
        Channel channel = ports.allocate();
        if (channel == null) {
            return XenErrno.ENOSPC.result();
        }
        channel.state = State.VIRQ;
        channel.vcpu = vcpu;
        channel.virq = virq;
        ports.setVirq(vcpu, virq, channel.port);
        return channel.port;
    }

    /** EVTCHNOP_bind_ipi. */
    public long bindIpi(int vcpu) {
        if (!hasVcpu(vcpu)) {
            return XenErrno.ENOENT.result();
        }
        Channel channel = ports.allocate();
        if (channel == null) {
            return XenErrno.ENOSPC.result();
        }
        channel.state = State.IPI;
        channel.vcpu = vcpu;
        return channel.port;
    }

    /** EVTCHNOP_bind_vcpu: says which vCPU a port notifies. */
    public long bindVcpu(int port, int vcpu) {
        if (!hasVcpu(vcpu)) {
            return XenErrno.ENOENT.result();
        }
        Channel channel = ports.find(port);
        if (channel == null) {
            return XenErrno.EINVAL.result();
        }
        boolean movable = switch (channel.state) {
            case UNBOUND, INTERDOMAIN, PIRQ -> true;
            case VIRQ -> globalVirqsMove && Virq.isGlobal(channel.virq);
            case FREE, RESERVED, IPI -> false;
        };
        if (!movable) {
            return XenErrno.EINVAL.result();
        }
        channel.vcpu = vcpu;
        return 0;
    }

    /** EVTCHNOP_close: the port is free and not pending; an interdomain peer is unbound, reserved for this domain. */
    public long close(int port) {
        Channel channel = ports.find(port);
        if (channel == null || !channel.isUsable()) {
            return XenErrno.EINVAL.result();
        }
        if (channel.state == State.VIRQ) {
            ports.setVirq(Virq.isGlobal(channel.virq) ? 0 : channel.vcpu, channel.virq, 0);
        }
        Channel peer = peer(channel);
        if (closeClearsPending) {
            bits.clear(sharedInfo() + layout.pending(), port);
        }
        channel.free();
        if (peer != null) {
            peer.state = State.UNBOUND;
            peer.remoteDomain = domain.id();
        }
        return 0;
    }

    /** EVTCHNOP_send: notifies the peer; lost if the port is unbound. */
    public long send(int port) {
        Channel channel = ports.find(port);
        if (channel == null) {
            return XenErrno.EINVAL.result();
        }
        switch (channel.state) {
            case INTERDOMAIN -> notifyPeer(channel);
            case IPI -> setPending(channel);
            case UNBOUND -> {
                // Nobody listens.
            }
            case FREE, RESERVED, PIRQ, VIRQ -> {
                return XenErrno.EINVAL.result();
            }
        }
        return 0;
    }

    private void notifyPeer(Channel channel) {
        HostChannel host = channel.host;
        if (host != null) {
            host.notifyHost();
            return;
        }
        Channel peer = peer(channel);
        Domain peerDomain = platform.domain(channel.remoteDomain);
        if (peer != null && peerDomain != null) {
            peerDomain.events().setPending(peer);
        }
    }

    /** EVTCHNOP_unmask: clears the mask bit, and notifies if the port is pending. */
    public long unmask(int port) {
        Channel channel = ports.find(port);
        if (channel == null) {
            return XenErrno.EINVAL.result();
        }
        if ((channel.isUsable() || !freePortsInert)
                && bits.clear(sharedInfo() + layout.mask(), port)
                && bits.test(sharedInfo() + layout.pending(), port)) {
            select(channel);
        }
        return 0;
    }

    /** EVTCHNOP_reset: closes every port. */
    public long reset(int owner) {
        if (!isSelf(owner)) {
            return unprivileged(platform.domain(owner), owner);
        }
        for (int port = 1; port < ports.size(); port++) {
            close(port);
        }
        return 0;
    }

    /** EVTCHNOP_reset_cont, with which an interrupted reset goes on; none ever is. */
    public long resumeReset(int owner) {
        return isSelf(owner) ? XenErrno.EBUSY.result() : unprivileged(platform.domain(owner), owner);
    }

    /** Whether EVTCHNOP_status may ask about a port: 0, or why not. A dom0 elsewhere has one group of ports. */
    public long statusAllowed(int owner, int port) {
        Domain other = isSelf(owner) ? domain : platform.domain(owner);
        if (other == null && owner != DOM0) {
            return XenErrno.ESRCH.result();
        }
        boolean exists = other == null
                ? port >= 0 && port < PortTable.GROUP
                : other.events().exists(port);
        if (!exists) {
            return XenErrno.EINVAL.result();
        }
        return other == domain ? 0 : XenErrno.EPERM.result();
    }

    /** EVTCHNOP_status of a port that {@link #statusAllowed}. */
    public PortStatus status(int port) {
        Channel channel = Objects.requireNonNull(ports.find(port), "no such port");
        return switch (channel.state) {
            case FREE, RESERVED -> new PortStatus(PortStatus.CLOSED, channel.vcpu, 0, 0);
            case UNBOUND -> new PortStatus(PortStatus.UNBOUND, channel.vcpu, channel.remoteDomain, 0);
            case INTERDOMAIN ->
                new PortStatus(PortStatus.INTERDOMAIN, channel.vcpu, channel.remoteDomain, channel.remotePort);
            case PIRQ -> new PortStatus(PortStatus.PIRQ, channel.vcpu, 0, 0);
            case VIRQ -> new PortStatus(PortStatus.VIRQ, channel.vcpu, 0, channel.virq);
            case IPI -> new PortStatus(PortStatus.IPI, channel.vcpu, 0, 0);
        };
    }

    /** Whether there is a port of this number, in use or not. */
    public boolean exists(int port) {
        return ports.find(port) != null;
    }

    /** Whether a guest may poll a port: it is in use, or the version does not look at that. */
    public boolean isOpen(int port) {
        Channel channel = ports.find(port);
        return channel != null && (channel.isUsable() || freePortsPolled);
    }

    /** Whether the pending bit of a port below {@link #MAX_PORTS} is set. */
    public boolean isPending(int port) {
        return bits.test(sharedInfo() + layout.pending(), port);
    }

    /** Raises a virtual interrupt on a vCPU (vCPU 0 for a global one); lost if it is not bound. */
    public void raiseVirq(int vcpu, int virq) {
        int port = ports.ofVirq(vcpu, virq);
        if (port != 0) {
            setPending(ports.get(port));
        }
    }

    /** Whether a virtual interrupt is bound on a vCPU. */
    public boolean isVirqBound(int vcpu, int virq) {
        return ports.ofVirq(vcpu, virq) != 0;
    }

    /** Marks a vCPU as having events to look for, and ends its wait (vcpu_info.evtchn_upcall_pending). */
    public void markPending(Vcpu vcpu) {
        MachineMemory memory = platform.memory();
        int pending = memory.readU8(vcpu.infoMaddr());
        if ((pending & 1) == 0) {
            memory.writeU8(vcpu.infoMaddr(), pending | 1);
            waits.wake(vcpu);
        }
    }

    void setPending(Channel channel) {
        int port = channel.port;
        if (!channel.isUsable() || bits.set(sharedInfo() + layout.pending(), port)) {
            return;
        }
        if (!bits.test(sharedInfo() + layout.mask(), port)) {
            select(channel);
        }
        waits.channelPending(domain.vcpus(), port);
        if (platform.observed()) {
            platform.observer().eventSent(new MachineEvent.EventSent(domain.id(), port, channel.vcpu));
        }
    }

    private void select(Channel channel) {
        Vcpu vcpu = domain.vcpus().get(channel.vcpu);
        if (!bits.set(vcpu.infoMaddr() + layout.selector(), layout.selectorBit(channel.port))) {
            markPending(vcpu);
        }
    }

    private @Nullable Channel peer(Channel channel) {
        if (channel.state != State.INTERDOMAIN || channel.host != null) {
            return null;
        }
        Domain other = platform.domain(channel.remoteDomain);
        return other == null ? null : other.events().ports.find(channel.remotePort);
    }

    private boolean hasVcpu(int vcpu) {
        return vcpu >= 0 && vcpu < domain.vcpus().size();
    }

    private boolean isSelf(int domid) {
        return domid == DOMID_SELF || domid == domain.id();
    }

    private static long unprivileged(@Nullable Domain other, int domid) {
        return (other == null && domid != DOM0 ? XenErrno.ESRCH : XenErrno.EPERM).result();
    }

    private long sharedInfo() {
        return domain.sharedInfoMfn() << MachineMemory.FRAME_SHIFT;
    }
}
