package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.LinearWalk;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one domain has mapped of others' grants, by handle; each mapping is an entry of its own page tables. */
public final class GrantMappings {

    /** Map into page tables. */
    public static final int HOST_MAP = 1 << 1;

    private static final int READ_ONLY = 1 << 2;
    private static final int APPLICATION = 1 << 3;
    private static final int CONTAINS_PTE = 1 << 4;
    private static final int AVAILABLE_SHIFT = 16;
    private static final int PTE_AVAILABLE_SHIFT = 9;

    private final PageTables tables;
    private final FrameTable frames;
    private final Domain domain;
    private final long entryFlags;
    private final List<@Nullable Mapping> mappings = new ArrayList<>();

    private record Mapping(GrantTable table, int reference, long mfn, int flags) {

        boolean isWritable() {
            return (flags & READ_ONLY) == 0;
        }
    }

    GrantMappings(PageTables tables, Domain domain) {
        this.tables = tables;
        this.frames = tables.platform().frames();
        this.domain = domain;
        entryFlags = tables.platform().profile().get(PteRules.GRANT_FLAGS).bits();
    }

    /**
     * The outcome of {@link #map}.
     *
     * @param status a {@link GrantStatus}
     * @param handle what to unmap it by
     * @param maddr machine address of the granted frame
     */
    public record Mapped(int status, int handle, long maddr) {

        private static Mapped failed(int status) {
            return new Mapped(status, -1, 0);
        }
    }

    /** Maps a grant where {@code host} says: a linear address, or the machine address of an entry. */
    public Mapped map(Vcpu vcpu, GrantTable table, int reference, int flags, long host) {
        if ((flags & HOST_MAP) == 0) {
            return Mapped.failed(GrantStatus.GENERAL_ERROR);
        }
        boolean write = (flags & READ_ONLY) == 0;
        int status = table.acquire(reference, domain.id(), write);
        if (status != GrantStatus.OKAY) {
            return Mapped.failed(status);
        }
        long mfn = table.grantedFrame(reference);
        long maddr = entryAddress(vcpu, host, flags);
        if (maddr == LinearWalk.NONE || !takeFrame(mfn, table.domain().id(), write)) {
            table.release(reference, write);
            return Mapped.failed(GrantStatus.GENERAL_ERROR);
        }
        long available = (long) (flags >>> AVAILABLE_SHIFT & 7) << PTE_AVAILABLE_SHIFT;
        long entry = entryFlags | (write ? Pte.RW : 0) | ((flags & APPLICATION) != 0 ? Pte.USER : 0) | available;
        tables.updater().storeGrant(maddr, Pte.of(mfn, entry));
        return new Mapped(GrantStatus.OKAY, add(new Mapping(table, reference, mfn, flags)), mfn << 12);
    }

    private int add(Mapping mapping) {
        int handle = mappings.indexOf(null);
        if (handle < 0) {
            mappings.add(mapping);
            return mappings.size() - 1;
        }
        mappings.set(handle, mapping);
        return handle;
    }

    private boolean takeFrame(long mfn, int owner, boolean write) {
        return write
                ? tables.frames().getPageAndType(mfn, owner, TypeInfo.WRITABLE)
                : tables.frames().getPage(mfn, owner);
    }

    /** Machine address of the L1 entry to use, in a table of the domain, or {@link LinearWalk#NONE}. */
    private long entryAddress(Vcpu vcpu, long host, int flags) {
        boolean direct = (flags & CONTAINS_PTE) != 0;
        long maddr = direct ? host : tables.walk().l1Entry(vcpu, host);
        long mfn = maddr >>> 12;
        if (maddr == LinearWalk.NONE || (maddr & 7) != 0 || !frames.exists(mfn) || frames.owner(mfn) != domain.id()) {
            return LinearWalk.NONE;
        }
        long info = frames.typeInfo(mfn);
        return TypeInfo.isTable(info) && TypeInfo.type(info) == TypeInfo.L1 ? maddr : LinearWalk.NONE;
    }

    /** Clears the entry of a mapping and ends it; {@code host} is where it was mapped. Flushing is the caller's. */
    public int unmap(Vcpu vcpu, long host, int handle) {
        Mapping mapping = handle >= 0 && handle < mappings.size() ? mappings.get(handle) : null;
        if (mapping == null) {
            return GrantStatus.BAD_HANDLE;
        }
        if (host == 0) {
            return GrantStatus.OKAY;
        }
        long maddr = entryAddress(vcpu, host, mapping.flags);
        long expected = Pte.PRESENT | (mapping.isWritable() ? Pte.RW : 0);
        if (maddr == LinearWalk.NONE || !maps(tables.updater().read(maddr), mapping.mfn, expected)) {
            return GrantStatus.GENERAL_ERROR;
        }
        tables.updater().clearGrant(maddr);
        if (mapping.isWritable()) {
            tables.frames().putType(mapping.mfn);
        }
        tables.frames().putPage(mapping.mfn);
        mappings.set(handle, null);
        mapping.table.release(mapping.reference, mapping.isWritable());
        return GrantStatus.OKAY;
    }

    private static boolean maps(long entry, long mfn, long flags) {
        return Pte.mfn(entry) == mfn && (entry & (Pte.PRESENT | Pte.RW)) == flags;
    }

    /** Ends all uses of a domain whose page tables are gone. */
    void forgetAll() {
        for (Mapping each : mappings) {
            if (each != null) {
                each.table.release(each.reference, each.isWritable());
            }
        }
        mappings.clear();
    }
}
