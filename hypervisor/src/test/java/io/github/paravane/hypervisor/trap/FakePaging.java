package io.github.paravane.hypervisor.trap;

import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageWalk;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.PagingUnit;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.paging.Tlb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Linear is machine address; pages can be absent or read-only; base loads are recorded. */
final class FakePaging implements PagingUnit {
    final boolean[] absent;
    final boolean[] readOnly;
    final List<String> loads = new ArrayList<>();
    private long base;
    private @Nullable PageFault fault;

    FakePaging(int pages) {
        absent = new boolean[pages];
        readOnly = new boolean[pages];
    }

    @Override
    public long translate(long linear, int access) {
        long page = linear >>> 12;
        boolean outside = page < 0 || page >= absent.length;
        if (outside || absent[(int) page]) {
            fault = new PageFault(linear, access, PageFault.Reason.NOT_PRESENT, 1, 0, -1, 0);
            return FAULT;
        }
        if (readOnly[(int) page] && (access & Access.WRITE) != 0) {
            fault = new PageFault(linear, access | PageFault.PRESENT, PageFault.Reason.NOT_WRITABLE, 1, 0, -1, 0);
            return FAULT;
        }
        fault = null;
        return linear;
    }

    @Override
    public @Nullable PageFault fault() {
        return fault;
    }

    @Override
    public PagingMode mode() {
        return PagingMode.FOUR_LEVEL;
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public void loadBase(long mfn, FlushScope scope) {
        base = mfn;
        loads.add(mfn + " " + scope);
    }

    @Override
    public void flush(FlushScope scope) {}

    @Override
    public void flushPage(long linear) {}

    @Override
    public Tlb tlb() {
        throw new UnsupportedOperationException();
    }

    @Override
    public PageWalk walk(long root, long linear) {
        long maddr = translate(linear, Access.USER);
        PageWalk.Step leaf = new PageWalk.Step(1, 0, linear & ~0xFFFL | Pte.PRESENT | Pte.USER);
        return new PageWalk(linear, List.of(leaf), maddr, Pte.USER, fault);
    }
}
