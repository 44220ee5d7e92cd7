package io.github.paravane.testkit.advisory;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.testkit.guest.KernelSpace;
import io.github.paravane.testkit.runtime.GuestRuntime;
import io.github.paravane.testkit.runtime.Hypercalls;
import java.util.Objects;

/** Steps of trials whose kernel is written in Java: page-table hypercalls with one request. */
public final class ScriptSteps {

    private static final int BLOCK = 1;

    private final KernelPort port;
    private final KernelSpace space;

    /** Steps of a kernel. */
    public ScriptSteps(KernelPort port, KernelSpace space) {
        this.port = Objects.requireNonNull(port, "port");
        this.space = Objects.requireNonNull(space, "space");
    }

    /** The entry that names the frame of a page of the initial mapping. */
    public long entry(long page, long flags) {
        return Pte.of(space.mfn(page), flags);
    }

    /** mmu_update of one request; {@code pointer} has the command in bits 0 and 1. The result. */
    public long update(long pointer, long value, long domains) {
        long request = space.requestPage();
        port.store(request, 8, pointer);
        port.store(request + 8, 8, value);
        return port.hypercall(Hypercalls.MMU_UPDATE, request, 1, 0, domains);
    }

    /** mmuext_op of one command on the caller; the result. */
    public long extended(int command, long first, long second) {
        return extended(command, first, second, GuestRuntime.DOMID_SELF);
    }

    /** mmuext_op of one command; the result. */
    public long extended(int command, long first, long second, long domain) {
        long request = space.requestPage();
        port.store(request, 8, command);
        port.store(request + 8, 8, first);
        port.store(request + 16, 8, second);
        return port.hypercall(Hypercalls.MMUEXT_OP, request, 1, 0, domain);
    }

    /** Waits for an event that never comes: does not return. */
    public void waitForEver() {
        port.hypercall(Hypercalls.SCHED_OP, BLOCK, 0);
    }
}
