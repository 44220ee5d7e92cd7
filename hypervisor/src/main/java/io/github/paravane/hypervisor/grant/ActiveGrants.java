package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.grant.ActiveGrant.Granted;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of one table are in use by others, and what for (Xen {@code map_grant_ref}, {@code
 * acquire_grant_for_copy}).
 */
final class ActiveGrants {

    /** Uses of one entry at a time and kind. */
    private static final int MAX_USES = 255;

    private final GrantTables tables;
    private final GrantTable table;
    private final Map<Integer, ActiveGrant> active = new HashMap<>();
    private final Map<Integer, Integer> uses = new HashMap<>();

    private final int badPage;
    private final boolean formerFrame;
    private long checked;

    ActiveGrants(GrantTables tables, GrantTable table) {
        this.tables = tables;
        this.table = table;
        badPage = GrantStatus.badPage(table.domain().platform().profile());
        formerFrame = table.domain().platform().profile().has(Quirk.COPY_TO_FORMER_FRAME);
    }

    private Platform platform() {
        return table.domain().platform();
    }

    /** Whether an entry from {@code first} on is in use. */
    boolean anyFrom(int first) {
        return active.keySet().stream().anyMatch(reference -> reference >= first);
    }

    boolean isUsed(int reference) {
        return active.containsKey(reference);
    }

    /** What an entry in use grants. */
    ActiveGrant get(int reference) {
        ActiveGrant grant = active.get(reference);
        if (grant == null) {
            throw new IllegalStateException("not in use: 0x" + Integer.toHexString(reference));
        }
        return grant;
    }

    /** Begins a use by a mapping of {@code by}; a {@link GrantStatus}. */
    int acquireToMap(int reference, int by, boolean write) {
        if (Integer.compareUnsigned(reference, table.references()) >= 0) {
            return GrantStatus.BAD_REFERENCE;
        }
        ActiveGrant old = active.get(reference);
        if (old != null && (old.user() != by || old.isPart() || isFull(reference))) {
            return GrantStatus.GENERAL_ERROR;
        }
        if (old == null || write && !old.isWritten()) {
            int status = table.entries().mark(reference, by, write, true, old != null);
            if (status != GrantStatus.OKAY) {
                return status;
            }
        }
        return begin(reference, by, write, old, table.entries().whole(reference));
    }

    private boolean isFull(int reference) {
        return uses.getOrDefault(reference, 0) >= MAX_USES;
    }

    private int begin(int reference, int by, boolean write, @Nullable ActiveGrant old, Granted granted) {
        ActiveGrant grant = old;
        if (grant == null) {
            if (!isOwned(granted.mfn(), granted.owner().domain())) {
                table.entries().unmark(reference, true, write);
                return badPage;
            }
            grant = new ActiveGrant(by, granted);
            active.put(reference, grant);
        }
        grant.begin(write);
        uses.merge(reference, 1, Integer::sum);
        return GrantStatus.OKAY;
    }

    private boolean isOwned(long mfn, Domain owner) {
        FrameTable frames = platform().frames();
        return frames.exists(mfn) && frames.owner(mfn) == owner.id();
    }

    /** The frame that the last {@link #acquireToCopy} looked up: but for a bug that of the grant. */
    long checked() {
        return checked;
    }

    /**
     * Begins a use by a copy of {@code by}; a {@link GrantStatus}.
     *
     * @param transitive whether the entry may refer to another domain's grant
     */
    int acquireToCopy(int reference, int by, boolean write, boolean transitive) {
        if (Integer.compareUnsigned(reference, table.references()) >= 0) {
            return GrantStatus.BAD_REFERENCE;
        }
        ActiveGrant old = active.get(reference);
        if (old != null && (old.user() != by || isFull(reference))) {
            return GrantStatus.GENERAL_ERROR;
        }
        boolean refers = table.entries().isTransitive(reference);
        if (old == null || write && !old.isWritten()) {
            int status = table.entries().mark(reference, by, write, false, old != null);
            if (status != GrantStatus.OKAY) {
                return status;
            }
        }
        if (refers) {
            checked = -1;
            return acquireOther(reference, by, write, old, transitive);
        }
        Granted granted = table.entries().part(reference);
        checked = granted.mfn();
        if (old != null) {
            if (!write || old.isWritten()) {
                checked = old.mfn();
            } else {
                int status = compare(old, granted);
                if (status != GrantStatus.OKAY) {
                    unmark(reference, write);
                    return status;
                }
            }
        }
        return begin(reference, by, write, old, granted);
    }

    /** An entry in use that is to be written too still has to grant what it did (Xen 49f1cd9478). */
    private int compare(ActiveGrant old, Granted granted) {
        if (!isOwned(granted.mfn(), granted.owner().domain())) {
            return badPage;
        }
        return formerFrame || old.allows(granted) ? GrantStatus.OKAY : GrantStatus.GENERAL_ERROR;
    }

    private int acquireOther(int reference, int by, boolean write, @Nullable ActiveGrant old, boolean allowed) {
        int domid = table.entries().transitiveDomain(reference);
        int other = table.entries().transitiveReference(reference);
        Domain domain = platform().domain(domid);
        if (!allowed || domid == table.domain().id() || domain == null) {
            unmark(reference, write);
            return GrantStatus.GENERAL_ERROR;
        }
        GrantTable owner = tables.table(domain);
        int status = owner.active().acquireToCopy(other, table.domain().id(), write, false);
        if (status != GrantStatus.OKAY) {
            unmark(reference, write);
            return status;
        }
        ActiveGrant target = owner.active().get(other);
        Granted granted = new Granted(owner, other, target.mfn(), target.start(), target.length(), true);
        if (old != null && !old.isSame(granted)) {
            owner.active().release(other, write);
            unmark(reference, write);
            return GrantStatus.GENERAL_ERROR;
        }
        return begin(reference, by, write, old, granted);
    }

    /** Ends a use that was begun with the same {@code write}. */
    void release(int reference, boolean write) {
        ActiveGrant grant = get(reference);
        grant.end(write);
        uses.merge(reference, -1, Integer::sum);
        if (grant.owner() != table && grant.owner().active().isUsed(grant.ownerReference())) {
            grant.owner().active().release(grant.ownerReference(), write);
        }
        if (!grant.isUsed()) {
            active.remove(reference);
            uses.remove(reference);
        }
        unmark(reference, write);
    }

    /** Takes away the marks that no use needs any more; the mark of writing only after a use that writes. */
    private void unmark(int reference, boolean write) {
        ActiveGrant grant = active.get(reference);
        table.entries().unmark(reference, grant == null, write && (grant == null || !grant.isWritten()));
    }
}
