package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.PrivilegedRules.DebugRegisterRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;
import org.jspecify.annotations.Nullable;

/** What a guest may do with its debug registers, by hypercall or MOV (abi-reference 3.9). */
public final class DebugRegisters {

    /** CR4.DE. */
    static final long CR4_DE = 1L << 3;

    private static final int DR4 = 4;
    private static final int DR5 = 5;
    private static final int DR6 = 6;
    private static final int DR7 = 7;
    private static final long DR6_ZEROES = 1L << 12;
    private static final long DR7_ONES = 1L << 10;
    private static final long DR7_ZEROES = 0xD800L;
    private static final long DR7_GENERAL_DETECT = 1L << 13;
    private static final long DR7_ENABLES = 0xFFL;
    private static final long LOWER_HALF = 0xFFFF_FFFFL;
    private static final int DR7_CONTROL_SHIFT = 16;
    private static final int IO_BREAKPOINT = 2;

    /** Bytes by the LEN field. */
    private static final int[] LENGTHS = {1, 2, 8, 4};

    /** Where arguments of 32-bit guests are translated (Xen asm-x86/config.h, ARG_XLAT_VIRT_START), one vCPU's part. */
    private static final long TRANSLATION_AREA = 0xFFFF_8200_8000_0000L;

    private static final long TRANSLATION_SIZE = 0x2000;

    private final DebugRegisterRules rules;
    private final boolean onTranslationArea;
    private final boolean highBitsCrash;
    private final boolean firstControlLost;
    private final boolean ioAligned;

    public DebugRegisters(AbiProfile profile) {
        rules = profile.get(PrivilegedRules.DEBUG_REGISTERS);
        onTranslationArea = profile.has(Quirk.BREAKPOINT_ON_TRANSLATION_AREA);
        ioAligned = profile.get(PrivilegedRules.IO_BREAKPOINTS_ALIGNED);
        firstControlLost = profile.has(Quirk.FIRST_DR7_LOST);
        highBitsCrash = profile.has(Quirk.DR7_HIGH_BITS_CRASH);
    }

    /** Null if debug register {@code index} can be read; else why not: ENODEV, or EINVAL in old versions. */
    public @Nullable XenErrno readRefused(Vcpu vcpu, int index) {
        boolean numbered = index >= 0 && index <= DR7;
        if (rules != DebugRegisterRules.ALIASES) {
            return numbered ? null : XenErrno.EINVAL;
        }
        return numbered && (!isHole(index) || (vcpu.cr4() & CR4_DE) == 0) ? null : XenErrno.ENODEV;
    }

    /** Reads a register that can be read; 4 and 5 are 6 and 7, or what an old version shows for them. */
    public long read(Vcpu vcpu, int index) {
        boolean shown = switch (rules) {
            case ALIASES -> true;
            // Not a slip here: these versions tested DE the wrong way round.
            case IO_BREAKPOINTS_WITH_DE -> (vcpu.cr4() & CR4_DE) != 0;
            case NO_IO_BREAKPOINTS -> false;
        };
        if (alias(index) == DR7 && shown && vcpu.unloadedDebugControl() != 0) {
            return vcpu.unloadedDebugControl();
        }
        if (alias(index) == DR6 && (shown || !isHole(index))) {
            return vcpu.debugStatus();
        }
        return !isHole(index) || shown ? vcpu.registers().debugRegister(alias(index)) : 0;
    }

    /** Writes a register; null, or why not: ENODEV or EINVAL no such register, EINVAL reserved bits, EPERM. */
    public @Nullable XenErrno write(Vcpu vcpu, int index, long value) {
        XenErrno refused = readRefused(vcpu, index);
        if (refused != null) {
            return refused;
        }
        if (isHole(index) && rules != DebugRegisterRules.ALIASES) {
            return XenErrno.EINVAL;
        }
        return switch (alias(index)) {
            case DR6 -> writeStatus(vcpu, value);
            case DR7 -> writeControl(vcpu, value);
            default -> writeAddress(vcpu, index, value);
        };
    }

    private static boolean isHole(int index) {
        return index == DR4 || index == DR5;
    }

    /** DR6 bits of the I/O breakpoints that an access of {@code size} ports from {@code port} on hits; needs CR4.DE. */
    long ioBreakpoints(Vcpu vcpu, int port, int size) {
        long control = vcpu.registers().debugRegister(DR7);
        if ((control & DR7_ENABLES) == 0 || (vcpu.cr4() & CR4_DE) == 0) {
            return 0;
        }
        long hits = 0;
        for (int n = 0; n < DR4; n++) {
            int kind = (int) (control >>> DR7_CONTROL_SHIFT + 4 * n) & 0xF;
            long start = vcpu.registers().debugRegister(n);
            if (ioAligned) {
                start &= -(long) LENGTHS[kind >>> 2];
            }
            boolean enabled = (control >>> 2 * n & 3) != 0 && (kind & 3) == IO_BREAKPOINT;
            if (enabled && start < port + size && start + LENGTHS[kind >>> 2] > port) {
                hits |= 1L << n;
            }
        }
        return hits;
    }

    private static int alias(int index) {
        return isHole(index) ? index + 2 : index;
    }

    private @Nullable XenErrno writeAddress(Vcpu vcpu, int index, long value) {
        boolean translation = onTranslationArea
                && Long.compareUnsigned(value, TRANSLATION_AREA) >= 0
                && Long.compareUnsigned(value, TRANSLATION_AREA + TRANSLATION_SIZE) < 0;
        if (!HypervisorRange.isGuest(value) && !translation) {
            return XenErrno.EPERM;
        }
        vcpu.registers().setDebugRegister(index, value);
        return null;
    }

    private boolean upperHalfRefused(long value) {
        return value >>> 32 != 0 && rules == DebugRegisterRules.ALIASES;
    }

    private @Nullable XenErrno writeStatus(Vcpu vcpu, long value) {
        if (upperHalfRefused(value)) {
            return XenErrno.EINVAL;
        }
        vcpu.setDebugStatus(value & LOWER_HALF & ~DR6_ZEROES | Vcpu.DEBUG_STATUS_ONES);
        return null;
    }

    private @Nullable XenErrno writeControl(Vcpu vcpu, long value) {
        if (value >>> 32 != 0 && highBitsCrash) {
            vcpu.domain().platform().crash("#GP in the hypervisor: DR7 := 0x" + Long.toHexString(value));
        }
        if (upperHalfRefused(value)) {
            return XenErrno.EINVAL;
        }
        long control = value & LOWER_HALF & ~DR7_ZEROES | DR7_ONES;
        if ((control & DR7_GENERAL_DETECT) != 0 || holdsForbiddenBreakpoint(vcpu, control)) {
            return XenErrno.EPERM;
        }
        boolean first = ((vcpu.registers().debugRegister(DR7) | vcpu.unloadedDebugControl()) & DR7_ENABLES) == 0;
        if (firstControlLost && first && (control & DR7_ENABLES) != 0) {
            vcpu.setUnloadedDebugControl(control);
        } else {
            vcpu.setUnloadedDebugControl(0);
            vcpu.registers().setDebugRegister(DR7, control);
        }
        return null;
    }

    private boolean holdsForbiddenBreakpoint(Vcpu vcpu, long control) {
        boolean old = rules == DebugRegisterRules.NO_IO_BREAKPOINTS;
        if (!old && ((control & DR7_ENABLES) == 0 || (vcpu.cr4() & CR4_DE) != 0)) {
            return false;
        }
        // The old rule also looks at the two bits above R/W, the length, of which 2 means 8 bytes.
        int step = old ? 2 : 4;
        for (int shift = DR7_CONTROL_SHIFT; shift < 32; shift += step) {
            if ((control >>> shift & 3) == IO_BREAKPOINT) {
                return true;
            }
        }
        return false;
    }
}
