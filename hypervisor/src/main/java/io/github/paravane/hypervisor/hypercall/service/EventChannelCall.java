package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.event.EventChannels;
import io.github.paravane.hypervisor.event.PortStatus;

/**
 * event_channel_op (abi-reference 3.16). The 2-level form only: the operations of the FIFO form check their arguments and
 * then answer as a hypervisor without that form does, on which every guest falls back.
 */
final class EventChannelCall implements Hypercall {

    private static final int BIND_INTERDOMAIN = 0;
    private static final int BIND_VIRQ = 1;
    private static final int BIND_PIRQ = 2;
    private static final int CLOSE = 3;
    private static final int SEND = 4;
    private static final int STATUS = 5;
    private static final int ALLOC_UNBOUND = 6;
    private static final int BIND_IPI = 7;
    private static final int BIND_VCPU = 8;
    private static final int UNMASK = 9;
    private static final int RESET = 10;
    private static final int INIT_CONTROL = 11;
    private static final int EXPAND_ARRAY = 12;
    private static final int SET_PRIORITY = 13;
    private static final int RESET_CONT = 14;
    private static final int UNION_OFFSET = 4;
    private static final int COMPAT_SIZE = 28;
    private static final int CONTROL_BLOCK_SIZE = 72;

    private final Platform platform;
    private final BitMask known;
    private final BitMask knownToCompat;
    private final int pirqs;

    EventChannelCall(Platform platform) {
        this.platform = platform;
        this.known = platform.profile().get(VersionRules.EVENT_OPS);
        knownToCompat = platform.profile().get(ServiceRules.OLD_EVENT_OPS);
        pirqs = platform.profile().get(ServiceRules.PIRQS);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        return operation(context.argument32(0), context.argument(1), context.memory());
    }

    /** event_channel_op_compat: command and arguments in one structure. */
    HypercallOutcome compat(HypercallContext context) {
        long structure = context.argument(0);
        GuestBuffer memory = context.memory();
        memory.read(structure, new byte[COMPAT_SIZE], 0, COMPAT_SIZE);
        int command = memory.readU32(structure);
        return Operations.exists(knownToCompat, command)
                ? operation(command, structure + UNION_OFFSET, memory)
                : Operations.UNKNOWN;
    }

    private HypercallOutcome operation(int command, long arg, GuestBuffer memory) {
        if (!Operations.exists(known, command)) {
            return Operations.UNKNOWN;
        }
        EventChannels events = platform.current().domain().events();
        return switch (command) {
            case BIND_INTERDOMAIN ->
                port(events.bindInterdomain(memory.readU16(arg), memory.readU32(arg + 4)), arg + 8, memory);
            case BIND_VIRQ -> port(events.bindVirq(memory.readU32(arg), memory.readU32(arg + 4)), arg + 8, memory);
            case BIND_PIRQ -> bindPirq(arg, memory);
            case CLOSE -> result(events.close(memory.readU32(arg)));
            case SEND -> result(events.send(memory.readU32(arg)));
            case STATUS -> status(events, arg, memory);
            case ALLOC_UNBOUND ->
                port(events.allocateUnbound(memory.readU16(arg), memory.readU16(arg + 2)), arg + 4, memory);
            case BIND_IPI -> port(events.bindIpi(memory.readU32(arg)), arg + 4, memory);
            case BIND_VCPU -> result(events.bindVcpu(memory.readU32(arg), memory.readU32(arg + 4)));
            case UNMASK -> result(events.unmask(memory.readU32(arg)));
            case RESET -> result(events.reset(memory.readU16(arg)));
            case RESET_CONT -> result(events.resumeReset(memory.readU16(arg)));
            case INIT_CONTROL -> initControl(memory.readU64(arg), memory.readU32(arg + 8), memory.readU32(arg + 12));
            case EXPAND_ARRAY -> {
                memory.readU64(arg);
                yield HypercallOutcome.failed(XenErrno.EOPNOTSUPP);
            }
            case SET_PRIORITY -> {
                memory.readU32(arg + 4);
                yield setPriority(events, memory.readU32(arg));
            }
            default -> Operations.UNKNOWN;
        };
    }

    /** Ports of the 2-level form have no priority. */
    private static HypercallOutcome setPriority(EventChannels events, int port) {
        return events.exists(port) ? Operations.UNKNOWN : Operations.INVALID;
    }

    private HypercallOutcome initControl(long mfn, int offset, int vcpu) {
        Domain domain = platform.current().domain();
        if (vcpu < 0 || vcpu >= domain.vcpus().size()) {
            return HypercallOutcome.failed(XenErrno.ENOENT);
        }
        boolean inPage = offset >= 0 && offset <= MachineMemory.FRAME_SIZE - CONTROL_BLOCK_SIZE && (offset & 7) == 0;
        boolean owned = platform.frames().exists(mfn) && platform.frames().owner(mfn) == domain.id();
        return inPage && owned ? Operations.UNKNOWN : Operations.INVALID;
    }

    /** A domain may use no physical interrupt that it could have. */
    private HypercallOutcome bindPirq(long arg, GuestBuffer memory) {
        int pirq = memory.readU32(arg);
        memory.readU64(arg + 4);
        return pirq >= 0 && pirq < pirqs ? Operations.NOT_PERMITTED : HypercallOutcome.failed(XenErrno.EINVAL);
    }

    private static HypercallOutcome status(EventChannels events, long arg, GuestBuffer memory) {
        int owner = memory.readU16(arg);
        int port = memory.readU32(arg + 4);
        long allowed = events.statusAllowed(owner, port);
        if (allowed < 0) {
            return HypercallOutcome.completed(allowed);
        }
        PortStatus status = events.status(port);
        memory.writeU32(arg + 8, status.status());
        memory.writeU32(arg + 12, status.vcpu());
        switch (status.status()) {
            case PortStatus.UNBOUND -> memory.writeU16(arg + 16, status.remoteDomain());
            case PortStatus.INTERDOMAIN -> {
                memory.writeU16(arg + 16, status.remoteDomain());
                memory.writeU32(arg + 20, status.detail());
            }
            case PortStatus.PIRQ, PortStatus.VIRQ -> memory.writeU32(arg + 16, status.detail());
            default -> {
                // The union keeps what the guest put there.
            }
        }
        return HypercallOutcome.OK;
    }

    /** Stores an allocated port; if that faults the port stays allocated, as on Xen. */
    private static HypercallOutcome port(long portOrErrno, long linear, GuestBuffer memory) {
        if (portOrErrno < 0) {
            return HypercallOutcome.completed(portOrErrno);
        }
        memory.writeU32(linear, (int) portOrErrno);
        return HypercallOutcome.OK;
    }

    private static HypercallOutcome result(long result) {
        return HypercallOutcome.completed(result);
    }
}
