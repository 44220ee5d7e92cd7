package io.github.paravane.hypervisor.pagetable;

import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.MmuRules;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.hypercall.HypervisorRange;

/**
 * Finds the L1 entry of a linear address in a vCPU's kernel tables, as Xen does through its linear mapping: the entries on
 * the way are walked by the processor and get their Accessed bits.
 *
 * <p>The processor also keeps what it found in its TLB. Versions that flush after each update of an upper entry never see
 * that; in older ones (XSA-286) the last translation of this window lives until the next flush or load of a base.
 */
public final class LinearWalk {

    /** No such entry. */
    public static final long NONE = -1;

    private final long frames;
    private final Platform platform;
    private final PageTableWriter writer;
    private final boolean keepsLast;
    private long lastFlush;
    private long lastBase = NONE;
    private long lastRegion;
    private long lastTable;

    LinearWalk(Platform platform, PageTableWriter writer) {
        this.platform = platform;
        this.frames = platform.memory().frames();
        this.writer = writer;
        keepsLast = !platform.profile().get(MmuRules.FLUSH_ON_UPPER_UPDATE);
    }

    /** Machine address of the L1 entry for {@code linear}, or {@link #NONE}; the L1 entry itself is not read. */
    public long l1Entry(Vcpu vcpu, long linear) {
        return HypervisorRange.isGuest(linear) ? descend(vcpu.kernelBase(), linear, false) : NONE;
    }

    /**
     * The L1 entry that maps {@code linear}, 0 if there is none. Unlike {@link #l1Entry} this reads the entry through the
     * linear mapping, hence the L2 entry gets its Accessed bit too.
     */
    public long readL1Entry(Vcpu vcpu, long linear) {
        return readL1Entry(vcpu.kernelBase(), linear);
    }

    /** The same in the tree of any root. */
    public long readL1Entry(long root, long linear) {
        if (!HypervisorRange.isGuest(linear)) {
            return 0;
        }
        long maddr = descend(root, linear, true);
        return maddr == NONE ? 0 : writer.read(maddr);
    }

    /** Machine address of the L2 entry for {@code linear}, or {@link #NONE}; unlike a walk this marks nothing. */
    long l2Entry(Vcpu vcpu, long linear) {
        long table = vcpu.kernelBase();
        for (int shift = 39; shift >= 30; shift -= 9) {
            long entry = table < frames ? writer.read((table << 12) + 8 * (linear >>> shift & 511)) : 0;
            if (!Pte.isPresent(entry) || (entry & Pte.PSE) != 0) {
                return NONE;
            }
            table = Pte.mfn(entry);
        }
        return table >= frames ? NONE : (table << 12) + 8 * (linear >>> 21 & 511);
    }

    private long descend(long l4, long linear, boolean throughL2) {
        if (keepsLast && lastFlush == platform.flushes() && lastBase == l4 && lastRegion == linear >>> 21) {
            return (lastTable << 12) + 8 * (linear >>> 12 & 511);
        }
        long table = l4;
        for (int shift = 39; shift >= 21; shift -= 9) {
            if (table >= frames) {
                return NONE;
            }
            long maddr = (table << 12) + 8 * (linear >>> shift & 511);
            long entry = writer.read(maddr);
            if (!Pte.isPresent(entry) || (entry & Pte.PSE) != 0) {
                return NONE;
            }
            if (shift > 21 || throughL2) {
                writer.setAccessed(maddr, entry);
            }
            table = Pte.mfn(entry);
        }
        if (table < frames) {
            lastFlush = platform.flushes();
            lastBase = l4;
            lastRegion = linear >>> 21;
            lastTable = table;
        }
        return table >= frames ? NONE : (table << 12) + 8 * (linear >>> 12 & 511);
    }
}
