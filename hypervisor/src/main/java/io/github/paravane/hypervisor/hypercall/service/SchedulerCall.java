package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.GuestFault;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.event.EventChannels;
import io.github.paravane.hypervisor.event.Waits;
import io.github.paravane.hypervisor.time.Timers;
import java.util.Map;
import java.util.WeakHashMap;

/** sched_op and its compat form (abi-reference 3.19). */
final class SchedulerCall implements Hypercall {

    private static final int YIELD = 0;
    private static final int BLOCK = 1;
    private static final int SHUTDOWN = 2;
    private static final int POLL = 3;
    private static final int REMOTE_SHUTDOWN = 4;
    private static final int SHUTDOWN_CODE = 5;
    private static final int WATCHDOG = 6;
    private static final int PIN_OVERRIDE = 7;
    private static final int MAX_POLLED = 128;
    private static final long SECOND = 1_000_000_000L;

    private final Platform platform;
    private final Timers timers;
    private final BitMask known;
    private final boolean pollNeedsMask;
    private final boolean pollSeesEvents;
    private final Map<Domain, State> states = new WeakHashMap<>();

    /** What this call keeps for a domain. */
    private static final class State {
        final boolean[] watchdogInUse = new boolean[Timers.WATCHDOGS];
    }

    SchedulerCall(Services services) {
        platform = services.platform();
        timers = services.timers();
        known = platform.profile().get(VersionRules.SCHED_OPS);
        pollNeedsMask = platform.profile().get(ServiceRules.POLL_NEEDS_MASK);
        pollSeesEvents = platform.profile().get(ServiceRules.POLL_SEES_EVENTS);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        int command = context.argument32(0);
        if (!Operations.exists(known, command)) {
            return Operations.UNKNOWN;
        }
        long arg = context.argument(1);
        GuestBuffer memory = context.memory();
        Vcpu vcpu = platform.current();
        return switch (command) {
            case YIELD -> yieldCpu(vcpu);
            case BLOCK -> block(vcpu);
            case SHUTDOWN -> shutDown(vcpu.domain(), memory.readU32(arg));
            case POLL -> poll(vcpu, arg, memory);
            case REMOTE_SHUTDOWN -> remoteShutdown(vcpu, memory.readU16(arg), memory.readU32(arg + 4));
            case SHUTDOWN_CODE -> setShutdownCode(vcpu.domain(), memory.readU32(arg));
            case WATCHDOG -> watchdog(vcpu.domain(), memory.readU32(arg), memory.readU32(arg + 4));
            case PIN_OVERRIDE -> vcpu.domain().isPrivileged() ? Operations.INVALID : Operations.NOT_PERMITTED;
            default -> Operations.UNKNOWN;
        };
    }

    /** sched_op_compat: the argument is a value. */
    HypercallOutcome compat(HypercallContext context) {
        Vcpu vcpu = platform.current();
        return switch (context.argument32(0)) {
            case YIELD -> yieldCpu(vcpu);
            case BLOCK -> block(vcpu);
            case SHUTDOWN -> shutDown(vcpu.domain(), context.argument32(1));
            default -> Operations.UNKNOWN;
        };
    }

    private static HypercallOutcome yieldCpu(Vcpu vcpu) {
        vcpu.setRunState(RunState.RUNNABLE);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome block(Vcpu vcpu) {
        vcpu.domain().events().waits().block(vcpu);
        return HypercallOutcome.OK;
    }

    private static HypercallOutcome shutDown(Domain domain, int reason) {
        domain.shutDown(reason & 0xFF, "");
        return HypercallOutcome.NO_RETURN;
    }

    private static HypercallOutcome setShutdownCode(Domain domain, int reason) {
        domain.setShutdownCode(reason & 0xFF);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome remoteShutdown(Vcpu vcpu, int domid, int reason) {
        Domain target = platform.domain(domid);
        if (target == null) {
            return HypercallOutcome.failed(domid == 0 ? XenErrno.EPERM : XenErrno.ESRCH);
        }
        // A device model may end its target; no domain is its own.
        if (!vcpu.domain().isPrivileged()) {
            return Operations.NOT_PERMITTED;
        }
        shutDown(target, reason);
        return target == vcpu.domain() ? HypercallOutcome.NO_RETURN : HypercallOutcome.OK;
    }

    private HypercallOutcome poll(Vcpu vcpu, long arg, GuestBuffer memory) {
        long ports = memory.readU64(arg);
        int count = memory.readU32(arg + 8);
        long timeout = memory.readU64(arg + 16);
        if (Integer.compareUnsigned(count, MAX_POLLED) > 0) {
            return Operations.INVALID;
        }
        if (!memory.inGuestRange(ports, count, Integer.BYTES)) {
            throw new GuestFault(ports);
        }
        if (pollNeedsMask && !vcpu.upcallMask()) {
            return Operations.INVALID;
        }
        if (pollSeesEvents && vcpu.upcallPending() && !vcpu.upcallMask()) {
            return HypercallOutcome.OK;
        }
        EventChannels events = vcpu.domain().events();
        int port = Waits.ANY_PORT;
        for (int i = 0; i < count; i++) {
            port = memory.readU32(ports + (long) i * Integer.BYTES);
            if (!events.isOpen(port)) {
                return Operations.INVALID;
            }
            if (events.isPending(port)) {
                return HypercallOutcome.OK;
            }
        }
        timers.setPollLimit(vcpu, timeout == 0 ? Timers.NEVER : timeout);
        events.waits().poll(vcpu, count == 1 ? port : Waits.ANY_PORT);
        return HypercallOutcome.OK;
    }

    private HypercallOutcome watchdog(Domain domain, int id, int seconds) {
        if (id < 0 || id > Timers.WATCHDOGS) {
            return Operations.INVALID;
        }
        State state = state(domain);
        long deadline = platform.clock().systemTime() + Integer.toUnsignedLong(seconds) * SECOND;
        if (id == 0) {
            for (int i = 0; i < Timers.WATCHDOGS; i++) {
                if (!state.watchdogInUse[i]) {
                    state.watchdogInUse[i] = true;
                    timers.setWatchdog(domain, i, deadline);
                    return HypercallOutcome.completed(i + 1);
                }
            }
            return HypercallOutcome.failed(XenErrno.ENOSPC);
        }
        if (!state.watchdogInUse[id - 1]) {
            return Operations.INVALID;
        }
        state.watchdogInUse[id - 1] = seconds != 0;
        timers.setWatchdog(domain, id - 1, seconds == 0 ? Timers.NEVER : deadline);
        return HypercallOutcome.OK;
    }

    private State state(Domain domain) {
        return states.computeIfAbsent(domain, unused -> new State());
    }
}
