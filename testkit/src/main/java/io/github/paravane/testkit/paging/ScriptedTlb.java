package io.github.paravane.testkit.paging;

import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A TLB that follows a script: things happen at given fills, flushes can be lost, and all that was done is written down.
 * With it a test makes the processor forget a translation at the worst moment, or keep one that it should have dropped.
 */
public final class ScriptedTlb implements Tlb {

    private final Tlb tlb;
    private final TreeMap<Long, Consumer<Tlb>> script = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private long fills;
    private int lostFlushes;
    private boolean recording;

    /** A script, empty at first, over {@code tlb}. */
    public ScriptedTlb(Tlb tlb) {
        this.tlb = Objects.requireNonNull(tlb, "tlb");
    }

    /** Does {@code action} to the TLB after fill number {@code fill}, counted from 1. */
    public ScriptedTlb afterFill(long fill, Consumer<Tlb> action) {
        script.put(fill, Objects.requireNonNull(action, "action"));
        return this;
    }

    /** Loses the next {@code count} flushes, of whatever kind. */
    public ScriptedTlb losingFlushes(int count) {
        lostFlushes = count;
        return this;
    }

    /** Writes fills and flushes down from now on. */
    public ScriptedTlb recording() {
        recording = true;
        return this;
    }

    /** What was written down: {@code fill 0x1000 -> 5}, {@code flush ALL}, {@code invlpg 0x1000}; lost ones say so. */
    public List<String> history() {
        return Collections.unmodifiableList(history);
    }

    /** Fills so far. */
    public long fills() {
        return fills;
    }

    private boolean isLost(String what) {
        boolean lost = lostFlushes > 0;
        if (lost) {
            lostFlushes--;
        }
        note(lost ? what + " lost" : what);
        return lost;
    }

    private void note(String what) {
        if (recording) {
            history.add(what);
        }
    }

    @Override
    public long lookup(long linear, int access) {
        return tlb.lookup(linear, access);
    }

    @Override
    public void insert(long linear, long maddr, int access, long leaf, int pageShift) {
        tlb.insert(linear, maddr, access, leaf, pageShift);
        fills++;
        note("fill 0x" + Long.toHexString(linear & ~0xFFFL) + " -> " + Long.toHexString(maddr >>> 12));
        Consumer<Tlb> action = script.get(fills);
        if (action != null) {
            action.accept(tlb);
        }
    }

    @Override
    public void flush(FlushScope scope) {
        if (scope != FlushScope.NONE && !isLost("flush " + scope)) {
            tlb.flush(scope);
        }
    }

    @Override
    public void flushPage(long linear) {
        if (!isLost("invlpg 0x" + Long.toHexString(linear & ~0xFFFL))) {
            tlb.flushPage(linear);
        }
    }

    @Override
    public List<TlbEntry> entries() {
        return tlb.entries();
    }

    @Override
    public TlbStatistics statistics() {
        return tlb.statistics();
    }
}
