package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.CpuidSource.CpuidLeaf;

/** Which CPUID bits of the processor a PV64 domain is shown (abi-reference 4.9, feature-set policy of 4.7). */
final class CpuidPolicy {

    static final int EXTENDED = 0x8000_0000;

    /** Leaf 1 ECX: XSAVE, OSXSAVE, HYPERVISOR. */
    static final int XSAVE = 1 << 26, OSXSAVE = 1 << 27, HYPERVISOR = 1 << 31;

    /** DTES64 MONITOR DSCPL VMX SMX EIST TM2 XTPR PDCM PCID DCA X2APIC TSC_DEADLINE OSXSAVE. */
    private static final int LEAF_1_ECX_HIDDEN = bits(2, 3, 4, 5, 6, 7, 8, 14, 15, 17, 18, 21, 24, 27);

    /** VME PSE MTRR PGE PSE36 DS TM1 PBE. */
    private static final int LEAF_1_EDX_HIDDEN = bits(1, 3, 12, 13, 17, 21, 29, 31);

    /** TSC_ADJUST SMEP INVPCID PQM MPX PQE SMAP PT. */
    private static final int LEAF_7_EBX_HIDDEN = bits(1, 7, 10, 12, 14, 15, 20, 25);

    /** UMIP PKU OSPKE. */
    private static final int LEAF_7_ECX_HIDDEN = bits(2, 3, 4);

    /** SVM EXTAPIC CR8_LEGACY OSVW IBS SKINIT WDT LWP NODEID TOPOEXT PERFCTR. */
    private static final int EXTENDED_1_ECX_HIDDEN = bits(2, 3, 4, 9, 10, 12, 13, 15, 19, 22, 23);

    /** VME PSE MTRR PGE PSE36 PAGE1GB. */
    private static final int EXTENDED_1_EDX_HIDDEN = bits(1, 3, 12, 13, 17, 26);

    private static final int APIC_ID = 0xFF << 24;
    private static final int XSAVES = 1 << 3;

    private CpuidPolicy() {}

    private static int bits(int... positions) {
        int mask = 0;
        for (int position : positions) {
            mask |= 1 << position;
        }
        return mask;
    }

    /** What the domain is shown of a leaf that the processor answers with {@code hardware}. */
    static CpuidLeaf filter(int leaf, int subleaf, CpuidLeaf hardware) {
        return switch (leaf) {
            case 1 ->
                new CpuidLeaf(
                        hardware.eax(),
                        hardware.ebx() & ~APIC_ID,
                        hardware.ecx() & ~LEAF_1_ECX_HIDDEN | HYPERVISOR,
                        hardware.edx() & ~LEAF_1_EDX_HIDDEN);
            case 7 ->
                subleaf != 0
                        ? CpuidLeaf.ZERO
                        : new CpuidLeaf(
                                hardware.eax(),
                                hardware.ebx() & ~LEAF_7_EBX_HIDDEN,
                                hardware.ecx() & ~LEAF_7_ECX_HIDDEN,
                                hardware.edx());
            case 0xD ->
                subleaf == 1
                        ? new CpuidLeaf(hardware.eax() & ~XSAVES, hardware.ebx(), hardware.ecx(), hardware.edx())
                        : hardware;
            case EXTENDED | 1 ->
                new CpuidLeaf(
                        hardware.eax(),
                        hardware.ebx(),
                        hardware.ecx() & ~EXTENDED_1_ECX_HIDDEN,
                        hardware.edx() & ~EXTENDED_1_EDX_HIDDEN);
            case 3, 5, 9, 0xA, 0xB, EXTENDED | 0xA, EXTENDED | 0x1B, EXTENDED | 0x1C, EXTENDED | 0x1E -> CpuidLeaf.ZERO;
            default -> hardware;
        };
    }
}
