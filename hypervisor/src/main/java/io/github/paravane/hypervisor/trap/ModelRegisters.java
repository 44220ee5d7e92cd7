package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.cpu.Trap;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.UnknownMsr;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypercallPage;
import java.util.HashMap;
import java.util.Map;

/** The model-specific registers that a PV64 kernel sees (abi-reference 4.8). */
final class ModelRegisters {

    private static final int TSC = 0x10;
    private static final int APIC_BASE = 0x1B;
    private static final int PLATFORM_INFO = 0xCE;
    private static final int MISC_FEATURES_ENABLES = 0x140;
    private static final int MISC_ENABLE = 0x1A0;
    private static final int HYPERCALL_PAGE = 0x4000_0000;
    private static final int EFER = 0xC000_0080;
    private static final int FS_BASE = 0xC000_0100;
    private static final int GS_BASE = 0xC000_0101;
    private static final int SHADOW_GS_BASE = 0xC000_0102;
    private static final int TSC_AUX = 0xC000_0103;

    private static final long APIC_ENABLED_AT_RESET_BASE = 0xFEE0_0800L;
    private static final long APIC_BOOT_PROCESSOR = 0x100;
    private static final long EFER_VALUE = 0xD01;
    private static final long EFER_SVME = 1L << 12;
    private static final int XEN_MSRS = 0x4000;

    private final Platform platform;
    private final GuestCpuid cpuid;
    private final GuestFrames frames;
    private final FixedRegisters fixed;
    private final boolean readFaults;
    private final boolean writeFaults;
    private final boolean namedRefused;
    private final boolean loadsAnyBase;
    private final boolean miscEnableCrashes;
    private final boolean widened;
    private final boolean showsSvme;
    private final boolean stale;
    /** What WRMSR stored last in FS_BASE and GS_BASE; only with {@link Quirk#MSR_BASE_STALE}. */
    private final Map<Vcpu, long[]> stored = new HashMap<>();

    private final boolean hypercallPages;
    private long value;

    ModelRegisters(Platform platform, GuestCpuid cpuid, GuestFrames frames) {
        this.frames = frames;
        this.platform = platform;
        this.cpuid = cpuid;
        AbiProfile profile = platform.profile();
        fixed = new FixedRegisters(profile, cpuid);
        readFaults = profile.get(PrivilegedRules.UNKNOWN_MSR_READ) == UnknownMsr.FAULT;
        hypercallPages = profile.get(VersionRules.LAST_CPUID_LEAF).bits() != 0;
        writeFaults = profile.get(PrivilegedRules.UNKNOWN_MSR_WRITE) == UnknownMsr.FAULT;
        namedRefused = profile.get(PrivilegedRules.NAMED_MSRS_REFUSED);
        loadsAnyBase = platform.profile().has(Quirk.NON_CANONICAL_BASE_LOADED);
        miscEnableCrashes = platform.profile().has(Quirk.MISC_ENABLE_CRASHES);
        widened = platform.profile().has(Quirk.WRMSR_WIDE);
        showsSvme = platform.profile().has(Quirk.EFER_SHOWS_SVME);
        stale = platform.profile().has(Quirk.MSR_BASE_STALE);
    }

    /** What the last {@link #read} that succeeded found. */
    long value() {
        return value;
    }

    /** Reads a register; false is #GP(0). */
    boolean read(Vcpu vcpu, int index) {
        value = 0;
        if (index == MISC_ENABLE && miscEnableCrashes && cpuid.isAmd()) {
            platform.crash("#GP in the hypervisor: RDMSR of MISC_ENABLE");
            return true;
        }
        return readState(vcpu, index)
                || readFixed(index)
                || !readFaults && !isRefused(index)
                || isRelaxed(vcpu, index)
                || isForgiven(vcpu, index);
    }

    /** Whether a version that passes on what it does not know refuses a register all the same. */
    private boolean isRefused(int index) {
        return namedRefused && (DeniedRegisters.isNamed(index) || fixed.isDenied(index));
    }

    /** Registers of features that no guest gets stay denied (guest_rdmsr and guest_wrmsr of Xen's msr.c). */
    private boolean isRelaxed(Vcpu vcpu, int index) {
        return vcpu.domain().hasRelaxedMsrs()
                && index >>> 16 != XEN_MSRS
                && !DeniedRegisters.isListed(index)
                && !fixed.isDenied(index)
                && !fixed.isForeign(index);
    }

    /** A kernel without a #GP handler reads 0 instead of crashing. */
    private static boolean isForgiven(Vcpu vcpu, int index) {
        return vcpu.trapTable().address(Trap.GP) == 0 && index >>> 16 != XEN_MSRS;
    }

    private boolean readState(Vcpu vcpu, int index) {
        switch (index) {
            case FS_BASE, GS_BASE -> value = readBase(vcpu, index - FS_BASE);
            case SHADOW_GS_BASE -> value = vcpu.inactiveGsBase();
            case TSC -> value = platform.clock().timeStamp();
            case EFER -> value = EFER_VALUE | (showsSvme && cpuid.isAmd() ? EFER_SVME : 0);
            case APIC_BASE -> value = APIC_ENABLED_AT_RESET_BASE | (vcpu.id() == 0 ? APIC_BOOT_PROCESSOR : 0);
            case TSC_AUX -> value = vcpu.timeStampAux();
            case HYPERCALL_PAGE, PLATFORM_INFO, MISC_FEATURES_ENABLES -> value = 0;
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readFixed(int index) {
        boolean found = fixed.read(index);
        value = fixed.value();
        return found;
    }

    /** Writes a register; false is #GP(0). */
    boolean write(Vcpu vcpu, int index, long bits) {
        boolean readOnly = DeniedRegisters.isReadOnly(index);
        boolean refused = namedRefused && (readOnly || fixed.isForeignToWrite(index)) || isRefused(index);
        boolean dropped = !writeFaults && !refused || isRelaxed(vcpu, index) && !readOnly;
        return switch (index) {
            case FS_BASE, GS_BASE, SHADOW_GS_BASE -> writeBase(vcpu, index, bits);
            case HYPERCALL_PAGE -> hypercallPages ? installHypercallPage(vcpu, bits) : !writeFaults;
            case EFER -> !writeFaults || bits == EFER_VALUE;
            case MISC_FEATURES_ENABLES -> bits == 0 || !writeFaults && !namedRefused;
            case TSC_AUX -> writeTimeStampAux(vcpu, bits);
            default -> !fixed.refuses(index, bits) && (fixed.drops(index, bits) || dropped);
        };
    }

    private static boolean writeTimeStampAux(Vcpu vcpu, long bits) {
        if (bits >>> Integer.SIZE != 0) {
            return false;
        }
        vcpu.setTimeStampAux(bits);
        return true;
    }

    private long readBase(Vcpu vcpu, int which) {
        long[] last = stored.get(vcpu);
        boolean old = last != null && last[2 + which] != 0;
        return old && last != null
                ? last[which]
                : vcpu.registers().segmentBase(which == 0 ? Registers.FS : Registers.GS);
    }

    private boolean writeBase(Vcpu vcpu, int index, long given) {
        Registers r = vcpu.registers();
        long base = widened ? r.gpr(Registers.RAX) | r.gpr(Registers.RDX) << 32 : given;
        if (stale && index != SHADOW_GS_BASE) {
            long[] last = stored.computeIfAbsent(vcpu, any -> new long[4]);
            last[index - FS_BASE] = base;
            last[2 + index - FS_BASE] = 1;
        }
        if (!LinearAddress.isCanonical(base)) {
            if (loadsAnyBase) {
                platform.crash("#GP in the hypervisor: WRMSR of the base 0x" + Long.toHexString(base));
            }
            return loadsAnyBase;
        }
        switch (index) {
            case FS_BASE -> vcpu.registers().setSegmentBase(Registers.FS, base);
            case GS_BASE -> vcpu.registers().setSegmentBase(Registers.GS, base);
            default -> vcpu.setInactiveGsBase(base);
        }
        return true;
    }

    /** The value is a frame's address and a page number in its low bits, of which only 0 exists. */
    private boolean installHypercallPage(Vcpu vcpu, long bits) {
        long mfn = bits >>> 12;
        if ((bits & 0xFFF) != 0) {
            return !writeFaults;
        }
        if (mfn >= platform.memory().frames()) {
            return false;
        }
        return frames.fill(
                vcpu,
                mfn,
                HypercallPage.image(
                        platform.profile(),
                        platform.memory(),
                        mfn,
                        vcpu.domain().isCompat()));
    }
}
