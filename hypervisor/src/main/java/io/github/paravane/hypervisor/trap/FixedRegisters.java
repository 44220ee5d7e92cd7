package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;

/**
 * Model-specific registers of the machine rather than of a vCPU: every guest reads the same from them, and what it writes
 * is dropped. Which there are depends on the processor's vendor (abi-reference 4.8; checked against a real 4.17).
 */
final class FixedRegisters {

    private static final int MCG_CAP = 0x179;
    private static final int MCG_CTL = 0x17B;
    private static final int MCG_EXT_CTL = 0x4D0;
    private static final int MC0_CTL2 = 0x280;
    private static final int MC31_CTL2 = 0x29F;
    private static final int MC0_CTL = 0x400;
    private static final int MC31_MISC = 0x47F;
    private static final int MC_BANKS = 2;
    private static final int MSRS_PER_BANK = 4;
    private static final int P5_MC_TYPE = 1;
    private static final int FEATURE_CONTROL = 0x3A;
    private static final int MICROCODE_REVISION = 0x8B;
    private static final int PERF_CAPABILITIES = 0x345;
    private static final int PERF_CTL = 0x199;
    private static final int MISC_ENABLE = 0x1A0;
    private static final int PAT = 0x277;
    private static final int NB_CFG = 0xC001_001F;
    private static final int HWCR = 0xC001_0015;
    private static final int DE_CFG = 0xC001_1029;

    private static final long PAT_VALUE = 0x0000_0501_0007_0406L;
    private static final long FEATURE_CONTROL_LOCK = 1;
    /** MCG_CAP of Intel processors: software recovery, threshold status, CMCI. */
    private static final long MCG_INTEL = 1L << 24 | 1L << 11 | 1L << 10;

    private static final long MISC_ENABLE_UNAVAILABLE = 1L << 11 | 1L << 12 | 1L << 23;
    private static final long DE_CFG_LFENCE_SERIALISE = 2;

    private final GuestCpuid cpuid;
    private final boolean oldMachineCheck;
    private final boolean virtualBanks;
    private long value;

    FixedRegisters(AbiProfile profile, GuestCpuid cpuid) {
        this.cpuid = cpuid;
        oldMachineCheck = profile.get(PrivilegedRules.P5_MACHINE_CHECK);
        virtualBanks = profile.get(PrivilegedRules.VIRTUAL_MACHINE_CHECK);
    }

    /** What the last {@link #read} that succeeded found. */
    long value() {
        return value;
    }

    /** Whether there is a register to read. */
    boolean read(int index) {
        value = 0;
        return readMachineCheck(index)
                || readAny(index)
                || cpuid.isIntel() && readIntel(index)
                || cpuid.isAmd() && readAmd(index);
    }

    private boolean readMachineCheck(int index) {
        if (isBank(index)) {
            boolean control = index % MSRS_PER_BANK == 0 && index < MC0_CTL + MC_BANKS * MSRS_PER_BANK;
            value = control ? -1 : 0;
            return true;
        }
        if (index == MCG_CAP) {
            value = MC_BANKS | (cpuid.isIntel() ? MCG_INTEL : 0);
            return true;
        }
        return index > MCG_CAP && index <= MCG_CTL
                || isBankControl2(index)
                || oldMachineCheck && index >= 0 && index <= P5_MC_TYPE;
    }

    private boolean readAny(int index) {
        if (index == PAT) {
            value = PAT_VALUE;
        }
        return index == PAT || index == PERF_CAPABILITIES || index == NB_CFG;
    }

    private boolean readIntel(int index) {
        switch (index) {
            case FEATURE_CONTROL -> value = FEATURE_CONTROL_LOCK;
            case MISC_ENABLE -> value = MISC_ENABLE_UNAVAILABLE;
            case MICROCODE_REVISION, PERF_CTL - 1, PERF_CTL, 0x17, 0x19C -> value = 0;
            default -> {
                return isIntelCounter(index);
            }
        }
        return true;
    }

    private boolean readAmd(int index) {
        switch (index) {
            case DE_CFG -> value = DE_CFG_LFENCE_SERIALISE;
            case HWCR, MICROCODE_REVISION -> value = 0;
            default -> {
                return isAmdPower(index) || isAmdCounter(index);
            }
        }
        return true;
    }

    /** Whether there is a register that takes a write, which changes nothing. */
    boolean drops(int index, long bits) {
        return switch (index) {
            case MICROCODE_REVISION -> cpuid.isIntel() && bits == 0;
            // ENERGY_PERF_BIAS and THERM_CONTROL
            case PERF_CTL, MISC_ENABLE, 0x19A, 0x1B0 -> cpuid.isIntel();
            case HWCR, DE_CFG -> cpuid.isAmd();
            // MPERF, APERF
            case 0xE7, 0xE8 -> cpuid.isIntel() || cpuid.isAmd();
            case NB_CFG -> true;
            default ->
                index >= MCG_CAP && index <= MCG_CTL
                        || isBank(index)
                        || isBankControl2(index)
                        || cpuid.isIntel() && isIntelCounter(index)
                        || cpuid.isAmd() && (isAmdPower(index) || isAmdCounter(index));
        };
    }

    /** Whether a write is #GP whatever a domain may do otherwise: what a virtual bank reports can only be cleared. */
    boolean refuses(int index, long bits) {
        return virtualBanks && bits != 0 && isReport(index);
    }

    /** Whether a register is refused to whoever may see what the hypervisor does not know. */
    boolean isDenied(int index) {
        return switch (index) {
            case MCG_EXT_CTL -> true;
            case 0x17, PERF_CTL - 1, PERF_CTL -> !cpuid.isIntel();
            default -> false;
        };
    }

    /** Whether a register can be written on another vendor's processor only: THERM_CONTROL, ENERGY_PERF_BIAS. */
    boolean isForeignToWrite(int index) {
        return (index == 0x19A || index == 0x1B0) && !cpuid.isIntel();
    }

    /** Whether a domain with relaxed MSRs does not get to see a register of another vendor. */
    boolean isForeign(int index) {
        return switch (index) {
            case FEATURE_CONTROL, 0x19C -> !cpuid.isIntel();
            case HWCR, DE_CFG -> !cpuid.isAmd();
            default -> false;
        };
    }

    private static boolean isReport(int index) {
        return index >= MC0_CTL && index < MC0_CTL + MC_BANKS * MSRS_PER_BANK && index % MSRS_PER_BANK != 0;
    }

    private static boolean isBank(int index) {
        return index >= MC0_CTL && index <= MC31_MISC;
    }

    private static boolean isBankControl2(int index) {
        return index >= MC0_CTL2 && index <= MC31_CTL2;
    }

    /** PERFCTR 0 to 7, EVNTSEL 0 to 3, the fixed counters and what controls them. */
    private static boolean isIntelCounter(int index) {
        return index >= 0xC1 && index <= 0xC8
                || index >= 0x186 && index <= 0x189
                || index >= 0x309 && index <= 0x30B
                || index >= 0x38D && index <= 0x390;
    }

    /** EVNTSEL and PERFCTR of the K7, and those of family 15h. */
    private static boolean isAmdCounter(int index) {
        return index >= 0xC001_0000 && index <= 0xC001_0007 || index >= 0xC001_0200 && index <= 0xC001_020B;
    }

    /** FIDVID and the P-states. */
    private static boolean isAmdPower(int index) {
        return index == 0xC001_0041 || index == 0xC001_0042 || index >= 0xC001_0061 && index <= 0xC001_006B;
    }
}
