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

    private ServiceRules() {}

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
                GLOBAL_VIRQS_MOVE);
    }
}
