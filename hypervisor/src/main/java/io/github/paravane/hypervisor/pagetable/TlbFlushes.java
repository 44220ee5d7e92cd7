package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Domain;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import org.jspecify.annotations.Nullable;

/**
 * Every flush that the hypervisor does outside base loads, and the rule that keeps stale translations harmless: a frame
 * that was writable is flushed before it becomes a table or gets a new owner, unless everything was flushed since its last
 * writable reference went.
 */
public final class TlbFlushes {

    private final Platform platform;
    private int epoch = 1;
    private boolean freedSinceFlush;
    private final boolean collects;
    private final boolean flushesDropped;
    private boolean collecting;
    private @Nullable Vcpu collected;
    private @Nullable Domain collectedAll;

    TlbFlushes(Platform platform) {
        this.platform = platform;
        collects = platform.profile().get(MmuRules.FLUSHES_COLLECTED);
        flushesDropped = platform.profile().get(MmuRules.FLUSH_ON_DROPPED_TABLE);
    }

    /** Number of the present interval between two flushes of everything. */
    int epoch() {
        return epoch;
    }

    /** Drops all entries of a vCPU. */
    public void flush(Vcpu vcpu, String reason) {
        platform.countFlush();
        vcpu.paging().flush(FlushScope.ALL);
        told(vcpu, FlushScope.ALL, 0, reason);
        if (isOnlyOne(vcpu)) {
            everythingFlushed();
        }
    }

    /** A batch begins; where flushes are collected, {@link #finish} does them. */
    public void collect() {
        collecting = collects;
    }

    /** A batch ends: one flush for all that were collected. */
    public void finish() {
        collecting = false;
        Vcpu vcpu = collected;
        Domain domain = collectedAll;
        collected = null;
        collectedAll = null;
        if (domain != null) {
            flush(domain, "collected");
        } else if (vcpu != null) {
            flush(vcpu, "collected");
        }
    }

    /** As {@link #flush(Vcpu, String)}, at the end of the batch where flushes are collected. */
    public void flushInBatch(Vcpu vcpu, String reason) {
        if (collecting) {
            collected = vcpu;
        } else {
            flush(vcpu, reason);
        }
    }

    /** A table of {@code domid} has lost its last reference. */
    void tableDropped(int domid) {
        Domain owner = flushesDropped ? platform.domain(domid) : null;
        if (owner == null) {
            return;
        }
        Vcpu caller = platform.currentOrNull();
        if (collecting && caller != null && caller.domain() == owner) {
            collectedAll = owner;
        } else {
            flush(owner, "table-dropped");
        }
    }

    /** Records that {@code vcpu} loaded a base with {@link FlushScope#ALL}. */
    public void flushedByLoad(Vcpu vcpu, String reason) {
        collected = null;
        platform.countFlush();
        told(vcpu, FlushScope.ALL, 0, reason);
        if (isOnlyOne(vcpu)) {
            everythingFlushed();
        }
    }

    /** Drops all entries of a domain's vCPUs. */
    public void flush(Domain domain, String reason) {
        for (Vcpu each : domain.vcpus()) {
            flush(each, reason);
        }
    }

    /** Drops one page from a vCPU's TLB. */
    public void flushPage(Vcpu vcpu, long linear, String reason) {
        vcpu.paging().flushPage(linear);
        told(vcpu, FlushScope.NONE, linear, reason);
    }

    /** Drops one page from the TLBs of a domain's vCPUs. */
    public void flushPage(Domain domain, long linear, String reason) {
        for (Vcpu each : domain.vcpus()) {
            flushPage(each, linear, reason);
        }
    }

    /** A frame that was writable until epoch {@code lastWritable} becomes something else. */
    void beforeTypeChange(int lastWritable) {
        // A mark keeps 16 bits: an epoch that looks like the present one costs a flush too many, never one too few.
        if ((short) lastWritable == (short) epoch) {
            flushEverything("type-change");
        }
    }

    /** A frame was freed: translations to it may be left. */
    void frameFreed() {
        freedSinceFlush = true;
    }

    /** A free frame is about to be used again. */
    void beforeReuse() {
        if (freedSinceFlush) {
            flushEverything("reuse");
        }
    }

    private void flushEverything(String reason) {
        platform.countFlush();
        for (Domain domain : platform.domains()) {
            for (Vcpu each : domain.vcpus()) {
                each.paging().flush(FlushScope.ALL);
                told(each, FlushScope.ALL, 0, reason);
            }
        }
        everythingFlushed();
    }

    private void everythingFlushed() {
        epoch++;
        freedSinceFlush = false;
    }

    private boolean isOnlyOne(Vcpu vcpu) {
        return platform.domainCount() == 1 && vcpu.domain().vcpus().size() == 1;
    }

    private void told(Vcpu vcpu, FlushScope scope, long linear, String reason) {
        if (platform.observed()) {
            platform.observer().flushed(new MachineEvent.Flushed(vcpu.domain().id(), vcpu.id(), scope, linear, reason));
        }
    }
}
