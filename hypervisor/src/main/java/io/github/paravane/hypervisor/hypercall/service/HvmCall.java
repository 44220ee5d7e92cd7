package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.ServiceRules;
import io.github.paravane.hypervisor.domain.Platform;

/** hvm_op as a PV domain meets it: parameters and memory types are those of HVM domains (abi-reference 3.23). */
final class HvmCall implements Hypercall {

    private static final int SET_PARAM = 0;
    private static final int GET_PARAM = 1;
    private static final int FLUSH_TLBS = 5;
    private static final int PAGETABLE_DYING = 9;
    private static final int GET_TIME = 10;
    private static final int XENTRACE = 11;
    private static final int GET_MEM_TYPE = 15;
    private static final int SET_EVTCHN_UPCALL_VECTOR = 23;
    private static final int GUEST_REQUEST_VM_EVENT = 24;
    private static final int ALTP2M = 25;

    private static final int DOMID_SELF = 0x7FF0;
    private static final int PARAMETERS = 39;
    private static final int MOST_TRACED = 7;
    private static final int TRACE_EVENTS = 0x1000;
    private static final HypercallOutcome NO_DOMAIN = HypercallOutcome.failed(XenErrno.ESRCH);
    private static final HypercallOutcome UNSUPPORTED = HypercallOutcome.failed(XenErrno.EOPNOTSUPP);

    private final Platform platform;
    private final BitMask known;

    HvmCall(Platform platform) {
        this.platform = platform;
        known = platform.profile().get(ServiceRules.HVM_OPS);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        int command = context.argument32(0);
        long arg = context.argument(1);
        GuestBuffer memory = context.memory();
        if (known.bits() == 0) {
            return Operations.INVALID;
        }
        if (!Operations.exists(known, command)) {
            return Operations.UNKNOWN;
        }
        return switch (command) {
            case SET_PARAM, GET_PARAM -> parameter(memory, arg);
            case PAGETABLE_DYING -> notForPv(memory, arg, UNSUPPORTED);
            case GET_TIME -> {
                memory.writeU64(arg, platform.clock().systemTime());
                yield HypercallOutcome.OK;
            }
            case XENTRACE -> {
                memory.read(arg, new byte[MOST_TRACED + 3], 0, MOST_TRACED + 3);
                boolean valid = memory.readU16(arg) < TRACE_EVENTS && memory.readU8(arg + 2) <= MOST_TRACED;
                yield !valid ? Operations.INVALID : HypercallOutcome.OK;
            }
            case GET_MEM_TYPE -> notForPv(memory, arg, Operations.NOT_PERMITTED);
            case GUEST_REQUEST_VM_EVENT -> arg == 0 ? HypercallOutcome.OK : Operations.INVALID;
            case FLUSH_TLBS, SET_EVTCHN_UPCALL_VECTOR -> Operations.INVALID;
            case ALTP2M -> UNSUPPORTED;
            default -> Operations.UNKNOWN;
        };
    }

    private HypercallOutcome parameter(GuestBuffer memory, long arg) {
        memory.read(arg, new byte[16], 0, 16);
        boolean exists = Integer.compareUnsigned(memory.readU32(arg + 4), PARAMETERS) < 0;
        return exists ? notForPv(memory, arg, Operations.INVALID) : Operations.INVALID;
    }

    /** An operation on the domain that a 16-byte argument names: the caller's own, or another's. */
    private HypercallOutcome notForPv(GuestBuffer memory, long arg, HypercallOutcome ofOthers) {
        memory.read(arg, new byte[16], 0, 16);
        int domid = memory.readU16(arg);
        if (domid == DOMID_SELF || domid == platform.current().domain().id()) {
            return Operations.INVALID;
        }
        return domid == 0 || platform.domain(domid) != null ? ofOthers : NO_DOMAIN;
    }
}
