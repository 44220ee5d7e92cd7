package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Vcpu;

/**
 * DR6 as a guest reads it: what the processor or the hypervisor reports of a debug exception is merged into what the guest
 * left there (abi-reference 3.9; Intel SDM vol 3, 17.2.3).
 */
final class DebugStatus {

    /** A single step ended. */
    static final long SINGLE_STEP = 1L << 14;

    private static final int DR6 = 6;
    private static final long BREAKPOINTS = 0xF;

    private final boolean hitsReplaced;
    private final boolean hitsLost;

    DebugStatus(AbiProfile profile) {
        hitsReplaced = profile.get(PrivilegedRules.BREAKPOINT_HITS_REPLACED);
        hitsLost = profile.has(Quirk.BREAKPOINT_HITS_LOST);
    }

    /** A debug exception of the processor, whose own DR6 is as after reset again then. */
    void raised(Vcpu vcpu) {
        Registers registers = vcpu.registers();
        long hits = registers.debugRegister(DR6) & ~Vcpu.DEBUG_STATUS_ONES;
        registers.setDebugRegister(DR6, Vcpu.DEBUG_STATUS_ONES);
        merge(vcpu, hits);
    }

    /** A debug exception after an emulated instruction. */
    void merge(Vcpu vcpu, long hits) {
        long old = vcpu.debugStatus();
        if (hitsReplaced || hitsLost) {
            old &= ~BREAKPOINTS;
        }
        vcpu.setDebugStatus(old | Vcpu.DEBUG_STATUS_ONES | (hitsLost ? hits & ~BREAKPOINTS : hits));
    }
}
