package io.github.paravane.hypervisor.profiles;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.BitMask;
import io.github.paravane.api.profile.PrivilegedRules;

/** What CPUID does not show a PV64 domain, era by era (abi-reference 4.9). */
final class CpuidMasks {

    private static final BitMask HYPERVISOR = Masks.of(1L << 31);

    private CpuidMasks() {}

    private static BitMask bits(int... positions) {
        long mask = 0;
        for (int position : positions) {
            mask |= 1L << position;
        }
        return Masks.of(mask);
    }

    /** 3.0: VME, DE, PSE, SEP, MTRR and PGE of leaf 1 only; the processor here has no CPUID faulting. */
    static void first(AbiProfile.Builder profile) {
        profile.set(PrivilegedRules.CPUID_FAULTING, false)
                .set(PrivilegedRules.CPUID_MACHINE_LEAVES_ZERO, false)
                .set(PrivilegedRules.CPUID_1_ECX_HIDDEN, Masks.NONE)
                .set(PrivilegedRules.CPUID_1_ECX_SET, Masks.NONE)
                .set(PrivilegedRules.CPUID_1_EDX_HIDDEN, bits(1, 2, 3, 11, 12, 13))
                .set(PrivilegedRules.CPUID_7_EBX_HIDDEN, Masks.NONE)
                .set(PrivilegedRules.CPUID_7_ECX_HIDDEN, Masks.NONE)
                .set(PrivilegedRules.CPUID_EXTENDED_ECX_HIDDEN, Masks.NONE)
                .set(PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN, Masks.NONE);
    }

    /** 3.1: RDTSCP too. */
    static AbiProfile.Builder since31(AbiProfile.Builder profile) {
        return profile.set(PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN, bits(27));
    }

    /** 3.2: DE and SEP are shown. */
    static AbiProfile.Builder since32(AbiProfile.Builder profile) {
        return profile.set(PrivilegedRules.CPUID_1_EDX_HIDDEN, bits(1, 3, 12, 13));
    }

    /**
     * 3.4: the toolstack decides. Leaf 1 ECX loses DTES64, MONITOR, DSCPL, VMX, SMX, TM2, XTPR, PDCM, PCID, DCA, XSAVE,
     * OSXSAVE and AVX, and gets HYPERVISOR; EDX loses VME, PSE, MTRR, PGE, PSE36, DS, TM1, PBE; 80000001h loses SVM,
     * OSVW, IBS, SKINIT, WDT, LWP, NODEID, TOPOEXT and PSE, MTRR, PGE, PSE36, PAGE1GB, RDTSCP.
     */
    static AbiProfile.Builder since34(AbiProfile.Builder profile) {
        return profile.set(PrivilegedRules.CPUID_MACHINE_LEAVES_ZERO, true)
                .set(PrivilegedRules.CPUID_1_ECX_HIDDEN, bits(2, 3, 4, 5, 6, 8, 14, 15, 17, 18, 26, 27, 28))
                .set(PrivilegedRules.CPUID_1_ECX_SET, HYPERVISOR)
                .set(PrivilegedRules.CPUID_1_EDX_HIDDEN, bits(1, 3, 12, 13, 17, 21, 29, 31))
                .set(PrivilegedRules.CPUID_EXTENDED_ECX_HIDDEN, bits(2, 9, 10, 12, 13, 15, 19, 22))
                .set(PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN, bits(3, 12, 13, 17, 26, 27));
    }

    /**
     * 4.7: one feature set for everything. Leaf 1 ECX also loses EIST, X2APIC and TSC_DEADLINE, but not what needs
     * XSAVE; leaf 7 loses TSC_ADJUST, SMEP, INVPCID, PQM, MPX, PQE, SMAP, PT, UMIP, PKU and OSPKE; 80000001h also
     * EXTAPIC, CR8_LEGACY and PERFCTR, and VME, but not RDTSCP.
     */
    static AbiProfile.Builder since47(AbiProfile.Builder profile) {
        return profile.set(PrivilegedRules.CPUID_1_ECX_HIDDEN, bits(2, 3, 4, 5, 6, 7, 8, 14, 15, 17, 18, 21, 24, 27))
                .set(PrivilegedRules.CPUID_7_EBX_HIDDEN, bits(1, 7, 10, 12, 14, 15, 20, 25))
                .set(PrivilegedRules.CPUID_7_ECX_HIDDEN, bits(2, 3, 4))
                .set(PrivilegedRules.CPUID_EXTENDED_ECX_HIDDEN, bits(2, 3, 4, 9, 10, 12, 13, 15, 19, 22, 23))
                .set(PrivilegedRules.CPUID_EXTENDED_EDX_HIDDEN, bits(1, 3, 12, 13, 17, 26));
    }
}
