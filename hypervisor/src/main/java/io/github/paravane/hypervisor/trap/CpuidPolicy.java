package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.Knob;
import io.github.paravane.api.profile.PrivilegedRules;

/** Which CPUID bits of the processor a PV64 domain is shown (abi-reference 4.9). */
final class CpuidPolicy {

    static final int EXTENDED = 0x8000_0000;

    /** Leaf 1 ECX: XSAVE, OSXSAVE. */
    static final int XSAVE = 1 << 26, OSXSAVE = 1 << 27;

    private static final int APIC_ID = 0xFF << 24;
    private static final int XSAVES = 1 << 3;

    private final int oneEcxHidden;
    private final int oneEcxSet;
    private final int oneEdxHidden;
    private final int sevenEbxHidden;
    private final int sevenEcxHidden;
    private final int extendedEcxHidden;
    private final int extendedEdxHidden;
    private final boolean machineLeavesZero;

    CpuidPolicy(AbiProfile profile) {
        oneEcxHidden = mask(profile, PrivilegedRules.CPUID_1_ECX_HIDDEN);
        oneEcxSet = mask(profile, PrivilegedRules.CPUID_1_ECX_SET);
        oneEdxHidden = mask(profile, PrivilegedRules.CPUID_1_EDX_HIDDEN);
        sevenEbxHidden = mask(profile, PrivilegedRules.CPUID_7_EBX_HIDDEN);
        sevenEcxHidden = mask(profile, PrivilegedRules.CPUID_7_ECX_HIDDEN);
        extendedEcxHidden = mask(profile, PrivilegedRules.CPUID_EXTENDED_ECX_HIDDEN);
        extendedEdxHidden = mask(profile, PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN);
        machineLeavesZero = profile.get(PrivilegedRules.CPUID_MACHINE_LEAVES_ZERO);
    }

    private static int mask(AbiProfile profile, Knob<BitMask> knob) {
        return (int) profile.get(knob).bits();
    }

    /** What the domain is shown of a leaf that the processor answers with {@code hardware}. */
    CpuidLeaf filter(int leaf, int subleaf, CpuidLeaf hardware) {
        return switch (leaf) {
            case 1 ->
                new CpuidLeaf(
                        hardware.eax(),
                        machineLeavesZero ? hardware.ebx() & ~APIC_ID : hardware.ebx(),
                        hardware.ecx() & ~oneEcxHidden | oneEcxSet,
                        hardware.edx() & ~oneEdxHidden);
            case 7 ->
                subleaf != 0
                        ? CpuidLeaf.ZERO
                        : new CpuidLeaf(
                                hardware.eax(),
                                hardware.ebx() & ~sevenEbxHidden,
                                hardware.ecx() & ~sevenEcxHidden,
                                hardware.edx());
            case 0xD ->
                subleaf == 1
                        ? new CpuidLeaf(hardware.eax() & ~XSAVES, hardware.ebx(), hardware.ecx(), hardware.edx())
                        : hardware;
            case EXTENDED | 1 ->
                new CpuidLeaf(
                        hardware.eax(),
                        hardware.ebx(),
                        hardware.ecx() & ~extendedEcxHidden,
                        hardware.edx() & ~extendedEdxHidden);
            case 3, 5, 9, 0xA, 0xB, EXTENDED | 0xA, EXTENDED | 0x1B, EXTENDED | 0x1C, EXTENDED | 0x1E ->
                machineLeavesZero ? CpuidLeaf.ZERO : hardware;
            default -> hardware;
        };
    }
}
