package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.CpuidSource;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.time.TimeScale;

/**
 * What a domain is told by CPUID when the hypervisor answers: the processor's leaves with the bits removed that a PV
 * guest must not see, and the hypervisor's own leaves from 4000_0000h (abi-reference 4.9).
 */
public final class GuestCpuid implements CpuidSource {

    private static final int HYPERVISOR_BASE = 0x4000_0000;
    private static final int HYPERVISOR_LEAVES = 0x100;
    private static final int SIGNATURE_EBX = 0x566E_6558;
    private static final int SIGNATURE_ECX = 0x6558_4D4D;
    private static final int SIGNATURE_EDX = 0x4D4D_566E;
    private static final int PRESERVE_AD = 1;
    private static final int HOST_TSC_RELIABLE = 1 << 1;
    private static final int HAS_RDTSCP = 1 << 2;
    private static final int RDTSCP = 1 << 27;
    /** A domain that was never restored. */
    private static final int FIRST_INCARNATION = 1;

    private static final int INTEL_EBX = 0x756E_6547;
    private static final int AMD_EBX = 0x6874_7541;
    private static final long CR4_FSGSBASE = 1L << 16;
    private static final long CR4_OSXSAVE = 1L << 18;
    private static final int FSGSBASE = 1;

    private final Platform platform;
    private final CpuidSource hardware;
    private final CpuidPolicy policy;
    private final int lastLeaf;
    private final int version;
    private final int features;

    /**
     * @param hardware what CPUID says when it runs natively
     */
    public GuestCpuid(Platform platform, CpuidSource hardware) {
        this.platform = platform;
        this.hardware = hardware;
        AbiProfile profile = platform.profile();
        policy = new CpuidPolicy(profile);
        lastLeaf = (int) profile.get(VersionRules.LAST_CPUID_LEAF).bits();
        version = profile.get(VersionRules.MAJOR) << 16 | profile.get(VersionRules.MINOR);
        features = (profile.get(VersionRules.FEATURES).bits() >>> 5 & 1) != 0 ? PRESERVE_AD : 0;
    }

    @Override
    public CpuidLeaf cpuid(int leaf, int subleaf) {
        if (leaf >= HYPERVISOR_BASE && leaf < HYPERVISOR_BASE + HYPERVISOR_LEAVES) {
            return lastLeaf == 0 || leaf > lastLeaf ? CpuidLeaf.ZERO : hypervisorLeaf(leaf - HYPERVISOR_BASE, subleaf);
        }
        int range = leaf < 0 ? CpuidPolicy.EXTENDED : 0;
        if (Integer.compareUnsigned(leaf, hardware.cpuid(range, 0).eax()) > 0) {
            return CpuidLeaf.ZERO;
        }
        return withGuestState(leaf, policy.filter(leaf, subleaf, hardware.cpuid(leaf, subleaf)));
    }

    private CpuidLeaf withGuestState(int leaf, CpuidLeaf shown) {
        boolean enabled = leaf == 1
                && (shown.ecx() & CpuidPolicy.XSAVE) != 0
                && (platform.current().cr4() & CR4_OSXSAVE) != 0;
        return enabled
                ? new CpuidLeaf(shown.eax(), shown.ebx(), shown.ecx() | CpuidPolicy.OSXSAVE, shown.edx())
                : shown;
    }

    private CpuidLeaf hypervisorLeaf(int index, int subleaf) {
        return switch (index) {
            case 0 -> new CpuidLeaf(lastLeaf, SIGNATURE_EBX, SIGNATURE_ECX, SIGNATURE_EDX);
            case 1 -> new CpuidLeaf(version, 0, 0, 0);
            case 2 -> new CpuidLeaf(1, HYPERVISOR_BASE, features, 0);
            case 3 -> timeLeaf(subleaf);
            case 5 -> subleaf == 0 ? new CpuidLeaf(0, machineAddressWidth(), 0, 0) : CpuidLeaf.ZERO;
            default -> CpuidLeaf.ZERO;
        };
    }

    /** The control domain always has the processor's own counter, and is told nothing of one that it could have. */
    private CpuidLeaf timeLeaf(int subleaf) {
        long kilohertz = platform.clock().timeStampKilohertz();
        boolean told = !platform.current().domain().isPrivileged();
        return switch (subleaf) {
            case 0 -> {
                boolean rdtscp = (hardware.cpuid(CpuidPolicy.EXTENDED | 1, 0).edx() & RDTSCP) != 0;
                int flags = HOST_TSC_RELIABLE | (rdtscp ? HAS_RDTSCP : 0);
                yield new CpuidLeaf(flags, 0, told ? (int) kilohertz : 0, told ? FIRST_INCARNATION : 0);
            }
            case 1 -> told ? scaleLeaf(kilohertz) : CpuidLeaf.ZERO;
            case 2 -> new CpuidLeaf((int) kilohertz, 0, 0, 0);
            default -> CpuidLeaf.ZERO;
        };
    }

    private static CpuidLeaf scaleLeaf(long kilohertz) {
        TimeScale scale = TimeScale.of(kilohertz);
        return new CpuidLeaf(0, 0, scale.multiplier(), scale.shift());
    }

    private int machineAddressWidth() {
        return Long.SIZE - Long.numberOfLeadingZeros(platform.memory().frames() - 1) + 12;
    }

    /** Whether the processor is an Intel one. */
    boolean isIntel() {
        return hardware.cpuid(0, 0).ebx() == INTEL_EBX;
    }

    /** Whether the processor is an AMD one. */
    boolean isAmd() {
        return hardware.cpuid(0, 0).ebx() == AMD_EBX;
    }

    /** CR4 bits whose feature the guest is shown; bits that no feature stands for are included. */
    long cr4Bits() {
        long hidden = 0;
        if ((cpuid(1, 0).ecx() & CpuidPolicy.XSAVE) == 0) {
            hidden |= CR4_OSXSAVE;
        }
        if ((cpuid(7, 0).ebx() & FSGSBASE) == 0) {
            hidden |= CR4_FSGSBASE;
        }
        return ~hidden;
    }
}
