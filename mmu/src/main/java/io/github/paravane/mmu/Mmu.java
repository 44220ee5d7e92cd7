package io.github.paravane.mmu;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.PagingUnit;
import io.github.paravane.api.paging.Tlb;
import io.github.paravane.mmu.tlb.DirectMappedTlb;
import io.github.paravane.mmu.walk.PageWalker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An MMU with a TLB: a translation is answered by the TLB or by a walk with the base that is loaded at that moment.
 *
 * <p>A walk sets Accessed and, for a store, Dirty, and fills the TLB; a page is cached for stores only when D is set, so a
 * store to a clean page walks. Entries become stale when tables change and stay until flushed. After construction the
 * base is frame 0 and the TLB is empty.
 *
 * <p>A hit allocates nothing. An MMU belongs to one virtual processor and to one thread at a time.
 */
public final class Mmu implements PagingUnit {

    /** Entries of the default TLB for each kind of access. */
    public static final int DEFAULT_TLB_SIZE = 1024;

    private final PagingMode mode;
    private final Tlb tlb;
    private final PageWalker walker;
    private final PageWalker inspector;
    private long base;

    private Mmu(Builder builder) {
        mode = builder.mode;
        tlb = builder.tlb != null ? builder.tlb : new DirectMappedTlb(builder.tlbSize);
        walker = new PageWalker(builder.memory, mode, builder.features, builder.listener, builder.marksFailedWalks);
        inspector = new PageWalker(builder.memory, mode, builder.features, null);
    }

    /** An MMU with {@link MmuFeatures#DEFAULT} and a direct-mapped TLB of {@link #DEFAULT_TLB_SIZE}. */
    public static Mmu of(MachineMemory memory, PagingMode mode) {
        return builder(memory, mode).build();
    }

    /** A builder that starts with the defaults of {@link #of}. */
    public static Builder builder(MachineMemory memory, PagingMode mode) {
        return new Builder(memory, mode);
    }

    /** A direct-mapped TLB of {@code size} entries for each kind of access; a power of two, 1 to 65536. */
    public static Tlb directMappedTlb(int size) {
        return new DirectMappedTlb(size);
    }

    @Override
    public long translate(long linear, int access) {
        long maddr = tlb.lookup(linear, access);
        return maddr != Tlb.MISS ? maddr : walkAndFill(linear, access);
    }

    private long walkAndFill(long linear, int access) {
        long maddr = walker.walk(base, linear, access);
        if (maddr != FAULT) {
            tlb.insert(linear, maddr, walker.cacheable(access), walker.leaf(), walker.pageShift());
        }
        return maddr;
    }

    @Override
    public @Nullable PageFault fault() {
        return walker.fault();
    }

    @Override
    public PagingMode mode() {
        return mode;
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public void loadBase(long mfn, FlushScope scope) {
        if (mfn < 0 || mfn >= 1L << 40) {
            throw new IllegalArgumentException("mfn out of range [0, 2^40): 0x" + Long.toHexString(mfn));
        }
        base = mfn;
        tlb.flush(scope);
    }

    @Override
    public void flush(FlushScope scope) {
        tlb.flush(scope);
    }

    @Override
    public void flushPage(long linear) {
        tlb.flushPage(linear);
    }

    @Override
    public Tlb tlb() {
        return tlb;
    }

    @Override
    public PageWalk walk(long rootMfn, long linear) {
        return inspector.inspect(rootMfn, linear);
    }

    /** Collects the parts of an {@link Mmu}. */
    public static final class Builder {

        private final MachineMemory memory;
        private final PagingMode mode;
        private MmuFeatures features = MmuFeatures.DEFAULT;
        private int tlbSize = DEFAULT_TLB_SIZE;
        private @Nullable Tlb tlb;
        private @Nullable WalkListener listener;
        private boolean marksFailedWalks;

        private Builder(MachineMemory memory, PagingMode mode) {
            this.memory = Objects.requireNonNull(memory, "memory");
            this.mode = Objects.requireNonNull(mode, "mode");
        }

        /** Sets what the processor can do. */
        public Builder features(MmuFeatures value) {
            features = Objects.requireNonNull(value, "features");
            return this;
        }

        /** Sets the entries of the direct-mapped TLB for each kind of access: a power of two, 1 to 65536. */
        public Builder tlbSize(int entries) {
            tlbSize = entries;
            return this;
        }

        /** Replaces the TLB by an own one, which no other MMU may use. */
        public Builder tlb(Tlb value) {
            tlb = Objects.requireNonNull(value, "tlb");
            return this;
        }

        /** Sets who is told of each memory access of a walk; without, walks are not slowed. */
        public Builder walkListener(WalkListener value) {
            listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Sets whether a walk that fails sets A in the entries above the last one it read, as most processors do; by
         * default it changes nothing.
         */
        public Builder marksFailedWalks(boolean value) {
            marksFailedWalks = value;
            return this;
        }

        /** The MMU. */
        public Mmu build() {
            return new Mmu(this);
        }
    }
}
