package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallOutcome;
import java.util.Map;

/** The calls of this package by name. */
public final class ServiceCalls {

    private ServiceCalls() {}

    /** Adds every call of this package to {@code calls}. */
    public static void register(Services services, Map<String, Hypercall> calls) {
        EventChannelCall events = new EventChannelCall(services.platform());
        calls.put("event_channel_op", events);
        calls.put("event_channel_op_compat", events::compat);
        SchedulerCall scheduler = new SchedulerCall(services);
        calls.put("sched_op", scheduler);
        calls.put("sched_op_compat", scheduler::compat);
        calls.put("vcpu_op", new VcpuCall(services));
        calls.put("set_timer_op", context -> {
            services.timers().setTimer(services.platform().current(), context.argument(0));
            return HypercallOutcome.OK;
        });
        calls.put("xen_version", new VersionCall(services.platform()));
        calls.put("console_io", new ConsoleCall(services));
        PhysicalDeviceCall physical = new PhysicalDeviceCall(services);
        calls.put("physdev_op", physical);
        calls.put("physdev_op_compat", physical::compat);
        ControlCalls.register(services.platform(), calls);
        calls.put("hvm_op", new HvmCall(services.platform()));
        RefusedCalls.register(calls);
    }
}
