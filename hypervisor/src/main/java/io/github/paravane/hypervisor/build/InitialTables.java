package io.github.paravane.hypervisor.build;

import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import java.util.BitSet;

/**
 * Writes the tables of a new domain: L4 first, then all L3, all L2, all L1 (abi-reference 6.2); for a 32-bit domain L3,
 * L2 and L1. Upper entries are P|RW|US|A|D, those of a 32-bit domain's L3 P; leaves P|RW|A, without RW where they map a
 * page table and with D where the builder wrote through them.
 */
final class InitialTables {

    private static final long UPPER = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED | Pte.DIRTY;
    private static final long LEAF = Pte.PRESENT | Pte.RW | Pte.ACCESSED;

    /** What a 32-bit domain's last L3 slot translates. */
    private static final long LAST_COMPAT_TABLE = 3L << 30;

    private final MachineMemory memory;
    private final long[] p2m;
    private final Layout layout;
    private final long leafFlags;
    private final BitSet written;
    private final boolean compat;
    private final int top;
    private long nextTable;

    /**
     * @param p2m mfn by pfn
     * @param written pfns whose leaf is dirty, because the builder writes them through it
     * @param leafExtra bits or-ed into every leaf: U/S where the ABI does not set it itself
     * @param compat whether it is a 32-bit domain
     */
    InitialTables(MachineMemory memory, long[] p2m, Layout layout, BitSet written, long leafExtra, boolean compat) {
        this.compat = compat;
        top = compat ? 30 : 39;
        this.memory = memory;
        this.p2m = p2m;
        this.layout = layout;
        this.written = written;
        this.leafFlags = LEAF | leafExtra;
    }

    /** Writes all tables; the mfn of the root. */
    long write() {
        long l4 = p2m[(int) layout.tables()];
        nextTable = layout.tables() + 1;
        long start = layout.virtBase();
        long end = start + (layout.mappedPages() << 12);
        for (int shift = top; shift > 12; shift -= 9) {
            hookTables(l4, start, end, shift);
            if (compat && shift == top) {
                hookTables(l4, LAST_COMPAT_TABLE, LAST_COMPAT_TABLE + 1, shift);
            }
        }
        for (long pfn = 0; pfn < layout.mappedPages(); pfn++) {
            mapLeaf(l4, layout.linear(pfn), pfn);
        }
        if (layout.p2mTables() > 0) {
            mapP2m(l4);
        }
        return l4;
    }

    private void mapP2m(long l4) {
        long start = layout.p2mLinear();
        long end = start + (layout.p2mPages() << 12);
        nextTable = layout.p2m() + layout.p2mPages();
        for (int shift = 39; shift > 12; shift -= 9) {
            hookTables(l4, start, end, shift);
        }
        for (long page = 0; page < layout.p2mPages(); page++) {
            mapLeaf(l4, start + (page << 12), layout.p2m() + page);
        }
    }

    private void hookTables(long l4, long start, long end, int shift) {
        for (long index = start >>> shift; index <= end - 1 >>> shift; index++) {
            long entry = entryAddress(l4, index << shift, shift);
            if (memory.readU64(entry) == 0) {
                long flags = compat && shift == top ? Pte.PRESENT : UPPER;
                memory.writeU64(entry, Pte.of(p2m[(int) nextTable++], flags));
            }
        }
    }

    private void mapLeaf(long l4, long linear, long pfn) {
        boolean initialTable = pfn >= layout.tables() && pfn < layout.tables() + layout.tableCount();
        long flags = initialTable ? leafFlags & ~Pte.RW : written.get((int) pfn) ? leafFlags | Pte.DIRTY : leafFlags;
        memory.writeU64(entryAddress(l4, linear, 12), Pte.of(p2m[(int) pfn], flags));
    }

    /** Where the entry lies that translates {@code linear} at the level of {@code shift}; tables above it exist. */
    private long entryAddress(long l4, long linear, int shift) {
        long table = l4;
        for (int above = top; above > shift; above -= 9) {
            table = Pte.mfn(memory.readU64((table << 12) + 8 * index(linear, above)));
        }
        return (table << 12) + 8 * index(linear, shift);
    }

    private static long index(long linear, int shift) {
        return linear >>> shift & 511;
    }
}
