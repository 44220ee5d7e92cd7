package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;

/** The prefix UD2 "xen" before CPUID: the guest asks for the hypervisor's answer (abi-reference 4.7). */
final class ForcedEmulation {

    private static final byte[] PREFIX = {0x0F, 0x0B, 'x', 'e', 'n'};
    private static final byte[] CPUID = {0x0F, (byte) 0xA2};
    private static final int READ = Access.READ | Access.USER;

    private final Platform platform;
    private final GuestCpuid cpuid;
    private final BounceFrames bounce;
    private final boolean faults;

    /** What the bytes at RIP are. */
    enum Outcome {
        /** The prefix and an instruction that was emulated. */
        DONE,
        /** Something else. */
        OTHER,
        /** They could not be read; the guest got #PF. */
        FAULTED
    }

    ForcedEmulation(Platform platform, GuestCpuid cpuid, BounceFrames bounce) {
        this.platform = platform;
        this.cpuid = cpuid;
        this.bounce = bounce;
        faults = platform.profile().get(PrivilegedRules.FORCED_EMULATION_FAULTS);
    }

    /** Emulates the instruction at RIP if it has the prefix. */
    Outcome attempt(Vcpu vcpu) {
        long rip = vcpu.registers().rip();
        Outcome outcome = compare(vcpu, rip, PREFIX);
        if (outcome == Outcome.DONE) {
            outcome = compare(vcpu, rip + PREFIX.length, CPUID);
        }
        if (outcome == Outcome.DONE) {
            answer(vcpu.registers(), rip + PREFIX.length + CPUID.length);
        }
        return outcome;
    }

    private void answer(Registers registers, long next) {
        CpuidLeaf leaf = cpuid.cpuid((int) registers.gpr(Registers.RAX), (int) registers.gpr(Registers.RCX));
        registers.setGpr(Registers.RAX, leaf.eax() & 0xFFFF_FFFFL);
        registers.setGpr(Registers.RBX, leaf.ebx() & 0xFFFF_FFFFL);
        registers.setGpr(Registers.RCX, leaf.ecx() & 0xFFFF_FFFFL);
        registers.setGpr(Registers.RDX, leaf.edx() & 0xFFFF_FFFFL);
        registers.setRip(next);
    }

    /** Reads all bytes before it compares, as Xen copies them. */
    private Outcome compare(Vcpu vcpu, long linear, byte[] expected) {
        boolean same = true;
        for (int i = 0; i < expected.length; i++) {
            long at = linear + i;
            long maddr = HypervisorRange.isGuest(at) ? vcpu.guestMemory().translate(at, READ) : AddressTranslator.FAULT;
            if (maddr == AddressTranslator.FAULT) {
                if (!faults) {
                    return Outcome.OTHER;
                }
                bounce.pageFault(vcpu, at, 0);
                return Outcome.FAULTED;
            }
            same &= (byte) platform.memory().readU8(maddr) == expected[i];
        }
        return same ? Outcome.DONE : Outcome.OTHER;
    }
}
