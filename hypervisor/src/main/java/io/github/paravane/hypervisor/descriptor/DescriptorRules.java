package io.github.paravane.hypervisor.descriptor;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.CompatRules;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;

/** Which 8-byte descriptors a guest may have and what becomes of them (abi-reference 3.5). */
public final class DescriptorRules {

    private static final long PRESENT = 1L << 47;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final long DPL_MASK = 3L << 45;
    private static final int DPL_SHIFT = 45;
    private static final int TYPE_SHIFT = 40;
    private static final int CALL_GATE = 12;
    private static final int SELECTOR_SHIFT = 16;
    private static final int FLAT_KERNEL_CS = 0xE033;
    private static final int FLAT_COMPAT_KERNEL_CS = 0xE019;
    private static final long LONG = 1L << 53;
    private static final long GRANULARITY = 1L << 55;
    private static final long LIMIT = 0x000F_0000_0000_FFFFL;
    private static final long COMPAT_HOLE = 0xF580_0000L;
    private static final int FIRST_RESERVED_ENTRY = 7168;
    private static final long LDT_BIT = 4;

    private final boolean compat;
    private final int kernelRing;
    private final int kernelCs;
    private final boolean widensFlat;
    private final boolean callGateDplZero;
    private final long gateReserved;
    private final boolean type0Changed;

    /** The rules for a 64-bit domain. */
    public DescriptorRules(AbiProfile profile) {
        this(profile, false);
    }

    /** The rules for a 32-bit domain: its kernel has ring 1, and none of its segments may be a 64-bit one. */
    public static DescriptorRules compat(AbiProfile profile) {
        return new DescriptorRules(profile, true);
    }

    private DescriptorRules(AbiProfile profile, boolean compat) {
        this.compat = compat;
        kernelRing = compat ? 1 : 3;
        kernelCs = compat ? FLAT_COMPAT_KERNEL_CS : FLAT_KERNEL_CS;
        widensFlat = compat && profile.get(CompatRules.FLAT_LIMITS_WIDENED);
        callGateDplZero = profile.get(PrivilegedRules.CALL_GATE_DPL_0);
        type0Changed = profile.has(Quirk.TYPE_0_CHANGED);
        gateReserved = (callGateDplZero && !compat ? 0xFFL : 0xE0L) << 32;
    }

    /** Whether a guest may have the descriptor, after {@link #fixUp}. */
    public boolean isLegal(long descriptor) {
        if ((descriptor & (PRESENT | CODE_OR_DATA)) != PRESENT) {
            return !compat || (descriptor & (PRESENT | LONG)) != (PRESENT | LONG);
        }
        int type = type(descriptor);
        if (type != CALL_GATE) {
            return type == 0;
        }
        long selector = descriptor >>> SELECTOR_SHIFT & 0xFFFF;
        boolean target = (selector & LDT_BIT) != 0 || selector >>> 3 < FIRST_RESERVED_ENTRY || selector == kernelCs;
        return target && (descriptor & gateReserved) == 0;
    }

    /** What is stored for a legal descriptor. */
    public long fixUp(long descriptor) {
        if ((descriptor & PRESENT) == 0) {
            return descriptor;
        }
        if ((descriptor & CODE_OR_DATA) != 0) {
            return compat ? compatSegment(descriptor) : descriptor | DPL_MASK;
        }
        if (type(descriptor) == 0) {
            return type0Changed ? descriptor | DPL_MASK : descriptor;
        }
        // Rings below the kernel's do not exist for a guest, so the gate's level is not below it whatever the guest
        // wrote.
        long level = Math.max(dpl(descriptor), kernelRing);
        long selected = descriptor & ~(3L << SELECTOR_SHIFT | DPL_MASK);
        return callGateDplZero
                ? selected | level << SELECTOR_SHIFT
                : selected | level << DPL_SHIFT | (long) kernelRing << SELECTOR_SHIFT;
    }

    /** DPL 1 at least; a flat segment that ends above the hole's start, as old kernels have it, gets all 4 GiB. */
    private long compatSegment(long descriptor) {
        long fixed = descriptor & ~DPL_MASK | (long) Math.max(dpl(descriptor), kernelRing) << DPL_SHIFT;
        long base = descriptor >>> 16 & 0xFF_FFFFL | descriptor >>> 32 & 0xFF00_0000L;
        long limit = (descriptor & 0xFFFF | descriptor >>> 32 & 0xF_0000L) + 1;
        long end = (descriptor & GRANULARITY) != 0 ? limit << 12 : limit;
        return widensFlat && base == 0 && end > COMPAT_HOLE ? fixed | LIMIT : fixed;
    }

    /** DPL of a descriptor. */
    public static int dpl(long descriptor) {
        return (int) (descriptor >>> DPL_SHIFT) & 3;
    }

    private static int type(long descriptor) {
        return (int) (descriptor >>> TYPE_SHIFT) & 15;
    }
}
