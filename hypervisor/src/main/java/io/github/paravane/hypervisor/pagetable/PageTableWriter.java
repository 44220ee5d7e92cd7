package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineEvent.Origin;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Platform;

/**
 * The only class of the hypervisor that stores into frames that are page tables or descriptor pages. What is stored has
 * been validated by the caller.
 */
final class PageTableWriter {

    private final Platform platform;
    private final MachineMemory memory;

    PageTableWriter(Platform platform) {
        this.platform = platform;
        this.memory = platform.memory();
    }

    /** The entry at a machine address. */
    long read(long maddr) {
        return memory.readU64(maddr);
    }

    /** Stores a guest's entry; {@code old} and {@code requested} are for the observer. */
    void store(int domain, Origin origin, int level, long maddr, long old, long requested, long stored) {
        memory.writeU64(maddr, stored);
        if (platform.observed()) {
            platform.observer()
                    .pageTableWrite(
                            new MachineEvent.PageTableWrite(domain, origin, level, maddr, old, requested, stored));
        }
    }

    /** Stores a guest's entry if the table still holds {@code expected}. */
    boolean compareAndStore(
            int domain, Origin origin, int level, long maddr, long expected, long requested, long stored) {
        if (memory.readU64(maddr) != expected) {
            return false;
        }
        store(domain, origin, level, maddr, expected, requested, stored);
        return true;
    }

    /** Stores an entry of the hypervisor's own slots. */
    void storeHypervisorEntry(long maddr, long entry) {
        memory.writeU64(maddr, entry);
    }

    /** Sets the Accessed bit as a processor does that walks the tables. */
    void setAccessed(long maddr, long entry) {
        if ((entry & Pte.ACCESSED) == 0) {
            memory.writeU64(maddr, entry | Pte.ACCESSED);
        }
    }

    /** Stores a descriptor. */
    void storeDescriptor(long maddr, long descriptor) {
        memory.writeU64(maddr, descriptor);
    }

    /** Stores into a frame on behalf of a guest that could have written it itself. */
    void storeUnchecked(long maddr, long value) {
        memory.writeU64(maddr, value);
    }
}
