package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import java.util.ArrayList;
import java.util.List;

/** A guest's bitmap of vCPUs: as many 64-bit words as its vCPUs need. */
final class VcpuMask {

    private VcpuMask() {}

    /** The vCPUs of {@code domain} whose bits are set at {@code linear}; the words may fault. */
    static List<Vcpu> read(GuestBuffer memory, long linear, Domain domain) {
        List<Vcpu> all = domain.vcpus();
        List<Vcpu> chosen = new ArrayList<>();
        long word = 0;
        for (int id = 0; id < all.size(); id++) {
            if (id % Long.SIZE == 0) {
                word = memory.readU64(linear + id / Long.SIZE * 8L);
            }
            if ((word >>> id & 1) != 0) {
                chosen.add(all.get(id));
            }
        }
        return chosen;
    }
}
