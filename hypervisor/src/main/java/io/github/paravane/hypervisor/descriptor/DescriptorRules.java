package io.github.paravane.hypervisor.descriptor;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;

/** Which 8-byte descriptors a PV64 guest may have and what becomes of them (abi-reference 3.5). */
public final class DescriptorRules {

    private static final long PRESENT = 1L << 47;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final long DPL_MASK = 3L << 45;
    private static final int DPL_SHIFT = 45;
    private static final int TYPE_SHIFT = 40;
    private static final int CALL_GATE = 12;
    private static final int SELECTOR_SHIFT = 16;
    private static final int FLAT_KERNEL_CS = 0xE033;
    private static final int FIRST_RESERVED_ENTRY = 7168;
    private static final long LDT_BIT = 4;

    private final boolean callGateDplZero;
    private final long gateReserved;
    private final boolean type0Changed;

    public DescriptorRules(AbiProfile profile) {
        callGateDplZero = profile.get(PrivilegedRules.CALL_GATE_DPL_0);
        type0Changed = profile.has(Quirk.TYPE_0_CHANGED);
        gateReserved = (callGateDplZero ? 0xFFL : 0xE0L) << 32;
    }

    /** Whether a guest may have the descriptor, after {@link #fixUp}. */
    public boolean isLegal(long descriptor) {
        if ((descriptor & (PRESENT | CODE_OR_DATA)) != PRESENT) {
            return true;
        }
        int type = type(descriptor);
        if (type != CALL_GATE) {
            return type == 0;
        }
        long selector = descriptor >>> SELECTOR_SHIFT & 0xFFFF;
        boolean target =
                (selector & LDT_BIT) != 0 || selector >>> 3 < FIRST_RESERVED_ENTRY || selector == FLAT_KERNEL_CS;
        return target && (descriptor & gateReserved) == 0;
    }

    /** What is stored for a legal descriptor. */
    public long fixUp(long descriptor) {
        if ((descriptor & PRESENT) == 0) {
            return descriptor;
        }
        if ((descriptor & CODE_OR_DATA) != 0) {
            return descriptor | DPL_MASK;
        }
        if (type(descriptor) == 0) {
            return type0Changed ? descriptor | DPL_MASK : descriptor;
        }
        // Rings below 3 do not exist for a PV64 guest, so the gate's level is 3 whatever the guest wrote.
        return callGateDplZero
                ? descriptor & ~DPL_MASK | 3L << SELECTOR_SHIFT
                : descriptor | DPL_MASK | 3L << SELECTOR_SHIFT;
    }

    /** DPL of a descriptor. */
    public static int dpl(long descriptor) {
        return (int) (descriptor >>> DPL_SHIFT) & 3;
    }

    private static int type(long descriptor) {
        return (int) (descriptor >>> TYPE_SHIFT) & 15;
    }
}
