package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;
import io.github.paravane.api.profile.GrantRules.ImplicitUnmap;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.LinearWalk;
import io.github.paravane.hypervisor.pagetable.PageTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one domain has mapped of others' grants, by handle; each mapping is an entry of its own page tables. */
public final class GrantMappings {

    /** Map into page tables. */
    public static final int HOST_MAP = 1 << 1;

    private static final int DEVICE_MAP = 1;
    private static final int READ_ONLY = 1 << 2;
    private static final int APPLICATION = 1 << 3;
    private static final int CONTAINS_PTE = 1 << 4;
    private static final int AVAILABLE_SHIFT = 16;
    private static final int PTE_AVAILABLE_SHIFT = 9;

    private final PageTables tables;
    private final FrameTable frames;
    private final Domain domain;
    private final long entryFlags;
    private final boolean misaligned;
    private final boolean endsAnyRights;
    private final boolean unmaskedFrame;
    private final int refusal;
    private final boolean dropsAtOnce;
    private final boolean endsTwice;
    private final boolean availableIgnored;
    private final List<Ended> ended = new ArrayList<>();
    private final Map<Integer, Mapping> mappings = new HashMap<>();
    private final Handles handles;
    private final int noHandle;

    /** References that are dropped when the TLBs have been flushed. */
    private record Ended(long mfn, boolean write) {}

    /** One mapping; at its end neither its entry nor its device address is in use. */
    private static final class Mapping {
        private final GrantTable table;
        private final int reference;
        private final long mfn;
        private int flags;
        private boolean hostEnded;

        Mapping(GrantTable table, int reference, long mfn, int flags) {
            this.table = table;
            this.reference = reference;
            this.mfn = mfn;
            this.flags = flags;
        }

        boolean isWritable() {
            return (flags & READ_ONLY) == 0;
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    GrantMappings(PageTables tables, Domain domain) {
        this.tables = tables;
        this.frames = tables.platform().frames();
        this.domain = domain;
        AbiProfile profile = tables.platform().profile();
        boolean marked = profile.get(GrantRules.IMPLICIT_UNMAP) != ImplicitUnmap.UNNOTICED;
        entryFlags = profile.get(PteRules.GRANT_FLAGS).bits() | (marked ? GrantRules.MARKER : 0);
        misaligned = profile.has(Quirk.MISALIGNED_GRANT_ENTRY);
        endsAnyRights = profile.has(Quirk.GRANT_END_IGNORES_RIGHTS);
        dropsAtOnce = profile.has(Quirk.GRANT_DROPPED_BEFORE_FLUSH);
        endsTwice = profile.has(Quirk.GRANT_ENDS_TWICE);
        availableIgnored = profile.has(Quirk.GRANT_AVAILABLE_IGNORED);
        refusal = GrantEntries.refusal(profile);
        handles = new Handles(profile.get(GrantRules.HANDLES_PER_VCPU), profile.get(GrantRules.MAX_HANDLES));
        noHandle = profile.get(GrantRules.NO_HANDLE);
        unmaskedFrame = profile.has(Quirk.GRANT_FRAME_UNMASKED);
    }

    /**
     * The outcome of {@link #map}.
     *
     * @param status a {@link GrantStatus}
     * @param handle what to unmap it by
     * @param maddr machine address of the granted frame
     */
    public record Mapped(int status, int handle, long maddr) {

        /** A failure. */
        public static Mapped failed(int status) {
            return new Mapped(status, -1, 0);
        }
    }

    /**
     * Maps a grant where {@code host} says: a linear address, or the machine address of an entry; or for devices only.
     *
     * @param table whose grant; null for the table of a host that grants nothing
     */
    public Mapped map(Vcpu vcpu, @Nullable GrantTable table, int reference, int flags, long host) {
        int handle = handles.take(vcpu);
        if (handle == Handles.NONE) {
            return Mapped.failed(noHandle);
        }
        int status = table == null ? refusal : mapAs(vcpu, table, reference, flags, host, handle);
        Mapping mapping = mappings.get(handle);
        if (mapping == null) {
            handles.put(handle);
            return Mapped.failed(status);
        }
        return new Mapped(GrantStatus.OKAY, handle, mapping.mfn << 12);
    }

    private int mapAs(Vcpu vcpu, GrantTable table, int reference, int flags, long host, int handle) {
        boolean write = (flags & READ_ONLY) == 0;
        int status = table.active().acquireToMap(reference, domain.id(), write);
        if (status != GrantStatus.OKAY) {
            return status;
        }
        Mapping mapping =
                new Mapping(table, reference, table.active().get(reference).mfn(), flags);
        if (!holdForDevice(mapping)) {
            table.active().release(reference, write);
            return GrantStatus.GENERAL_ERROR;
        }
        if (!mapEntry(vcpu, mapping, host)) {
            letDeviceGo(mapping);
            table.active().release(reference, write);
            return GrantStatus.GENERAL_ERROR;
        }
        mappings.put(handle, mapping);
        return GrantStatus.OKAY;
    }

    /** Whether flags say to map at all. */
    public static boolean isMapping(int flags) {
        return (flags & (HOST_MAP | DEVICE_MAP)) != 0;
    }

    private boolean holdForDevice(Mapping mapping) {
        return !mapping.has(DEVICE_MAP)
                || tables.memory()
                        .hold(mapping.table.domain(), mapping.mfn, mapping.isWritable())
                        .isAccepted();
    }

    private void letDeviceGo(Mapping mapping) {
        // A granter that was destroyed has taken the reference with it.
        if (mapping.has(DEVICE_MAP)) {
            tables.memory().letGoIfHeld(mapping.table.domain(), mapping.mfn, mapping.isWritable());
        }
    }

    private boolean mapEntry(Vcpu vcpu, Mapping mapping, long host) {
        if (!mapping.has(HOST_MAP)) {
            return true;
        }
        boolean write = mapping.isWritable();
        long maddr = entryAddress(vcpu, host, mapping.flags);
        if (maddr == LinearWalk.NONE
                || !takeFrame(mapping.mfn, mapping.table.domain().id(), write)) {
            return false;
        }
        long available = availableIgnored ? 0 : (long) (mapping.flags >>> AVAILABLE_SHIFT & 7) << PTE_AVAILABLE_SHIFT;
        int caching = mapping.table.entries().caching(mapping.reference);
        long rights = (long) (caching & 3) << 3
                | (long) (caching & 4) << 5
                | (write ? Pte.RW : 0)
                | (mapping.has(APPLICATION) ? Pte.USER : 0);
        tables.updater().storeGrant(maddr, Pte.of(mapping.mfn, entryFlags | rights | available));
        return true;
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
        if (maddr == LinearWalk.NONE
                || !misaligned && (maddr & 7) != 0
                || (maddr & 0xFFF) > 0xFF8
                || !frames.exists(mfn)
                || frames.owner(mfn) != domain.id()) {
            return LinearWalk.NONE;
        }
        long info = frames.typeInfo(mfn);
        return TypeInfo.isTable(info) && TypeInfo.type(info) == TypeInfo.L1 ? maddr : LinearWalk.NONE;
    }

    /**
     * Clears the entry of a mapping that {@code host} names, and ends its use by devices at {@code device}; 0 leaves
     * either. Flushing is the caller's.
     */
    public int unmap(Vcpu vcpu, long host, long device, int handle) {
        Mapping mapping = mapping(handle);
        if (mapping == null) {
            return GrantStatus.BAD_HANDLE;
        }
        boolean endsDevice = device != 0 && mapping.has(DEVICE_MAP);
        if (endsDevice && device != mapping.mfn << 12) {
            return GrantStatus.BAD_DEVICE_ADDRESS;
        }
        if (host != 0 && mapping.has(HOST_MAP)) {
            long maddr = mappedAt(vcpu, mapping, host);
            if (maddr == LinearWalk.NONE) {
                return GrantStatus.GENERAL_ERROR;
            }
            endHost(mapping, maddr, 0);
        }
        if (endsDevice) {
            letDeviceGo(mapping);
            mapping.flags &= ~DEVICE_MAP;
            if (endsTwice && mapping.hostEnded && host == 0) {
                drop(new Ended(mapping.mfn, mapping.isWritable()));
            }
        }
        endIfUnused(mapping, handle);
        return GrantStatus.OKAY;
    }

    /**
     * Ends a mapping at {@code host} and puts there what is mapped at {@code other}, where nothing remains; with
     * {@code other} 0 as {@link #unmap}. Flushing is the caller's.
     */
    public int unmapAndReplace(Vcpu vcpu, long host, long other, int handle) {
        Mapping mapping = mapping(handle);
        if (mapping == null || other == 0 || host == 0 || !mapping.has(HOST_MAP)) {
            return unmap(vcpu, host, 0, handle);
        }
        long source = mapping.has(CONTAINS_PTE) ? LinearWalk.NONE : entryAddress(vcpu, other, 0);
        if (source == LinearWalk.NONE) {
            return GrantStatus.GENERAL_ERROR;
        }
        long target = mappedAt(vcpu, mapping, host);
        // What is to replace the mapping is taken away first, also where it is the mapping itself.
        if (target == LinearWalk.NONE || target == source) {
            tables.updater().storeGrant(source, 0);
            return GrantStatus.GENERAL_ERROR;
        }
        long entry = tables.updater().read(source);
        tables.updater().clearGrant(source);
        endHost(mapping, target, entry);
        endIfUnused(mapping, handle);
        return GrantStatus.OKAY;
    }

    /** Ends a mapping in the page tables: another entry takes its place. */
    private void endHost(Mapping mapping, long maddr, long entry) {
        boolean write = endsAnyRights ? mapping.isWritable() : (tables.updater().read(maddr) & Pte.RW) != 0;
        tables.updater().replaceGrant(maddr, entry);
        mapping.flags &= ~HOST_MAP;
        mapping.hostEnded = true;
        ended.add(new Ended(mapping.mfn, write));
        if (dropsAtOnce) {
            dropEnded();
        }
    }

    /** Drops the references of the entries that went: the caller has flushed. */
    public void dropEnded() {
        ended.forEach(this::drop);
        ended.clear();
    }

    private void drop(Ended each) {
        if (each.write) {
            tables.frames().putType(each.mfn);
        }
        tables.frames().putPage(each.mfn);
    }

    /** Whether the domain has mapped a frame of another. */
    public boolean isMapped(long mfn) {
        return mappings.values().stream().anyMatch(each -> each.mfn == mfn);
    }

    /** Whether an entry of a grant table is mapped in page tables. */
    boolean isMappedByHost(GrantTable table, int reference) {
        return mappings.values().stream()
                .anyMatch(each -> each.table == table && each.reference == reference && each.has(HOST_MAP));
    }

    private @Nullable Mapping mapping(int handle) {
        return mappings.get(handle);
    }

    /** The entry at {@code host} if it still maps the frame with the rights of the mapping. */
    private long mappedAt(Vcpu vcpu, Mapping mapping, long host) {
        long maddr = entryAddress(vcpu, host, mapping.flags);
        return maddr != LinearWalk.NONE && maps(tables.updater().read(maddr), mapping) ? maddr : LinearWalk.NONE;
    }

    private void endIfUnused(Mapping mapping, int handle) {
        if (!mapping.has(HOST_MAP | DEVICE_MAP)) {
            mappings.remove(handle);
            handles.put(handle);
            mapping.table.active().release(mapping.reference, mapping.isWritable());
        }
    }

    private boolean maps(long entry, Mapping mapping) {
        long mfn = unmaskedFrame && mapping.has(CONTAINS_PTE) ? entry >>> 12 : Pte.mfn(entry);
        long rights = Pte.PRESENT | (mapping.isWritable() ? Pte.RW : 0);
        return mfn == mapping.mfn && (endsAnyRights || (entry & (Pte.PRESENT | Pte.RW)) == rights);
    }

    /** Ends all uses of a domain whose page tables are gone. */
    void forgetAll() {
        for (Mapping each : mappings.values()) {
            letDeviceGo(each);
            each.table.active().release(each.reference, each.isWritable());
        }
        mappings.clear();
    }
}
