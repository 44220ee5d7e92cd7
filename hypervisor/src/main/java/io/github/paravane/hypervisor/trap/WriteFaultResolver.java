package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Trap;
import io.github.paravane.hypervisor.domain.Vcpu;

/** Decides about write faults of a guest kernel on present pages, before the guest hears of them. */
@FunctionalInterface
public interface WriteFaultResolver {

    /**
     * Whether the fault is dealt with, so that the guest goes on at its registers as they are now. Called in guest-kernel
     * mode only, for a store to a present page outside the hypervisor's range.
     */
    boolean resolve(Vcpu vcpu, Trap trap);
}
