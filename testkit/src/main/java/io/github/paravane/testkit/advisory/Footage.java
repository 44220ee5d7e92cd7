package io.github.paravane.testkit.advisory;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.Observers;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.mmu.Mmu;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is kept of a replay for a report: its last events, its last page-table stores, the TLB before and after them. */
final class Footage {

    private static final int EVENTS = 60;
    private static final int STORES = 16;
    private static final int TLB_ENTRIES = 24;

    private final Deque<MachineEvent> events = new ArrayDeque<>();
    private final Deque<MachineEvent.PageTableWrite> stores = new ArrayDeque<>();
    private List<TlbEntry> before = List.of();
    private @Nullable Tlb tlb;

    /** Watches a replay; a footage is of one replay only. */
    Replay watch(Replay replay) {
        return replay.observer(Observers.forEach(this::take)).tlbs(this::newTlb);
    }

    private Tlb newTlb() {
        Tlb made = Mmu.directMappedTlb(Mmu.DEFAULT_TLB_SIZE);
        if (tlb == null) {
            tlb = made;
        }
        return made;
    }

    private void take(MachineEvent event) {
        if (event instanceof MachineEvent.PageTableWrite store) {
            keep(stores, store, STORES);
            before = tlb == null ? List.of() : tlb.entries();
        }
        keep(events, event, EVENTS);
    }

    private static <T> void keep(Deque<T> queue, T element, int most) {
        if (queue.size() == most) {
            queue.removeFirst();
        }
        queue.addLast(element);
    }

    /** The last events, oldest first, one a line. */
    List<String> events() {
        return events.stream().map(Object::toString).toList();
    }

    /** The last stores into page tables, oldest first: where, and the entry before and after. */
    List<String> stores() {
        List<String> lines = new ArrayList<>();
        for (MachineEvent.PageTableWrite store : stores) {
            lines.add(String.format(
                    "L%d at %012x  %s -> %s  (%s)",
                    store.level(), store.maddr(), entry(store.old()), entry(store.stored()), store.origin()));
        }
        return lines;
    }

    /** The TLB just before the last store into a page table. */
    List<String> tlbBefore() {
        return lines(before);
    }

    /** The TLB at the end. */
    List<String> tlbAfter() {
        Tlb last = tlb;
        return last == null ? List.of() : lines(last.entries());
    }

    private static List<String> lines(List<TlbEntry> entries) {
        List<String> lines = entries.stream()
                .sorted((a, b) -> Long.compareUnsigned(a.linear(), b.linear()))
                .limit(TLB_ENTRIES)
                .map(Footage::line)
                .collect(Collectors.toCollection(ArrayList::new));
        if (entries.size() > TLB_ENTRIES) {
            lines.add("and " + (entries.size() - TLB_ENTRIES) + " more");
        }
        return lines;
    }

    private static String line(TlbEntry entry) {
        String kind = (entry.access() & Access.FETCH) != 0
                ? "fetch"
                : (entry.access() & Access.WRITE) != 0 ? "write" : "read";
        String ring = (entry.access() & Access.USER) != 0 ? "user" : "kernel";
        return String.format(
                "%016x -> %s  %s %s%s",
                entry.linear(), entry(entry.leaf()), ring, kind, entry.isGlobal() ? ", global" : "");
    }

    /** An entry as frame and letters: {@code 000123 P-W-U-A-D-G-K-NX}. */
    static String entry(long value) {
        if ((value & Pte.PRESENT) == 0) {
            return value == 0 ? "empty" : String.format("%016x not present", value);
        }
        StringBuilder text = new StringBuilder(String.format("%06x P", Pte.mfn(value)));
        bit(text, value, Pte.RW, "W");
        bit(text, value, Pte.USER, "U");
        bit(text, value, Pte.ACCESSED, "A");
        bit(text, value, Pte.DIRTY, "D");
        bit(text, value, Pte.GLOBAL, "G");
        bit(text, value, Pte.GUEST_KERNEL, "K");
        bit(text, value, Pte.NX, "NX");
        return text.toString();
    }

    private static void bit(StringBuilder text, long value, long mask, String letter) {
        if ((value & mask) != 0) {
            text.append('-').append(letter);
        }
    }
}
