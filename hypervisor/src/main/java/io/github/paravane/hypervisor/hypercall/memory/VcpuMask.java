package io.github.paravane.hypervisor.hypercall.memory;

import io.github.paravane.api.hypercall.GuestBuffer;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import java.util.ArrayList;
import java.util.List;

/** A guest's bitmap of vCPUs: as many of its words as its vCPUs need. */
final class VcpuMask {

    private VcpuMask() {}

    /** The vCPUs of {@code domain} whose bits are set at {@code linear}; the words may fault. */
    static List<Vcpu> read(GuestBuffer memory, long linear, Domain domain) {
        return read(memory, linear, domain, domain.isCompat() ? Integer.SIZE : Long.SIZE);
    }

    /** The same of words of {@code bits} bits. */
    static List<Vcpu> read(GuestBuffer memory, long linear, Domain domain, int bits) {
        List<Vcpu> all = domain.vcpus();
        List<Vcpu> chosen = new ArrayList<>();
        long word = 0;
        for (int id = 0; id < all.size(); id++) {
            long at = linear + id / bits * (long) (bits / Byte.SIZE);
            if (id % bits == 0) {
                word = bits == Long.SIZE ? memory.readU64(at) : memory.readU32(at);
            }
            if ((word >>> id % bits & 1) != 0) {
                chosen.add(all.get(id));
            }
        }
        return chosen;
    }
}
