package io.github.paravane.mmu;

import io.github.paravane.api.observe.MachineEvent;
import io.github.paravane.api.observe.MachineObserver;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.api.paging.TlbEntry;
import io.github.paravane.api.paging.TlbStatistics;
import io.github.paravane.api.profile.MmuRules.TlbContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Counts the TLB misses and flushes that a machine would have under a {@link TlbContract}, without changing any value that a
 * guest sees: page-table isolation with and without PCID, or the processor as it is (abi-reference 5.4).
 *
 * <p>Give {@link #wrap} to the machine for its TLBs and {@link #observer} as an observer, for entries into the hypervisor and
 * switches between kernel and user are known from its events. One model may serve all vCPUs of a machine.
 */
public final class TlbCostModel {

    private static final int SIZE = 2048;
    private static final int KINDS = 8;
    private static final int SPACES = 2;
    private static final long PAGE_MASK = (1L << 36) - 1;

    private final TlbContract contract;
    private final List<Shadow> shadows = new ArrayList<>();
    private int space;
    private long misses;
    private long lookups;
    private long flushes;
    private long crossings;

    /** A model of one contract; for that of a version see {@code MmuRules.TLB_CONTRACT}. */
    public TlbCostModel(TlbContract contract) {
        this.contract = Objects.requireNonNull(contract, "contract");
    }

    /** A TLB that answers as {@code tlb} does and is counted here. */
    public Tlb wrap(Tlb tlb) {
        Shadow shadow = new Shadow(Objects.requireNonNull(tlb, "tlb"));
        shadows.add(shadow);
        return shadow;
    }

    /** Learns of entries into the hypervisor and of switches of mode. */
    public MachineObserver observer() {
        return new MachineObserver() {
            @Override
            public void trap(MachineEvent.TrapRaised event) {
                crossed();
            }

            @Override
            public void hypercall(MachineEvent.HypercallDone event) {
                crossed();
            }

            @Override
            public void modeChanged(MachineEvent.ModeChanged event) {
                space = event.kernel() ? 0 : 1;
            }
        };
    }

    private void crossed() {
        crossings++;
        if (contract == TlbContract.XPTI) {
            // Once for the way in and once for the way out.
            flushes += 2;
            shadows.forEach(Shadow::dropAll);
        }
    }

    /** Entries into the hypervisor: hypercalls and traps. */
    public long crossings() {
        return crossings;
    }

    /** Accesses translated. */
    public long lookups() {
        return lookups;
    }

    /** Accesses that the modelled TLB would have walked the tables for. */
    public long misses() {
        return misses;
    }

    /** Times the modelled TLB would have dropped many entries: loads of CR3 that flush, and flushes asked for. */
    public long flushes() {
        return flushes;
    }

    /** One TLB: the real one for values, and tags for what the modelled one would hold. */
    private final class Shadow implements Tlb {

        private final Tlb tlb;
        private final long[] tags = new long[SIZE * KINDS];
        private final long[] generations = new long[SIZE * KINDS];
        private final long[] current = new long[SPACES + 1];
        private long last = SPACES + 1;

        Shadow(Tlb tlb) {
            this.tlb = tlb;
            dropAll();
        }

        @Override
        public long lookup(long linear, int access) {
            lookups++;
            boolean missing = !holds(linear, access);
            if (missing) {
                misses++;
            }
            long found = tlb.lookup(linear, access);
            if (found != MISS && missing) {
                // The real TLB knows it: the modelled one walks and fills.
                hold(linear, access, 0);
            }
            return found;
        }

        private boolean holds(long linear, int access) {
            int at = slot(linear, access);
            return tags[at] == tag(linear)
                    && (generations[at] == current[space()] || generations[at] == current[SPACES]);
        }

        private int space() {
            return contract == TlbContract.XPTI_PCID ? space : 0;
        }

        private void hold(long linear, int access, long leaf) {
            int at = slot(linear, access);
            boolean global = (leaf & Pte.GLOBAL) != 0 && contract == TlbContract.NATIVE;
            tags[at] = tag(linear);
            generations[at] = current[global ? SPACES : space()];
        }

        private long tag(long linear) {
            return linear >>> 12 & PAGE_MASK | 1L << 40;
        }

        private int slot(long linear, int access) {
            int kind = access >>> 1 & 1 | access >>> 3 & 2 | access & Access.USER;
            return (kind & KINDS - 1) * SIZE + (int) (linear >>> 12 & SIZE - 1);
        }

        @Override
        public void insert(long linear, long maddr, int access, long leaf, int pageShift) {
            hold(linear, access, leaf);
            hold(linear, access & ~Access.WRITE, leaf);
            tlb.insert(linear, maddr, access, leaf, pageShift);
        }

        @Override
        public void flush(FlushScope scope) {
            if (scope == FlushScope.ALL) {
                flushes++;
                dropAll();
            } else if (scope == FlushScope.NON_GLOBAL && contract != TlbContract.XPTI_PCID) {
                flushes++;
                current[0] = ++last;
            }
            tlb.flush(scope);
        }

        private void dropAll() {
            for (int i = 0; i <= SPACES; i++) {
                current[i] = ++last;
            }
        }

        @Override
        public void flushPage(long linear) {
            for (int kind = 0; kind < KINDS; kind++) {
                int at = kind * SIZE + (int) (linear >>> 12 & SIZE - 1);
                if (tags[at] == tag(linear)) {
                    tags[at] = 0;
                }
            }
            tlb.flushPage(linear);
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
}
