package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import org.jspecify.annotations.Nullable;

/** One L1 table that its domain may write freely, and its entries as they were validated last. */
final class TableBatch {

    private static final int ENTRIES = 512;
    private static final long PLACE_MASK = (1L << 27) - 1;
    private static final String REASON = "batched-tables";

    private final Kind kind;
    private final PageTables tables;
    private final EntryUpdater updater;
    private final long[] snapshot = new long[ENTRIES];
    private @Nullable Domain owner;
    private long linear;
    private long mapping;
    private long hook;
    private long table;
    private long place;
    private boolean open;
    private int lastChanges;

    /** Whether the table is hooked in the address space that runs. */
    enum Kind {
        ACTIVE,
        INACTIVE
    }

    TableBatch(Kind kind, PageTables tables, EntryUpdater updater) {
        this.kind = kind;
        this.tables = tables;
        this.updater = updater;
    }

    /** Bits 47:21 of a linear address: which L1 table translates it. */
    static long place(long linear) {
        return linear >>> 21 & PLACE_MASK;
    }

    Kind kind() {
        return kind;
    }

    boolean isOpen() {
        return open;
    }

    /** The part of the address space that the table translates. */
    long place() {
        return place;
    }

    /** Whether an entry lies in the table, or is the one that maps it. */
    boolean concerns(long maddr) {
        return maddr >>> 12 == table || maddr == mapping;
    }

    /** Whether the batch before changed nothing, so that the next store is better emulated; once in a row. */
    boolean changedNothing() {
        if (lastChanges != 0) {
            return false;
        }
        lastChanges = 1;
        return true;
    }

    /** Makes the table writable by the entry at {@code mapping}; an active one is unhooked at {@code hook}. */
    void open(Vcpu vcpu, long linear, long mapping, long hook, long table, long place) {
        owner = vcpu.domain();
        this.linear = linear;
        this.mapping = mapping;
        this.hook = hook;
        this.table = table;
        this.place = place;
        if (hook != LinearWalk.NONE) {
            updater.storeUnchecked(hook, updater.read(hook) & ~Pte.PRESENT);
            tables.flushes().flush(domain(), REASON);
        }
        for (int slot = 0; slot < ENTRIES; slot++) {
            snapshot[slot] = updater.read(maddr(slot));
        }
        updater.storeUnchecked(mapping, updater.read(mapping) | Pte.RW);
        open = true;
    }

    private Domain domain() {
        Domain mine = owner;
        if (mine == null) {
            throw new IllegalStateException("no table was written yet");
        }
        return mine;
    }

    private long maddr(int slot) {
        return (table << 12) + 8L * slot;
    }

    /** Makes the table read-only, validates what was changed, and hooks it in again. */
    void close() {
        open = false;
        long entry = updater.read(mapping);
        if (Pte.mfn(entry) == table) {
            updater.storeUnchecked(mapping, entry & ~Pte.RW);
        }
        tables.flushes().flushPage(domain(), linear, REASON);
        lastChanges = revalidate();
        if (hook != LinearWalk.NONE) {
            updater.storeUnchecked(hook, updater.read(hook) | Pte.PRESENT);
        }
    }

    private int revalidate() {
        int changes = 0;
        for (int slot = 0; slot < ENTRIES; slot++) {
            long wanted = updater.read(maddr(slot));
            if (wanted == snapshot[slot]) {
                continue;
            }
            changes++;
            if (!updater.validateWritten(maddr(slot), snapshot[slot], wanted)) {
                for (int rest = slot; rest < ENTRIES; rest++) {
                    updater.storeUnchecked(maddr(rest), snapshot[rest]);
                }
                domain().crash("bad entry 0x" + Long.toHexString(wanted) + " in a page table written directly");
                break;
            }
        }
        return changes;
    }

    /** The entry at {@code maddr} as the reference counts know it. */
    long counted(long maddr, long entry) {
        if (maddr >>> 12 == table) {
            return snapshot[(int) (maddr >>> 3) & 511];
        }
        if (maddr == mapping) {
            return entry & ~Pte.RW;
        }
        return maddr == hook ? entry | Pte.PRESENT : entry;
    }
}
