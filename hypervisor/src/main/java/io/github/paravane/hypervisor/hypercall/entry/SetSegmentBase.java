package io.github.paravane.hypervisor.hypercall.entry;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.hypercall.Hypercall;
import io.github.paravane.api.hypercall.HypercallContext;
import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;

/** set_segment_base(which, base): FS, user GS, kernel GS, or the user GS from a selector (abi-reference 3.8). */
public final class SetSegmentBase implements Hypercall {

    private static final int FS = 0;
    private static final int GS_USER = 1;
    private static final int GS_KERNEL = 2;
    private static final int GS_USER_SELECTOR = 3;
    private static final int RING_3 = 3;
    private static final HypercallOutcome INVALID = HypercallOutcome.failed(XenErrno.EINVAL);

    private final Platform platform;
    private final HypercallOutcome nonCanonical;
    private final boolean keepsUserBase;

    public SetSegmentBase(Platform platform) {
        this.platform = platform;
        nonCanonical = HypercallOutcome.failed(platform.profile().get(PrivilegedRules.SEGMENT_BASE_ERRNO));
        keepsUserBase = platform.profile().has(Quirk.USER_SELECTOR_KEEPS_BASE);
    }

    @Override
    public HypercallOutcome call(HypercallContext context) {
        Vcpu vcpu = platform.current();
        int which = context.argument32(0);
        long base = context.argument(1);
        if (which == GS_USER_SELECTOR) {
            loadUserGs(vcpu, (int) base & 0xFFFF);
            return HypercallOutcome.OK;
        }
        if (which < 0 || which > GS_KERNEL) {
            return INVALID;
        }
        if (!LinearAddress.isCanonical(base)) {
            return nonCanonical;
        }
        switch (which) {
            case FS -> vcpu.registers().setSegmentBase(Registers.FS, base);
            case GS_USER -> vcpu.setInactiveGsBase(base);
            default -> vcpu.registers().setSegmentBase(Registers.GS, base);
        }
        return HypercallOutcome.OK;
    }

    /** The selector is the same in both modes, the base is not: the kernel keeps the one it has. */
    private void loadUserGs(Vcpu vcpu, int given) {
        Registers registers = vcpu.registers();
        int selector = given > RING_3 ? given | RING_3 : given;
        long descriptor = 0;
        if (selector > RING_3) {
            DescriptorTables tables = vcpu.descriptors();
            descriptor = tables.descriptor(selector);
            if (tables.fault() != null || !isLoadable(descriptor)) {
                selector = 0;
                descriptor = 0;
            } else if ((descriptor & DescriptorTables.ACCESSED) == 0) {
                tables.accessed(selector);
            }
        }
        long kernelBase = registers.segmentBase(Registers.GS);
        registers.loadSegment(Registers.GS, selector, descriptor);
        if (!keepsUserBase) {
            vcpu.setInactiveGsBase(registers.segmentBase(Registers.GS));
        }
        registers.setSegmentBase(Registers.GS, kernelBase);
    }

    /** Present, not a system segment, readable, and of ring 3 unless conforming (Intel SDM vol 2, MOV). */
    private static boolean isLoadable(long descriptor) {
        boolean code = (descriptor >>> 43 & 1) != 0;
        boolean readable = !code || (descriptor >>> 41 & 1) != 0;
        boolean conforming = code && (descriptor >>> 42 & 1) != 0;
        boolean ring3 = (descriptor >>> 45 & RING_3) == RING_3;
        return (descriptor >>> 44 & 1) != 0 && (descriptor >>> 47 & 1) != 0 && readable && (conforming || ring3);
    }
}
