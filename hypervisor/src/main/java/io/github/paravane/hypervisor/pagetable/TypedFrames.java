package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.api.profile.QuirkSet;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.OtherProcessor;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes and drops general and type references (abi-reference 2.2, 2.3). A reference taken must be dropped by whoever took
 * it; the last general reference frees the frame, the last type reference of a table drops what its entries hold.
 */
public final class TypedFrames {

    private final Platform platform;
    private final FrameTable frames;
    private final TlbFlushes flushes;
    private final M2p m2p;
    private final TableAudit audit;
    private final Interruptions stops;
    private final long maxTypeCount;
    private final boolean precise;
    private final boolean miscounts;
    private final boolean flushesFirst;
    private final int interruptionsThatDrop;
    private @Nullable BatchedTables batches;

    /** Tables whose last type reference is gone and whose entries still hold theirs; a loop, so that depth costs no stack. */
    private long[] pending = new long[16];

    /** How many of their entries do, by the same index. */
    private int[] pendingEntries = new int[16];

    private int pendingCount;
    private boolean draining;

    TypedFrames(Platform platform, TlbFlushes flushes, M2p m2p, TableAudit audit, Interruptions stops) {
        this.stops = stops;
        this.platform = platform;
        this.frames = platform.frames();
        this.flushes = flushes;
        this.m2p = m2p;
        this.audit = audit;
        AbiProfile profile = platform.profile();
        interruptionsThatDrop = profile.has(Quirk.INTERRUPTED_TABLE_DROPPED_TWICE)
                ? 1
                : profile.has(Quirk.SECOND_INTERRUPTION_FORGETS) ? 2 : Integer.MAX_VALUE;
        miscounts = !profile.get(QuirkSet.QUIRKS).quirks().isEmpty()
                || (profile.get(PteRules.UPPER_FAST_PATH).bits() & Pte.RW) != 0;
        flushesFirst = profile.has(Quirk.FLUSHED_BEFORE_TYPE);
        precise = platform.profile().get(PteRules.PRECISE_ERRNO);
        maxTypeCount = (1L << platform.profile().get(MmuRules.TYPE_COUNT_BITS)) - 1;
    }

    /** Completes construction. */
    void connect(BatchedTables batchedTables) {
        batches = batchedTables;
    }

    /** Takes a general reference if the frame exists and belongs to {@code domid}. */
    public boolean getPage(long mfn, int domid) {
        if (!frames.exists(mfn) || frames.owner(mfn) != domid) {
            return false;
        }
        int count = frames.count(mfn);
        if (count <= 0 || count == Integer.MAX_VALUE) {
            return false;
        }
        frames.setCount(mfn, count + 1);
        return true;
    }

    /** Drops a general reference; the last one frees the frame, which is scrubbed. */
    public void putPage(long mfn) {
        int count = frames.count(mfn) - 1;
        if (count < 0) {
            miscounted("no reference to drop", mfn);
            return;
        }
        frames.setCount(mfn, count);
        if (count == 0) {
            free(mfn);
        }
    }

    /**
     * A reference that is not there: the hypervisor's BUG() where a published bug of the profile miscounts, and else a
     * mistake of ours.
     */
    void miscounted(String what, long mfn) {
        String detail = what + ": mfn 0x" + Long.toHexString(mfn);
        if (!miscounts) {
            throw new IllegalStateException(detail);
        }
        platform.crash(detail);
    }

    private void free(long mfn) {
        if (TypeInfo.count(frames.typeInfo(mfn)) != 0 && miscounts) {
            miscounted("freed while it has a type", mfn);
            return;
        }
        platform.memory().zeroFrame(mfn);
        m2p.invalidate(mfn);
        frames.release(mfn);
        flushes.frameFreed();
    }

    /** Takes a general and a type reference, or neither. */
    public boolean getPageAndType(long mfn, int domid, int type) {
        return takePageAndType(mfn, domid, type).isAccepted();
    }

    /** As {@link #getPageAndType}, and tells why not. */
    public EntryRule takePageAndType(long mfn, int domid, int type) {
        if (!getPage(mfn, domid)) {
            return EntryRule.TABLE_NOT_OWNED;
        }
        EntryRule rule = takeType(mfn, type);
        if (!rule.isAccepted()) {
            putPage(mfn);
        }
        return rule;
    }

    /** Drops a type reference, then a general one. */
    public void putPageAndType(long mfn) {
        putType(mfn);
        putPage(mfn);
    }

    /** Takes a type reference; the caller holds a general one. */
    public boolean getType(long mfn, int type) {
        return takeType(mfn, type).isAccepted();
    }

    /** As {@link #getType}, and tells why not. */
    public EntryRule takeType(long mfn, int type) {
        long info = frames.typeInfo(mfn);
        if (TypeInfo.count(info) == 0) {
            return takeFirst(mfn, info, type);
        }
        if (TypeInfo.takenType(info) != type) {
            BatchedTables written = batches;
            return written != null && written.syncForType(frames.owner(mfn))
                    ? takeType(mfn, type)
                    : EntryRule.TYPE_CONFLICT;
        }
        if ((info & TypeInfo.PARTIAL) != 0) {
            return resume(mfn, info, type);
        }
        if ((info & TypeInfo.VALIDATED) == 0 && isReleasing() && !draining) {
            finishRelease();
            return takeType(mfn, type);
        }
        if ((info & TypeInfo.VALIDATED) == 0) {
            // Its audit or the dropping of its entries is still going on further up the call chain.
            return EntryRule.TYPE_CONFLICT;
        }
        if (TypeInfo.count(info) >= maxTypeCount) {
            return EntryRule.COUNT_OVERFLOW;
        }
        frames.setTypeInfo(mfn, info + 1);
        return EntryRule.ACCEPTED;
    }

    private EntryRule takeFirst(long mfn, long old, int type) {
        int oldType = TypeInfo.takenType(old);
        long info = old;
        if (oldType != type) {
            if (flushesFirst) {
                flushWritable(mfn, oldType);
                meanwhile(mfn);
            }
            info = TypeInfo.withType(info, type);
        }
        frames.setTypeInfo(mfn, info + 1);
        if (oldType != type && !flushesFirst) {
            meanwhile(mfn);
            flushWritable(mfn, oldType);
        }
        if ((info & TypeInfo.VALIDATED) != 0) {
            return EntryRule.ACCEPTED;
        }
        if (type == TypeInfo.WRITABLE) {
            return validated(mfn, EntryRule.ACCEPTED, oldType, type);
        }
        frames.setMark(mfn, 0);
        return validate(mfn, oldType, type);
    }

    private void flushWritable(long mfn, int oldType) {
        if (oldType == TypeInfo.WRITABLE) {
            flushes.beforeTypeChange(frames.mark(mfn));
        }
    }

    /** The other processor's turn. */
    private void meanwhile(long mfn) {
        if (platform.otherProcessor() == OtherProcessor.IDLE || platform.currentOrNull() == null) {
            return;
        }
        Domain owner = platform.domain(frames.owner(mfn));
        if (owner != null && owner.vcpus().size() > 1) {
            platform.otherProcessor()
                    .typeChange(
                            platform.memory(),
                            mfn,
                            new RacingVcpu(platform, owner.vcpus().get(1)));
        }
    }

    /** Goes on with a validation that was interrupted; its general reference goes, or is that of the next interruption. */
    private EntryRule resume(long mfn, long info, int type) {
        frames.setTypeInfo(mfn, info & ~TypeInfo.PARTIAL);
        EntryRule rule = validate(mfn, TypeInfo.NONE, type);
        putPage(mfn);
        return rule;
    }

    private EntryRule validate(long mfn, int oldType, int type) {
        EntryRule rule = audit.promote(this, mfn, type & ~TypeInfo.WITH_XEN_SLOTS);
        if (rule == EntryRule.INTERRUPTED) {
            frames.setCount(mfn, frames.count(mfn) + 1);
            frames.setTypeInfo(mfn, frames.typeInfo(mfn) | TypeInfo.PARTIAL);
            return rule;
        }
        if (!rule.isAccepted() && audit.interruptions() >= interruptionsThatDrop) {
            putPage(mfn);
        }
        return validated(mfn, rule, oldType, type);
    }

    private EntryRule validated(long mfn, EntryRule rule, int oldType, int type) {
        long info = frames.typeInfo(mfn);
        if (rule.isAccepted()) {
            frames.setTypeInfo(mfn, info | TypeInfo.VALIDATED);
            tellTypeChange(mfn, oldType & 7, type & 7);
        } else {
            frames.setTypeInfo(mfn, info & (TypeInfo.SHARED | TypeInfo.RELEASED));
            frames.setMark(mfn, 0);
        }
        return rule;
    }

    /** Drops a type reference; the last one of a table drops the references of its entries. */
    public void putType(long mfn) {
        long info = frames.typeInfo(mfn);
        if (TypeInfo.count(info) == 0) {
            miscounted("no type reference to drop", mfn);
            return;
        }
        boolean last = TypeInfo.count(info) == 1;
        if (last && TypeInfo.isTable(info)) {
            frames.setTypeInfo(mfn, info & ~TypeInfo.VALIDATED);
            frames.setCount(mfn, frames.count(mfn) + 1);
            later(mfn, TableAudit.ENTRIES);
            drain();
            return;
        }
        frames.setTypeInfo(mfn, info - 1);
        BackPointers pointers = audit.backPointers();
        if (pointers != null && (info & TypeInfo.PINNED) != 0 && TypeInfo.count(info) == 2) {
            pointers.pinned(mfn);
        }
        if (last) {
            frames.setMark(mfn, flushes.epoch());
        }
    }

    private void later(long mfn, int entries) {
        if (pendingCount == pending.length) {
            pending = Arrays.copyOf(pending, 2 * pending.length);
            pendingEntries = Arrays.copyOf(pendingEntries, pending.length);
        }
        pending[pendingCount] = mfn;
        pendingEntries[pendingCount++] = entries;
    }

    /** Whether tables still hold references that were to be dropped: an interrupted hypercall goes on with them first. */
    public boolean isReleasing() {
        return pendingCount > 0;
    }

    /** Drops what is left of them at once. */
    void finishRelease() {
        stops.forbid();
        drain();
    }

    /** Goes on dropping it; whether all is gone. */
    public boolean continueRelease() {
        drain();
        return !isReleasing();
    }

    /** Number of entries, from the first one, that hold references in a table that is not validated. */
    int partlyHeld(long mfn) {
        for (int n = 0; n < pendingCount; n++) {
            if (pending[n] == mfn) {
                return pendingEntries[n];
            }
        }
        return audit.partlyHeld(mfn);
    }

    /** Drops what the validation of a table holds that was interrupted, as its domain is dying. */
    void abandon(long mfn) {
        long info = frames.typeInfo(mfn);
        frames.setTypeInfo(mfn, info & ~TypeInfo.PARTIAL);
        audit.abandon(mfn, TypeInfo.type(info));
        frames.setTypeInfo(mfn, info & (TypeInfo.SHARED | TypeInfo.RELEASED));
        frames.setMark(mfn, 0);
        putPage(mfn);
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        while (pendingCount > 0) {
            long mfn = pending[--pendingCount];
            int type = TypeInfo.type(frames.typeInfo(mfn));
            int left = audit.demoteSome(mfn, type, pendingEntries[pendingCount]);
            if (left > 0) {
                later(mfn, left);
                break;
            }
            flushes.tableDropped(frames.owner(mfn));
            frames.setTypeInfo(mfn, frames.typeInfo(mfn) - 1 & ~TypeInfo.XEN_SLOTS);
            frames.setMark(mfn, flushes.epoch());
            tellTypeChange(mfn, type, TypeInfo.NONE);
            putPage(mfn);
        }
        draining = false;
    }

    /** Drops what the entries of a table hold although it is still referenced: only where its domain is dying. */
    void forceDemotion(long mfn) {
        long info = frames.typeInfo(mfn);
        frames.setCount(mfn, frames.count(mfn) + 1);
        frames.setTypeInfo(mfn, info & ~TypeInfo.VALIDATED);
        audit.demote(mfn, TypeInfo.type(info));
        putPage(mfn);
    }

    /** Sets or clears the pinned flag: whether it had to change. */
    boolean setPinned(long mfn, boolean pinned) {
        long info = frames.typeInfo(mfn);
        if ((info & TypeInfo.PINNED) != 0 == pinned) {
            return false;
        }
        frames.setTypeInfo(mfn, info ^ TypeInfo.PINNED);
        return true;
    }

    private void tellTypeChange(long mfn, int from, int to) {
        if (platform.observed() && from != to) {
            platform.observer()
                    .typeChanged(new MachineEvent.TypeChanged(
                            frames.owner(mfn), mfn, TypeInfo.name(from), TypeInfo.name(to)));
        }
    }

    /** Tells observers of a refusal that concerns {@code mfn}, which need not exist. */
    public void tellRejected(EntryRule rule, int level, long maddr, long value, long mfn) {
        tellRejected(rule, rule.errno(precise), level, maddr, value, mfn);
    }

    /** The same for what is EINVAL, or something else, in every version. */
    public void tellRejected(EntryRule rule, XenErrno errno, int level, long maddr, long value, long mfn) {
        if (platform.observed()) {
            boolean exists = frames.exists(mfn);
            long info = exists ? frames.typeInfo(mfn) : 0;
            Vcpu caller = platform.currentOrNull();
            platform.observer()
                    .rejected(new MachineEvent.Rejected(
                            caller == null ? FrameTable.FREE : caller.domain().id(),
                            rule,
                            errno,
                            level,
                            maddr,
                            value,
                            exists ? mfn : FrameTable.NONE,
                            TypeInfo.name(TypeInfo.type(info)),
                            TypeInfo.count(info),
                            exists ? frames.count(mfn) : 0));
        }
    }
}
