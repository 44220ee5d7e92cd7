package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.EntryRules;
import io.github.paravane.hypervisor.domain.Callbacks;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;

/** Registering callbacks, by whichever hypercall (abi-reference 3.7). */
final class CallbackRegistration {

    private static final int NMI_VECTOR = 2;
    private static final int NMI_FLAGS = 1 << 2;
    private static final HypercallOutcome INVALID = HypercallOutcome.failed(XenErrno.EINVAL);

    private final HypercallOutcome unknown;
    private final boolean canonical;
    private final boolean fastSystemCalls;
    private final boolean nmiIsTrap2;

    CallbackRegistration(Platform platform) {
        AbiProfile profile = platform.profile();
        unknown = HypercallOutcome.failed(profile.get(EntryRules.UNKNOWN_CALLBACK_ERRNO));
        canonical = profile.get(EntryRules.CANONICAL_CALLBACKS);
        fastSystemCalls = profile.get(EntryRules.SYSCALL32_CALLBACKS);
        nmiIsTrap2 = profile.get(EntryRules.NMI_IS_TRAP_2);
    }

    HypercallOutcome register(Vcpu vcpu, int type, boolean maskEvents, long address) {
        if (canonical && !LinearAddress.isCanonical(address)) {
            return INVALID;
        }
        if (type == Callbacks.NMI) {
            return registerNmi(vcpu, address);
        }
        if (!isCallback(type)) {
            return unknown;
        }
        vcpu.callbacks().set(type, address, maskEvents);
        return HypercallOutcome.OK;
    }

    HypercallOutcome unregister(Vcpu vcpu, int type) {
        if (type == Callbacks.NMI) {
            return unregisterNmi(vcpu);
        }
        return isCallback(type) ? INVALID : unknown;
    }

    HypercallOutcome registerNmi(Vcpu vcpu, long address) {
        if (canonical && !LinearAddress.isCanonical(address)) {
            return INVALID;
        }
        if (nmiIsTrap2) {
            vcpu.trapTable().set(NMI_VECTOR, address, NMI_FLAGS);
            return HypercallOutcome.OK;
        }
        if (!vcpu.domain().isPrivileged() || vcpu.id() != 0) {
            return INVALID;
        }
        vcpu.callbacks().set(Callbacks.NMI, address, true);
        return HypercallOutcome.OK;
    }

    HypercallOutcome unregisterNmi(Vcpu vcpu) {
        if (nmiIsTrap2) {
            vcpu.trapTable().set(NMI_VECTOR, 0, 0);
        } else {
            vcpu.callbacks().set(Callbacks.NMI, 0, false);
        }
        return HypercallOutcome.OK;
    }

    private boolean isCallback(int type) {
        return switch (type) {
            case Callbacks.EVENT, Callbacks.FAILSAFE, Callbacks.SYSCALL -> true;
            case Callbacks.SYSENTER, Callbacks.SYSCALL32 -> fastSystemCalls;
            default -> false;
        };
    }
}
