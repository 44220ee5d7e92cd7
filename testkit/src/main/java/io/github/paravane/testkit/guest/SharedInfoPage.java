package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;

/** The page shared with the hypervisor: where events wait, and the timer's among them. */
final class SharedInfoPage {

    private static final int UPDATE_VA_MAPPING = 14;
    private static final int INVLPG_LOCAL = 2;
    private static final int EVENT_CHANNEL_OP = 32;
    private static final int BIND_VIRQ = 1;
    private static final int VIRQ_TIMER = 0;
    private static final int PENDING_SELECTOR = 8;
    private static final int PENDING = 0x800;
    private static final long LEAF = Pte.PRESENT | Pte.RW | Pte.ACCESSED | Pte.DIRTY;

    private final long page;

    /** Maps the page in the place of an ordinary one. */
    SharedInfoPage(KernelPort port, KernelSpace space, long kernelBits) {
        page = space.allocate();
        KernelSpace.check(
                "map shared_info",
                port.hypercall(
                        UPDATE_VA_MAPPING, page, port.startInfo().sharedInfo() | LEAF | kernelBits, INVLPG_LOCAL));
    }

    /** Asks for the timer's events, whose period is the hypervisor's. */
    void bindTimer(KernelPort port, long requestPage) {
        port.store(requestPage, 4, VIRQ_TIMER);
        port.store(requestPage + 4, 4, 0);
        KernelSpace.check("bind_virq", port.hypercall(EVENT_CHANNEL_OP, BIND_VIRQ, requestPage));
    }

    /** Takes note of every event: whether there was one. */
    boolean acknowledge(KernelPort port) {
        port.store(page, 1, 0);
        boolean any = port.exchange(page + PENDING_SELECTOR, 0) != 0;
        port.exchange(page + PENDING, 0);
        return any;
    }
}
