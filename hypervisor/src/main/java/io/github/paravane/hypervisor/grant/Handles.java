package io.github.paravane.hypervisor.grant;

import io.github.paravane.hypervisor.domain.Vcpu;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers by which a domain knows its mappings of grants: each vCPU gives them from the front of its own list, to whose
 * end they come back, and never gives the last one (Xen {@code get_maptrack_handle}).
 */
final class Handles {

    static final int NONE = -1;

    private static final int PER_FRAME = 256;
    private static final int MAX_FRAMES = 1024;

    private final Map<Integer, Deque<Integer>> free = new HashMap<>();
    private final List<Integer> owners = new ArrayList<>();
    private int limit;

    /** A number for a new mapping of this vCPU, or {@link #NONE}. */
    int take(Vcpu vcpu) {
        Deque<Integer> list = free.computeIfAbsent(vcpu.id(), id -> new ArrayDeque<>());
        if (list.size() > 1) {
            return list.removeFirst();
        }
        if (limit == PER_FRAME * MAX_FRAMES) {
            return NONE;
        }
        int handle = limit;
        limit += PER_FRAME;
        for (int next = limit - 1; next > handle; next--) {
            list.addFirst(next);
        }
        for (int i = 0; i < PER_FRAME; i++) {
            owners.add(vcpu.id());
        }
        return handle;
    }

    /** Gives a number back. */
    void put(int handle) {
        free.computeIfAbsent(owners.get(handle), id -> new ArrayDeque<>()).addLast(handle);
    }
}
