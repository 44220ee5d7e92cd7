package io.github.paravane.hypervisor.time;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Vcpu;

/** Memory that a guest registered by linear address, written while no hypercall runs. */
final class GuestArea {

    private static final int PAGE_MASK = MachineMemory.FRAME_SIZE - 1;

    private GuestArea() {}

    /**
     * Stores through the tables of {@code root}. A page that is not mapped writable ends it: the guest that takes away its
     * own area gets no more updates, as on Xen.
     */
    static void store(Vcpu vcpu, long root, long linear, byte[] source) {
        MachineMemory memory = vcpu.domain().platform().memory();
        long needed = vcpu.domain().isCompat() ? Pte.RW : Pte.RW | Pte.USER;
        int done = 0;
        while (done < source.length) {
            long at = linear + done;
            PageWalk walk = vcpu.paging().walk(root, at);
            if (!walk.isMapped() || (walk.rights() & needed) != needed) {
                return;
            }
            int part = (int) Math.min(source.length - done, MachineMemory.FRAME_SIZE - (at & PAGE_MASK));
            memory.write(walk.maddr(), source, done, part);
            done += part;
        }
    }
}
