package io.github.paravane.hypervisor.hypercall.compat;

import io.github.paravane.hypervisor.domain.CompatVcpu;
import io.github.paravane.hypervisor.hypercall.VcpuMemory;
import io.github.paravane.hypervisor.pagetable.CompatTables;

/** Memory of a 32-bit guest: arrays must end below the hypervisor's hole. */
public final class CompatMemory extends VcpuMemory {

    private static final long MAX_BYTES = 0xFFFF_FFFFL;

    public CompatMemory(CompatVcpu vcpu) {
        super(vcpu);
    }

    /** The first byte and the last one lie below the hole; an empty array has its first byte only. */
    @Override
    public boolean inGuestRange(long linear, long count, int size) {
        if (count < 0 || count >= MAX_BYTES / size) {
            return false;
        }
        long bytes = count * size;
        long last = linear + (bytes == 0 ? 0 : bytes - 1);
        return linear >= 0 && linear < CompatTables.HOLE_START && last < CompatTables.HOLE_START;
    }
}
