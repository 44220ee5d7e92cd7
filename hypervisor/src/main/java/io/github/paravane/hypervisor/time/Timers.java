package io.github.paravane.hypervisor.time;

import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.domain.Vcpu.RunState;
import io.github.paravane.hypervisor.event.Virq;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The timers of a machine: per vCPU one singleshot, one periodic and one poll timer, per domain two watchdogs
 * (abi-reference 3.12, 3.19, 3.20). Times are ns of system time. The run loop asks for {@link #nextDeadline} and calls
 * {@link #expire} when it has passed.
 */
public final class Timers {

    /** {@link #nextDeadline} when nothing is due, ever. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Period of the tick that every vCPU starts with: 100 Hz. */
    public static final long DEFAULT_PERIOD = 10_000_000;

    /** Watchdogs of a domain. */
    public static final int WATCHDOGS = 2;

    private static final long HUNDRED_MILLISECONDS = 100_000_000;
    private static final int FAR_SHIFT = 50;
    private static final int SHUTDOWN_WATCHDOG = 4;

    private final Platform platform;
    private final boolean farIsShort;
    private final List<VcpuTimers> all = new ArrayList<>();
    private final Map<Vcpu, VcpuTimers> byVcpu = new IdentityHashMap<>();
    private final Map<Domain, long[]> watchdogs = new IdentityHashMap<>();

    private static final class VcpuTimers {
        final Vcpu vcpu;
        long singleshot = NEVER;
        long poll = NEVER;
        long period = DEFAULT_PERIOD;
        long lastTick;

        VcpuTimers(Vcpu vcpu) {
            this.vcpu = vcpu;
        }

        /** A blocked or offline vCPU gets no ticks, nor one that would not notice; the next one comes when it runs. */
        long nextTick() {
            boolean ticks = period != 0
                    && (vcpu.runState() == RunState.RUNNING || vcpu.runState() == RunState.RUNNABLE)
                    && vcpu.domain().events().isVirqBound(vcpu.id(), Virq.TIMER);
            return ticks ? lastTick + period : NEVER;
        }
    }

    public Timers(Platform platform) {
        this.platform = platform;
        farIsShort = platform.profile().get(ServiceRules.FAR_TIMER_IS_SHORT);
    }

    /** A vCPU comes into being: starts its 100 Hz tick. */
    public void add(Vcpu vcpu) {
        timers(vcpu);
    }

    /** Forgets a domain's timers. */
    public void remove(Domain domain) {
        all.removeIf(each -> each.vcpu.domain() == domain);
        byVcpu.keySet().removeIf(each -> each.domain() == domain);
        watchdogs.remove(domain);
    }

    /** VCPUOP_set_periodic_timer, or 0 for VCPUOP_stop_periodic_timer. */
    public void setPeriodic(Vcpu vcpu, long period) {
        timers(vcpu).period = period;
        endSlice();
    }

    /** VCPUOP_set_singleshot_timer; a time that has passed raises VIRQ_TIMER at once. */
    public void setSingleshot(Vcpu vcpu, long deadline) {
        VcpuTimers timers = timers(vcpu);
        timers.singleshot = deadline;
        fireSingleshot(timers, platform.clock().systemTime());
        endSlice();
    }

    /** VCPUOP_stop_singleshot_timer. */
    public void stopSingleshot(Vcpu vcpu) {
        timers(vcpu).singleshot = NEVER;
    }

    /** set_timer_op: 0 stops, and a time that looks wrapped or very far means 100 ms from now (3.0.3 and later). */
    public void setTimer(Vcpu vcpu, long deadline) {
        long now = platform.clock().systemTime();
        if (deadline == 0) {
            stopSingleshot(vcpu);
        } else if (farIsShort && (deadline < 0 || deadline > now && (deadline - now >>> FAR_SHIFT) != 0)) {
            setSingleshot(vcpu, now + HUNDRED_MILLISECONDS);
        } else {
            setSingleshot(vcpu, deadline);
        }
    }

    /** Limits the vCPU's wait in SCHEDOP_poll; {@link #NEVER} for no limit. */
    public void setPollLimit(Vcpu vcpu, long deadline) {
        timers(vcpu).poll = deadline;
    }

    /** Arms watchdog 0 or 1 of a domain to end it at {@code deadline}; {@link #NEVER} disarms. */
    public void setWatchdog(Domain domain, int watchdog, long deadline) {
        watchdogs.computeIfAbsent(domain, unused -> new long[] {NEVER, NEVER})[watchdog] = deadline;
    }

    /** When {@link #expire} must be called next; may be in the past. */
    public long nextDeadline() {
        long next = NEVER;
        for (VcpuTimers each : all) {
            next = Math.min(next, Math.min(each.nextTick(), Math.min(each.singleshot, each.poll)));
        }
        for (long[] each : watchdogs.values()) {
            next = Math.min(next, Math.min(each[0], each[1]));
        }
        return next;
    }

    /** Lets every timer that is due at {@code now} go off. */
    public void expire(long now) {
        for (VcpuTimers each : all) {
            fireSingleshot(each, now);
            if (each.nextTick() <= now) {
                each.lastTick = now;
                raise(each.vcpu);
            }
            if (each.poll <= now) {
                each.poll = NEVER;
                if (each.vcpu.domain().events().waits().isPolling(each.vcpu)) {
                    each.vcpu.domain().events().waits().wake(each.vcpu);
                }
            }
        }
        for (Map.Entry<Domain, long[]> each : watchdogs.entrySet()) {
            if (Math.min(each.getValue()[0], each.getValue()[1]) <= now) {
                each.getValue()[0] = NEVER;
                each.getValue()[1] = NEVER;
                each.getKey().shutDown(SHUTDOWN_WATCHDOG, "watchdog");
            }
        }
    }

    /** The running slice was measured against the timers before it; under a virtual clock the next one is exact again. */
    private void endSlice() {
        Vcpu running = platform.currentOrNull();
        if (running != null && platform.clock().isVirtual()) {
            running.interrupt();
        }
    }

    private static void fireSingleshot(VcpuTimers timers, long now) {
        if (timers.singleshot <= now) {
            timers.singleshot = NEVER;
            raise(timers.vcpu);
        }
    }

    private static void raise(Vcpu vcpu) {
        vcpu.domain().events().raiseVirq(vcpu.id(), Virq.TIMER);
    }

    private VcpuTimers timers(Vcpu vcpu) {
        return byVcpu.computeIfAbsent(vcpu, key -> {
            VcpuTimers made = new VcpuTimers(key);
            made.lastTick = platform.clock().systemTime();
            all.add(made);
            return made;
        });
    }
}
