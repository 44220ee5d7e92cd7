package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.BitMask;

/** The sub-operations that a profile knows, by number. */
final class Operations {

    static final HypercallOutcome UNKNOWN = HypercallOutcome.failed(XenErrno.ENOSYS);
    static final HypercallOutcome INVALID = HypercallOutcome.failed(XenErrno.EINVAL);
    static final HypercallOutcome NOT_PERMITTED = HypercallOutcome.failed(XenErrno.EPERM);

    private Operations() {}

    static boolean exists(BitMask known, int command) {
        return command >= 0 && command < Long.SIZE && known.intersects(1L << command);
    }
}
