package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.api.profile.ServiceRules.ControlCallOrder;
import io.github.paravane.hypervisor.domain.Platform;
import java.util.Map;

/**
 * The calls of control domains and device models: domctl, sysctl, platform_op, dom0_op and dm_op. This machine has no control domain, so they are
 * refused; how, depends on what the version looks at first (abi-reference 3.23).
 */
final class ControlCalls {

    private static final int VERSION = 4;
    private static final int DOMAIN = 8;
    private static final int CREATE_DOMAIN = 1;
    private static final int GET_DOMAIN_INFO = 5;
    private static final int FIRST_RESERVED = 0x7FF0;
    private static final int MOST_BUFFERS = 2;
    private static final int BUFFER_SIZE = 16;
    private static final int DOMCTL_SIZE = 144;
    private static final int OTHER_SIZE = 136;
    private static final int PLATFORM_VERSION = 0x0300_0001;
    private static final HypercallOutcome NO_DOMAIN = HypercallOutcome.failed(XenErrno.ESRCH);
    private static final HypercallOutcome WRONG_VERSION = HypercallOutcome.failed(XenErrno.EACCES);

    private final Platform platform;
    private final ControlCallOrder order;

    private ControlCalls(Platform platform) {
        this.platform = platform;
        order = platform.profile().get(ServiceRules.CONTROL_CALL_ORDER);
    }

    static void register(Platform platform, Map<String, Hypercall> calls) {
        ControlCalls all = new ControlCalls(platform);
        int domctl = platform.profile().get(ServiceRules.DOMCTL_VERSION);
        int sysctl = platform.profile().get(ServiceRules.SYSCTL_VERSION);
        calls.put("domctl", context -> all.domctl(context, domctl));
        calls.put("sysctl", context -> all.other(context, sysctl));
        calls.put("platform_op", context -> all.other(context, PLATFORM_VERSION));
        calls.put("dm_op", all::deviceModel);
        calls.put("dom0_op", context -> Operations.NOT_PERMITTED);
    }

    private HypercallOutcome domctl(HypercallContext context, int version) {
        if (order == ControlCallOrder.CALLER) {
            return Operations.NOT_PERMITTED;
        }
        GuestBuffer memory = context.memory();
        long arg = context.argument(0);
        memory.read(arg, new byte[DOMCTL_SIZE], 0, DOMCTL_SIZE);
        if (memory.readU32(arg + VERSION) != version) {
            return WRONG_VERSION;
        }
        int command = memory.readU32(arg);
        int domid = memory.readU16(arg + DOMAIN);
        if (order != ControlCallOrder.ARGUMENT || command == CREATE_DOMAIN || exists(domid)) {
            return Operations.NOT_PERMITTED;
        }
        return command == GET_DOMAIN_INFO && domid >= FIRST_RESERVED ? Operations.INVALID : NO_DOMAIN;
    }

    private boolean exists(int domid) {
        return domid == 0 || platform.domain(domid) != null;
    }

    /** dm_op: domain, number of buffers, their list. Device models exist for HVM domains only. */
    private HypercallOutcome deviceModel(HypercallContext context) {
        int domid = context.argument32(0) & 0xFFFF;
        int buffers = context.argument32(1);
        if (buffers < 0 || buffers > MOST_BUFFERS) {
            return HypercallOutcome.failed(XenErrno.E2BIG);
        }
        byte[] list = new byte[BUFFER_SIZE * buffers];
        context.memory().read(context.argument(2), list, 0, list.length);
        if (buffers == 0) {
            return HypercallOutcome.failed(XenErrno.ENODATA);
        }
        if (domid == platform.current().domain().id()) {
            return Operations.NOT_PERMITTED;
        }
        return exists(domid) ? Operations.INVALID : NO_DOMAIN;
    }

    private HypercallOutcome other(HypercallContext context, int version) {
        if (order != ControlCallOrder.ARGUMENT) {
            return Operations.NOT_PERMITTED;
        }
        GuestBuffer memory = context.memory();
        long arg = context.argument(0);
        memory.read(arg, new byte[OTHER_SIZE], 0, OTHER_SIZE);
        return memory.readU32(arg + VERSION) == version ? Operations.NOT_PERMITTED : WRONG_VERSION;
    }
}
