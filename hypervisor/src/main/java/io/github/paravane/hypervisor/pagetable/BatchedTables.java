package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.TableBatch.Kind;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Batched writable page tables (Xen 3.0.2 {@code ptwr_do_page_fault}; abi-reference 7.2): a guest that stores into an L1
 * table may write the whole table freely until the next page-table hypercall, switch of tables or fault behind the table.
 *
 * <p>A table that is hooked in the running address space is unhooked meanwhile (active), so that the processor never walks
 * what is not validated; another may be written at the same time that is hooked elsewhere (inactive). Where this does not
 * work, the single store is emulated. Embedders see the tables as the guest does, R/W and P changed.
 */
public final class BatchedTables {

    private final PageTables tables;
    private final EntryUpdater updater;
    private final @Nullable BackPointers backPointers;
    private final Map<Domain, TableBatch[]> batches = new IdentityHashMap<>();
    private int open;

    BatchedTables(PageTables tables, EntryUpdater updater, @Nullable BackPointers backPointers) {
        this.tables = tables;
        this.updater = updater;
        this.backPointers = backPointers;
    }

    /**
     * Makes the L1 table that {@code linear} maps read-only writable there; false if the store has to be emulated. The
     * mapping is present, read-only, and the frame an L1 table of the vCPU's domain.
     */
    public boolean begin(Vcpu vcpu, long linear) {
        long mapping = tables.walk().l1Entry(vcpu, linear);
        BackPointers pointers = backPointers;
        if (pointers == null || mapping == LinearWalk.NONE) {
            return false;
        }
        long table = Pte.mfn(updater.read(mapping));
        long place = pointers.place(table);
        if (place < 0 || place == TableBatch.place(linear)) {
            return false;
        }
        Domain domain = vcpu.domain();
        TableBatch[] mine = of(domain);
        long hook = tables.walk().l2Entry(vcpu, place << 21);
        Kind kind = kind(mine, hook, table, place);
        if (domain.vcpus().size() > 1 && isElsewhereToo(table, kind)) {
            sync(domain);
            return false;
        }
        for (TableBatch each : mine) {
            if (each.isOpen() && (each.kind() == kind || each.concerns(mapping))) {
                close(each);
            }
        }
        TableBatch batch = mine[kind.ordinal()];
        if (batch.changedNothing()) {
            return false;
        }
        batch.open(vcpu, linear, mapping, kind == Kind.ACTIVE ? hook : LinearWalk.NONE, table, place);
        open++;
        return true;
    }

    private TableBatch[] of(Domain domain) {
        return batches.computeIfAbsent(domain, owner -> {
            TableBatch[] all = new TableBatch[Kind.values().length];
            for (Kind kind : Kind.values()) {
                all[kind.ordinal()] = new TableBatch(kind, tables, updater);
            }
            return all;
        });
    }

    private Kind kind(TableBatch[] mine, long hook, long table, long place) {
        if (hook == LinearWalk.NONE) {
            return Kind.INACTIVE;
        }
        long entry = updater.read(hook);
        TableBatch active = mine[Kind.ACTIVE.ordinal()];
        boolean mayBeHooked = Pte.isPresent(entry) || active.isOpen() && active.place() == place;
        return mayBeHooked && Pte.mfn(entry) == table ? Kind.ACTIVE : Kind.INACTIVE;
    }

    /** Whether more than the pin and the hook in the running address space refer to a table. */
    private boolean isElsewhereToo(long table, Kind kind) {
        long info = tables.platform().frames().typeInfo(table);
        long explained = ((info & TypeInfo.PINNED) != 0 ? 1 : 0) + (kind == Kind.ACTIVE ? 1 : 0);
        return TypeInfo.count(info) != explained;
    }

    /** Validates what a domain has written into its tables, if anything; a wrong entry crashes the domain. */
    public void sync(Domain domain) {
        if (open != 0) {
            closeAll(domain);
        }
    }

    private boolean closeAll(Domain domain) {
        boolean closed = false;
        for (TableBatch each : of(domain)) {
            if (each.isOpen()) {
                close(each);
                closed = true;
            }
        }
        return closed;
    }

    /** Hooks the table in again that translates {@code linear}, if it is unhooked; whether it was. */
    public boolean reattach(Domain domain, long linear) {
        if (open == 0) {
            return false;
        }
        TableBatch active = of(domain)[Kind.ACTIVE.ordinal()];
        if (!active.isOpen() || active.place() != TableBatch.place(linear)) {
            return false;
        }
        close(active);
        return true;
    }

    /** The hypervisor is about to store an entry at {@code maddr} for the running domain. */
    public void beforeStore(long maddr) {
        if (open == 0) {
            return;
        }
        for (TableBatch each : of(tables.platform().current().domain())) {
            if (each.isOpen() && each.concerns(maddr)) {
                close(each);
            }
        }
    }

    /** A frame of a domain has another type than is needed: whether validation of what was written may change that. */
    boolean syncForType(int owner) {
        if (open == 0) {
            return false;
        }
        Vcpu current = tables.platform().currentOrNull();
        return current != null && current.domain().id() == owner && closeAll(current.domain());
    }

    /** The entry at {@code maddr} as the reference counts know it. */
    long counted(long maddr, long entry) {
        if (open == 0) {
            return entry;
        }
        long result = entry;
        for (TableBatch[] each : batches.values()) {
            for (TableBatch batch : each) {
                result = batch.isOpen() ? batch.counted(maddr, result) : result;
            }
        }
        return result;
    }

    /** Whether a table is written by its domain now. */
    boolean isOpen(long table) {
        if (open == 0) {
            return false;
        }
        for (TableBatch[] each : batches.values()) {
            for (TableBatch batch : each) {
                if (batch.isOpen() && batch.concerns(table << 12)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Forgets a domain that has ended. */
    void forget(Domain domain) {
        sync(domain);
        batches.remove(domain);
    }

    private void close(TableBatch batch) {
        open--;
        batch.close();
    }
}
