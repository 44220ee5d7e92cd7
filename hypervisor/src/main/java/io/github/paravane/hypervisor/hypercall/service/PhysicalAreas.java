package io.github.paravane.hypervisor.hypercall.service;

import io.github.paravane.api.hypercall.HypercallOutcome;
import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.time.TimePages;

/**
 * Run-state and time areas that a guest registers by machine address (VCPUOP 14 and 15, Xen 4.18 and later): the page is
 * held as a writable one until another area takes its place.
 */
final class PhysicalAreas {

    private static final long NONE = -1;
    private static final int ALIGNMENT = 8;

    private final VcpuReferences references;
    private final TimePages pages;

    PhysicalAreas(VcpuReferences references, TimePages pages) {
        this.references = references;
        this.pages = pages;
    }

    /** Puts an area at {@code maddr} in the place of the one before; all ones for none. */
    HypercallOutcome register(Vcpu vcpu, TimePages.Area area, long maddr) {
        if (maddr != NONE) {
            long last = maddr + area.size() - 1;
            if (maddr >>> MachineMemory.FRAME_SHIFT != last >>> MachineMemory.FRAME_SHIFT
                    || (maddr & ALIGNMENT - 1) != 0) {
                return HypercallOutcome.failed(XenErrno.ENXIO);
            }
            long taken = references.takeWritable(vcpu.domain(), maddr >>> MachineMemory.FRAME_SHIFT);
            if (taken < 0) {
                boolean own = owns(vcpu, maddr >>> MachineMemory.FRAME_SHIFT);
                return HypercallOutcome.failed(own ? XenErrno.EACCES : XenErrno.EINVAL);
            }
        }
        long before = pages.setPhysical(vcpu, area, maddr);
        if (before != NONE) {
            references.dropWritable(vcpu.domain(), before >>> MachineMemory.FRAME_SHIFT);
        }
        return HypercallOutcome.OK;
    }

    private static boolean owns(Vcpu vcpu, long mfn) {
        return vcpu.domain().platform().frames().exists(mfn)
                && vcpu.domain().platform().frames().owner(mfn) == vcpu.domain().id();
    }
}
