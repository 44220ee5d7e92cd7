package io.github.paravane.samples.jmh;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.mmu.Mmu;
import io.github.paravane.mmu.memory.LazyMemory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The MMU: a TLB hit, a walk after a miss, a fault, a base load, and the memory access behind them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TranslationBenchmark {

    private static final long LINEAR = 0xFFFF_8812_3440_0000L;
    private static final long ABSENT = LINEAR - 0x1000;
    private static final int PAGES = 256;
    private static final int USER_READ = Access.USER;
    private static final int USER_WRITE = Access.USER | Access.WRITE;

    private final LazyMemory memory = LazyMemory.ofBytes(64 << 20);
    private final Mmu mmu = Mmu.of(memory, PagingMode.FOUR_LEVEL);
    private int next;

    @Setup
    public void mapPages() {
        long flags = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED | Pte.DIRTY;
        memory.writeU64(0x1000 + (LINEAR >>> 39 & 511) * 8, Pte.of(2, flags));
        memory.writeU64(0x2000 + (LINEAR >>> 30 & 511) * 8, Pte.of(3, flags));
        memory.writeU64(0x3000 + (LINEAR >>> 21 & 511) * 8, Pte.of(4, flags));
        for (int page = 0; page < PAGES; page++) {
            memory.writeU64(0x4000 + page * 8L, Pte.of(0x100 + page, flags));
            memory.writeU64(0x100_000 + page * 4096L, page);
        }
        mmu.loadBase(1, FlushScope.ALL);
    }

    private long nextPage() {
        next = next + 1 & PAGES - 1;
        return LINEAR + ((long) next << 12);
    }

    @Benchmark
    public long tlbHitRead() {
        return mmu.translate(nextPage(), USER_READ);
    }

    @Benchmark
    public long tlbHitAndLoad() {
        return memory.readU64(mmu.translate(nextPage(), USER_READ));
    }

    @Benchmark
    public void tlbHitAndStore() {
        memory.writeU64(mmu.translate(nextPage(), USER_WRITE), next);
    }

    @Benchmark
    public long missWalkAndFill() {
        long linear = nextPage();
        mmu.flushPage(linear);
        return mmu.translate(linear, USER_READ);
    }

    @Benchmark
    public long fault() {
        return mmu.translate(ABSENT, USER_READ);
    }

    @Benchmark
    public void loadBase() {
        mmu.loadBase(1, FlushScope.NON_GLOBAL);
    }

    @Benchmark
    public LazyMemory createFourGigabytes() {
        return new LazyMemory(1 << 20);
    }
}
