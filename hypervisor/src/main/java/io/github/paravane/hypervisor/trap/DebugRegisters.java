package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.hypercall.XenErrno;
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
    private static final long DR6_ONES = 0xFFFF_0FF0L;
    private static final long DR6_ZEROES = 1L << 12;
    private static final long DR7_ONES = 1L << 10;
    private static final long DR7_ZEROES = 0xD800L;
    private static final long DR7_GENERAL_DETECT = 1L << 13;
    private static final long DR7_ENABLES = 0xFFL;
    private static final int DR7_CONTROL_SHIFT = 16;
    private static final int IO_BREAKPOINT = 2;

    /** Bytes by the LEN field. */
    private static final int[] LENGTHS = {1, 2, 8, 4};

    private DebugRegisters() {}

    /** Whether debug register {@code index} exists for the vCPU: 4 and 5 do while CR4.DE is clear. */
    public static boolean exists(Vcpu vcpu, int index) {
        return index >= 0 && index <= DR7 && ((index != DR4 && index != DR5) || (vcpu.cr4() & CR4_DE) == 0);
    }

    /** Reads a register that exists; 4 and 5 are 6 and 7. */
    public static long read(Vcpu vcpu, int index) {
        return vcpu.registers().debugRegister(alias(index));
    }

    /** Writes a register; null, or why not: ENODEV no such register, EINVAL reserved bits, EPERM not for guests. */
    public static @Nullable XenErrno write(Vcpu vcpu, int index, long value) {
        if (!exists(vcpu, index)) {
            return XenErrno.ENODEV;
        }
        return switch (alias(index)) {
            case DR6 -> writeStatus(vcpu, value);
            case DR7 -> writeControl(vcpu, value);
            default -> writeAddress(vcpu, index, value);
        };
    }

    /** DR6 bits of the I/O breakpoints that an access of {@code size} ports from {@code port} on hits; needs CR4.DE. */
    static long ioBreakpoints(Vcpu vcpu, int port, int size) {
        long control = vcpu.registers().debugRegister(DR7);
        if ((control & DR7_ENABLES) == 0 || (vcpu.cr4() & CR4_DE) == 0) {
            return 0;
        }
        long hits = 0;
        for (int n = 0; n < DR4; n++) {
            int kind = (int) (control >>> DR7_CONTROL_SHIFT + 4 * n) & 0xF;
            long start = vcpu.registers().debugRegister(n);
            boolean enabled = (control >>> 2 * n & 3) != 0 && (kind & 3) == IO_BREAKPOINT;
            if (enabled && start < port + size && start + LENGTHS[kind >>> 2] > port) {
                hits |= 1L << n;
            }
        }
        return hits;
    }

    private static int alias(int index) {
        return index == DR4 || index == DR5 ? index + 2 : index;
    }

    private static @Nullable XenErrno writeAddress(Vcpu vcpu, int index, long value) {
        if (!HypervisorRange.isGuest(value)) {
            return XenErrno.EPERM;
        }
        vcpu.registers().setDebugRegister(index, value);
        return null;
    }

    private static @Nullable XenErrno writeStatus(Vcpu vcpu, long value) {
        if (value >>> 32 != 0) {
            return XenErrno.EINVAL;
        }
        vcpu.registers().setDebugRegister(DR6, value & ~DR6_ZEROES | DR6_ONES);
        return null;
    }

    private static @Nullable XenErrno writeControl(Vcpu vcpu, long value) {
        if (value >>> 32 != 0) {
            return XenErrno.EINVAL;
        }
        long control = value & ~DR7_ZEROES | DR7_ONES;
        if ((control & DR7_GENERAL_DETECT) != 0) {
            return XenErrno.EPERM;
        }
        if ((control & DR7_ENABLES) != 0 && (vcpu.cr4() & CR4_DE) == 0) {
            for (int shift = DR7_CONTROL_SHIFT; shift < 32; shift += 4) {
                if ((control >>> shift & 3) == IO_BREAKPOINT) {
                    return XenErrno.EPERM;
                }
            }
        }
        vcpu.registers().setDebugRegister(DR7, control);
        return null;
    }
}
