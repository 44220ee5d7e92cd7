package io.github.paravane.api.profile;

import io.github.paravane.api.hypercall.XenErrno;
import java.util.List;

/** Knobs: vcpu_op, sched_op, timers and event channels (abi-reference 3.12, 3.16, 3.19, 3.20). */
public final class ServiceRules {

    /** From which number on a vCPU that does not exist is EINVAL instead of ENOENT. */
    public static final Knob<Integer> VCPU_NUMBERS = Knob.of(
            "service.vcpu-numbers", Integer.class, "vcpu_op: numbers from here on are EINVAL, absent ones ENOENT");

    /** Whether a domain ends when its last vCPU goes down. */
    public static final Knob<Boolean> LAST_VCPU_DOWN_ENDS =
            Knob.of("service.last-vcpu-down-ends", Boolean.class, "VCPUOP_down of the last vCPU powers the domain off");

    /** Whether the flag VCPU_SSHOTTMR_future is honoured. */
    public static final Knob<Boolean> SINGLESHOT_FUTURE_FLAG = Knob.of(
            "service.singleshot-future-flag",
            Boolean.class,
            "a single-shot time in the past can be refused with ETIME");

    /** The answer to a vcpu_info that is not within one page. */
    public static final Knob<XenErrno> VCPU_INFO_PLACE_ERRNO =
            Knob.of("service.vcpu-info-place-errno", XenErrno.class, "errno of a vcpu_info that leaves its page");

    /** The answer to a vcpu_info in a page that cannot be written. */
    public static final Knob<XenErrno> VCPU_INFO_FRAME_ERRNO = Knob.of(
            "service.vcpu-info-frame-errno", XenErrno.class, "errno of a vcpu_info in a page that cannot be had");

    /** The answer to a second registration of vcpu_info. */
    public static final Knob<XenErrno> VCPU_INFO_TWICE_ERRNO =
            Knob.of("service.vcpu-info-twice-errno", XenErrno.class, "errno of registering vcpu_info again");

    /** Whether set_timer_op takes a very far or negative time for 100 ms. */
    public static final Knob<Boolean> FAR_TIMER_IS_SHORT = Knob.of(
            "service.far-timer-is-short", Boolean.class, "set_timer_op with a wrapped or very far time means 100 ms");

    /** Whether SCHEDOP_poll needs masked events. */
    public static final Knob<Boolean> POLL_NEEDS_MASK =
            Knob.of("service.poll-needs-mask", Boolean.class, "SCHEDOP_poll is EINVAL while upcalls are not masked");

    /** Whether SCHEDOP_poll returns at once when an event can be delivered. */
    public static final Knob<Boolean> POLL_SEES_EVENTS = Knob.of(
            "service.poll-sees-events", Boolean.class, "SCHEDOP_poll does not wait while an event can be delivered");

    /** Whether closing a port clears its pending bit. */
    public static final Knob<Boolean> CLOSE_CLEARS_PENDING =
            Knob.of("service.close-clears-pending", Boolean.class, "EVTCHNOP_close clears the port's pending bit");

    /** Whether a global VIRQ can be moved to another vCPU. */
    public static final Knob<Boolean> GLOBAL_VIRQS_MOVE =
            Knob.of("service.global-virqs-move", Boolean.class, "EVTCHNOP_bind_vcpu accepts the port of a global VIRQ");

    /** Whether EVTCHNOP_unmask leaves ports alone that are not in use. */
    public static final Knob<Boolean> FREE_PORTS_INERT = Knob.of(
            "service.free-ports-inert", Boolean.class, "EVTCHNOP_unmask of a port that is not in use does nothing");

    /** Whether SCHEDOP_poll takes ports that are not in use. */
    public static final Knob<Boolean> FREE_PORTS_POLLED =
            Knob.of("service.free-ports-polled", Boolean.class, "SCHEDOP_poll takes a port that is not in use");

    /** EVTCHNOP numbers that event_channel_op_compat knows. */
    public static final Knob<BitMask> OLD_EVENT_OPS = Knob.of(
            "service.old-event-ops",
            BitMask.class,
            "EVTCHNOP numbers that event_channel_op_compat takes, of those there are");

    /** PHYSDEVOP numbers. */
    public static final Knob<BitMask> DEVICE_OPS =
            Knob.of("service.device-ops", BitMask.class, "PHYSDEVOP numbers that exist, as a bit mask");

    /** The answer to an unknown PHYSDEVOP number. */
    public static final Knob<XenErrno> UNKNOWN_DEVICE_OP_ERRNO =
            Knob.of("service.unknown-device-op-errno", XenErrno.class, "errno of an unknown PHYSDEVOP number");

    /** Whether a domain without privileges is refused the operations on PCI devices before their argument is read. */
    public static final Knob<Boolean> DEVICES_REFUSED_UNREAD = Knob.of(
            "service.devices-refused-unread",
            Boolean.class,
            "PHYSDEVOP on PCI devices is EPERM before its argument is read");

    /** Physical interrupts of a domain. */
    public static final Knob<Integer> PIRQS =
            Knob.of("service.pirqs", Integer.class, "numbers of physical interrupts that a domain may name");

    /** HVMOP numbers that a PV domain is answered one by one. */
    public static final Knob<BitMask> HVM_OPS = Knob.of(
            "service.hvm-ops", BitMask.class, "HVMOP numbers that exist; none: hvm_op is EINVAL for a PV domain");

    /** What domctl, sysctl and platform_op look at first. */
    public static final Knob<ControlCallOrder> CONTROL_CALL_ORDER = Knob.of(
            "service.control-call-order", ControlCallOrder.class, "what domctl, sysctl and platform_op look at first");

    /** Interface version of domctl, 0 where there is none. */
    public static final Knob<Integer> DOMCTL_VERSION =
            Knob.of("service.domctl-version", Integer.class, "interface version that domctl wants, else EACCES");

    /** Interface version of sysctl, 0 where there is none. */
    public static final Knob<Integer> SYSCTL_VERSION =
            Knob.of("service.sysctl-version", Integer.class, "interface version that sysctl wants, else EACCES");

    private ServiceRules() {}

    /** What a control call looks at first. */
    public enum ControlCallOrder {
        /** Who calls: EPERM for a domain without privileges, whatever the argument. */
        CALLER,
        /** domctl looks at its argument first, EFAULT and EACCES; the others at who calls. */
        DOMCTL_ARGUMENT,
        /** The argument: EFAULT, EACCES for another version, and for domctl ESRCH for a domain that does not exist. */
        ARGUMENT
    }

    /** All knobs of this group. */
    public static List<Knob<?>> knobs() {
        return List.of(
                VCPU_NUMBERS,
                LAST_VCPU_DOWN_ENDS,
                SINGLESHOT_FUTURE_FLAG,
                VCPU_INFO_PLACE_ERRNO,
                VCPU_INFO_FRAME_ERRNO,
                VCPU_INFO_TWICE_ERRNO,
                FAR_TIMER_IS_SHORT,
                POLL_NEEDS_MASK,
                POLL_SEES_EVENTS,
                CLOSE_CLEARS_PENDING,
                GLOBAL_VIRQS_MOVE,
                FREE_PORTS_INERT,
                FREE_PORTS_POLLED,
                OLD_EVENT_OPS,
                DEVICE_OPS,
                UNKNOWN_DEVICE_OP_ERRNO,
                DEVICES_REFUSED_UNREAD,
                PIRQS,
                HVM_OPS,
                CONTROL_CALL_ORDER,
                DOMCTL_VERSION,
                SYSCTL_VERSION);
    }
}
