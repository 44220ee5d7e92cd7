package io.github.paravane.hypervisor.grant;

import io.github.paravane.hypervisor.domain.Vcpu;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers by which a domain knows its mappings of grants. Each vCPU gives them from the front of its own list, to whose
 * end they come back, and never gives the last one; or there is one list to whose front they come back (Xen
 * {@code get_maptrack_handle}).
 */
final class Handles {

    static final int NONE = -1;

    private static final int PER_FRAME = 256;
    private static final int PER_SMALL_FRAME = 512;
    private static final int EVERYBODY = -1;

    private final Map<Integer, Deque<Integer>> free = new HashMap<>();
    private final List<Integer> owners = new ArrayList<>();
    private final boolean perVcpu;
    private final int max;

    /**
     * @param perVcpu whether each vCPU has a list
     * @param max how many numbers there may be
     */
    Handles(boolean perVcpu, int max) {
        this.perVcpu = perVcpu;
        this.max = max;
    }

    /** A number for a new mapping of this vCPU, or {@link #NONE}. */
    int take(Vcpu vcpu) {
        int owner = perVcpu ? vcpu.id() : EVERYBODY;
        Deque<Integer> list = free.computeIfAbsent(owner, id -> new ArrayDeque<>());
        if (list.size() > (perVcpu ? 1 : 0)) {
            return list.removeFirst();
        }
        int first = owners.size();
        int count = Math.min(perVcpu ? PER_FRAME : PER_SMALL_FRAME, max - first);
        if (count == 0) {
            return NONE;
        }
        for (int next = first + count - 1; next > first; next--) {
            list.addFirst(next);
        }
        for (int i = 0; i < count; i++) {
            owners.add(owner);
        }
        return first;
    }

    /** Gives a number back. */
    void put(int handle) {
        Deque<Integer> list = free.computeIfAbsent(owners.get(handle), id -> new ArrayDeque<>());
        if (perVcpu) {
            list.addLast(handle);
        } else {
            list.addFirst(handle);
        }
    }
}
