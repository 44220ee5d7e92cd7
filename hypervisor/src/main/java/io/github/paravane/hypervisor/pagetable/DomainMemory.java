package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.descriptor.SegmentFrames;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.FrameTable;
import io.github.paravane.hypervisor.frame.TypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Frames of domains: how they come, how they go back, and how a domain's last one goes (abi-reference 2.8, 3.14). */
public final class DomainMemory {

    private final FrameTable frames;
    private final TypedFrames typed;
    private final TlbFlushes flushes;
    private final BaseTables bases;
    private final SegmentFrames segments;
    private final M2p m2p;
    private final BatchedTables batches;
    private final boolean releaseUnpins;
    private final Superpages superpages;
    private final List<Hold> holds = new ArrayList<>();
    private final List<Consumer<Domain>> enders = new ArrayList<>();

    /** A lasting reference of the hypervisor or of a back end. */
    private record Hold(int domid, long mfn, boolean writable) {}

    /** Told of each lasting reference. */
    interface HoldVisitor {
        void hold(long mfn, boolean writable);
    }

    DomainMemory(PageTables tables, Platform platform) {
        this.frames = platform.frames();
        this.typed = tables.frames();
        this.flushes = tables.flushes();
        this.bases = tables.bases();
        this.segments = tables.segments();
        this.m2p = tables.m2p();
        this.batches = tables.batches();
        this.superpages = tables.superpages();
        releaseUnpins = platform.profile().get(MmuRules.DECREASE_UNPINS);
    }

    /** A zeroed frame for a domain, or {@link FrameTable#NONE} at the domain's or the machine's limit. */
    public long allocate(Domain domain) {
        return allocate(domain, 0);
    }

    /** As {@link #allocate(Domain)} for {@code 1 << order} frames, aligned to their number; the first one. */
    public long allocate(Domain domain, int order) {
        int count = 1 << order;
        if (frames.owned(domain.id()) + count > domain.maxPages()) {
            return FrameTable.NONE;
        }
        return allocateUnlimited(domain.id(), order);
    }

    /** As {@link #allocate(Domain, int)} whatever the domain's limit; for one that gives as many frames back. */
    public long allocateBeyondLimit(Domain domain, int order) {
        return allocateUnlimited(domain.id(), order);
    }

    private long allocateUnlimited(int domid, int order) {
        flushes.beforeReuse();
        return order == 0 ? frames.allocate(domid) : frames.allocateRun(domid, 1 << order, 1 << order);
    }

    /**
     * A frame of the hypervisor that {@code domid} may map, such as shared_info; not counted as the domain's memory.
     * {@link FrameTable#NONE} if there is none.
     */
    public long allocateShared(int domid) {
        long mfn = allocateUnlimited(domid, 0);
        if (mfn != FrameTable.NONE) {
            frames.share(mfn);
        }
        return mfn;
    }

    /** Frees a frame made by {@link #allocateShared} as far as the hypervisor is concerned. */
    public void releaseShared(long mfn) {
        long info = frames.typeInfo(mfn);
        if ((info & (TypeInfo.SHARED | TypeInfo.RELEASED)) != TypeInfo.SHARED) {
            throw new IllegalStateException("not a shared frame: mfn 0x" + Long.toHexString(mfn));
        }
        frames.setTypeInfo(mfn, info | TypeInfo.RELEASED);
        typed.putType(mfn);
        typed.putPage(mfn);
    }

    /**
     * Takes a frame back from its domain: it is free as soon as nothing refers to it. False if it is not the domain's, or
     * is one of the hypervisor's.
     */
    public boolean release(Domain domain, long mfn) {
        if (!typed.getPage(mfn, domain.id())) {
            return false;
        }
        boolean mine = (frames.typeInfo(mfn) & TypeInfo.SHARED) == 0;
        if (mine) {
            if (releaseUnpins && typed.setPinned(mfn, false)) {
                typed.putPageAndType(mfn);
            }
            dropAllocation(mfn);
        }
        typed.putPage(mfn);
        return mine;
    }

    private void dropAllocation(long mfn) {
        long info = frames.typeInfo(mfn);
        if ((info & TypeInfo.RELEASED) == 0) {
            frames.setTypeInfo(mfn, info | TypeInfo.RELEASED);
            typed.putPage(mfn);
        }
    }

    /**
     * Takes a general reference on a domain's frame, and a writable one if {@code writable}, until the domain's end or
     * {@link #letGo}; accepted, or why not.
     */
    public EntryRule hold(Domain domain, long mfn, boolean writable) {
        EntryRule rule = writable
                ? typed.takePageAndType(mfn, domain.id(), TypeInfo.WRITABLE)
                : typed.getPage(mfn, domain.id()) ? EntryRule.ACCEPTED : EntryRule.TABLE_NOT_OWNED;
        if (rule.isAccepted()) {
            holds.add(new Hold(domain.id(), mfn, writable));
        }
        return rule;
    }

    /** Drops what {@link #hold} took with the same arguments; {@link IllegalStateException} if nothing is held. */
    public void letGo(Domain domain, long mfn, boolean writable) {
        if (!holds.remove(new Hold(domain.id(), mfn, writable))) {
            throw new IllegalStateException("not held: mfn 0x" + Long.toHexString(mfn));
        }
        drop(mfn, writable);
    }

    /** As {@link #letGo} where something is held, else nothing. */
    public void letGoIfHeld(Domain domain, long mfn, boolean writable) {
        if (holds.remove(new Hold(domain.id(), mfn, writable))) {
            drop(mfn, writable);
        }
    }

    private void drop(long mfn, boolean writable) {
        if (writable) {
            typed.putType(mfn);
        }
        typed.putPage(mfn);
    }

    void forEachHold(HoldVisitor visitor) {
        holds.forEach(each -> visitor.hold(each.mfn, each.writable));
    }

    /** Adds something to do when a domain ends, after its page tables are gone. */
    public void atEnd(Consumer<Domain> ender) {
        enders.add(ender);
    }

    /** Whether a frame is the domain's and nothing refers to it, so that it can be exchanged or given away. */
    public boolean isUnused(Domain domain, long mfn) {
        return frames.exists(mfn)
                && frames.owner(mfn) == domain.id()
                && frames.count(mfn) == 1
                && (frames.typeInfo(mfn) & (TypeInfo.SHARED | TypeInfo.RELEASED | TypeInfo.COUNT_MASK)) == 0;
    }

    /** The pfn recorded for a frame. */
    public M2p m2p() {
        return m2p;
    }

    /**
     * Drops everything a domain holds: bases, descriptor tables, pins, and each frame's allocation. Frames that another
     * domain still maps stay until it lets them go. The domain must not run again.
     */
    public void relinquish(Domain domain) {
        batches.forget(domain);
        typed.finishRelease();
        for (long mfn = 0; mfn < frames.frames(); mfn++) {
            if (frames.owner(mfn) == domain.id() && (frames.typeInfo(mfn) & TypeInfo.PARTIAL) != 0) {
                typed.abandon(mfn);
            }
        }
        for (Vcpu each : domain.vcpus()) {
            segments.dropLdt(each);
            segments.dropGdt(each);
            bases.dropBases(each);
        }
        for (Hold each : List.copyOf(holds)) {
            if (each.domid == domain.id()) {
                letGo(domain, each.mfn, each.writable);
            }
        }
        for (long mfn = 0; mfn < frames.frames(); mfn++) {
            if (frames.owner(mfn) == domain.id()) {
                relinquishFrame(mfn);
            }
        }
        for (long mfn = 0; mfn < frames.frames(); mfn++) {
            // Tables that hold each other through linear entries.
            if (frames.owner(mfn) == domain.id() && TypeInfo.isTable(frames.typeInfo(mfn))) {
                typed.forceDemotion(mfn);
            }
        }
        enders.forEach(each -> each.accept(domain));
    }

    private void relinquishFrame(long mfn) {
        frames.setCount(mfn, frames.count(mfn) + 1);
        if (typed.setPinned(mfn, false)) {
            typed.putPageAndType(mfn);
        }
        superpages.forget(typed, mfn, frames.owner(mfn));
        long info = frames.typeInfo(mfn);
        if ((info & (TypeInfo.SHARED | TypeInfo.RELEASED)) == TypeInfo.SHARED) {
            releaseShared(mfn);
        } else {
            dropAllocation(mfn);
        }
        typed.putPage(mfn);
    }
}
