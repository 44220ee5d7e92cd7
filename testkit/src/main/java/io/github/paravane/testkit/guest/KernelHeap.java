package io.github.paravane.testkit.guest;

import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.paging.Pte;
import java.util.Map;

/** Maps a modelled kernel's heap at boot. */
final class KernelHeap {

    private static final long LEAF = Pte.PRESENT | Pte.RW | Pte.ACCESSED | Pte.DIRTY;

    private KernelHeap() {}

    /** Maps the pages, and stores into each object its address. */
    static void map(KernelPort port, KernelSpace space, KernelModel model, PteHabits habits, long kernelBits) {
        long global = habits.setsGlobal() ? Pte.GLOBAL : 0;
        for (Map.Entry<Long, KernelModel.HeapPage> each : model.heap().entrySet()) {
            long linear = each.getKey();
            PteWrite own = each.getValue().how();
            long table = space.leafTable(space.root(), linear);
            space.write(
                    table,
                    linear,
                    Pte.of(
                            space.mfn(space.allocate()),
                            LEAF | kernelBits | global | each.getValue().bits()),
                    own == null ? habits.way(PteOperation.BOOT) : own);
            model.record(space.mapping(space.root(), linear));
        }
        for (KernelObject each : model.objects()) {
            port.store(each.linear(), 8, each.linear());
        }
    }
}
