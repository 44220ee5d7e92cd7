package io.github.paravane.testkit.contract;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Access;
import io.github.paravane.api.paging.AddressTranslator;
import io.github.paravane.api.paging.FlushScope;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PagingMode;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.mmu.Mmu;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An address translator with one thing wrong. */
final class FaultyTranslator implements AddressTranslator {

    /** What is wrong. */
    enum Fault {
        IGNORES_NX,
        IGNORES_WRITE_PROTECTION,
        IGNORES_USER,
        DROPS_THE_OFFSET,
        SETS_NO_DIRTY,
        SETS_NO_ACCESSED,
        SETS_ACCESSED_ON_A_FAULT,
        TELLS_NO_FAULT,
        TELLS_ANOTHER_ERROR_CODE,
        REMEMBERS_ABSENCE,
        LOWER_HALF_ONLY
    }

    private final MachineMemory memory;
    private final long root;
    private final Fault what;
    private final Mmu mmu;
    private final Set<Long> absent = new HashSet<>();
    private @Nullable PageFault remembered;

    FaultyTranslator(MachineMemory memory, long root, Fault what) {
        this.memory = memory;
        this.root = root;
        this.what = what;
        mmu = Mmu.of(memory, PagingMode.FOUR_LEVEL);
        mmu.loadBase(root, FlushScope.ALL);
    }

    private boolean is(Fault one) {
        return what == one;
    }

    @Override
    public long translate(long linear, int access) {
        if (is(Fault.LOWER_HALF_ONLY) && linear < 0 || absent.contains(linear >>> 12)) {
            return FAULT;
        }
        int asked = access;
        if (is(Fault.IGNORES_NX)) {
            asked &= ~Access.FETCH;
        } else if (is(Fault.IGNORES_USER)) {
            asked &= ~Access.USER;
        }
        long maddr = mmu.translate(linear, asked);
        if (maddr == FAULT && is(Fault.IGNORES_WRITE_PROTECTION)) {
            maddr = mmu.translate(linear, asked & ~Access.WRITE);
        }
        if (maddr == FAULT) {
            return failed(linear);
        }
        if (is(Fault.SETS_NO_DIRTY) || is(Fault.SETS_NO_ACCESSED)) {
            long leaf = leaf(linear);
            memory.writeU64(leaf, memory.readU64(leaf) & ~(is(Fault.SETS_NO_DIRTY) ? Pte.DIRTY : Pte.ACCESSED));
        }
        return is(Fault.DROPS_THE_OFFSET) ? maddr & -4096 : maddr;
    }

    private long failed(long linear) {
        remembered = mmu.fault();
        if (is(Fault.REMEMBERS_ABSENCE)) {
            absent.add(linear >>> 12);
        }
        if (is(Fault.SETS_ACCESSED_ON_A_FAULT)) {
            long top = (root << 12) + (linear >>> 39 & 511) * 8;
            memory.writeU64(top, memory.readU64(top) | Pte.ACCESSED);
        }
        return FAULT;
    }

    /** Machine address of the leaf entry of a page that is mapped. */
    private long leaf(long linear) {
        long table = root;
        for (int shift = 39; ; shift -= 9) {
            long at = (table << 12) + (linear >>> shift & 511) * 8;
            long entry = memory.readU64(at);
            if (shift == 12 || shift < 39 && (entry & Pte.PSE) != 0) {
                return at;
            }
            table = Pte.mfn(entry);
        }
    }

    @Override
    public @Nullable PageFault fault() {
        PageFault fault = remembered == null ? mmu.fault() : remembered;
        if (fault == null || is(Fault.TELLS_NO_FAULT)) {
            return null;
        }
        return is(Fault.TELLS_ANOTHER_ERROR_CODE)
                ? new PageFault(
                        fault.linear(),
                        fault.errorCode() ^ 1,
                        fault.reason(),
                        fault.level(),
                        fault.entry(),
                        fault.entryMaddr(),
                        fault.rights())
                : fault;
    }
}
