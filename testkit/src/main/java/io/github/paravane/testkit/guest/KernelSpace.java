package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.guest.StartInfo;
import io.github.paravane.api.paging.Pte;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The memory of a Java guest kernel: pages from its initial mapping, tables it builds, entries it writes. Everything goes
 * through the port, as machine code would do it.
 */
public final class KernelSpace {

    private static final int MMU_UPDATE = 1;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int INVLPG_LOCAL = 2;
    private static final long SELF = 0x7FF0;
    private static final long TABLE = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED;
    private static final int TOP_SHIFT = 39;

    private final KernelPort port;
    private final StartInfo info;
    private final long base;
    private final long kernelBits;
    private final Map<Long, Long> tables = new HashMap<>();
    private final Map<Long, Long> pfns = new HashMap<>();
    private final long requestPage;
    private long nextPage;

    /**
     * A space over the initial mapping, whose unused pages start behind the boot stack.
     *
     * @param base linear address of pfn 0
     * @param kernelBits bits or-ed into entries of the kernel's own pages: U/S where the ABI wants it
     */
    public KernelSpace(KernelPort port, long base, long kernelBits) {
        this.port = Objects.requireNonNull(port, "port");
        this.base = base;
        this.kernelBits = kernelBits;
        info = port.startInfo();
        nextPage = port.registers().gpr(Registers.RSP) + 0xFFF & ~0xFFFL;
        requestPage = allocate();
    }

    /** The next unused page of the initial mapping: zero, writable. */
    public long allocate() {
        long linear = nextPage;
        nextPage += 4096;
        pfns.put(mfn(linear), linear - base >>> 12);
        return linear;
    }

    /** mfn of a page of the initial mapping. */
    public long mfn(long linear) {
        return port.load(info.mfnList() + 8 * (linear - base >>> 12), 8);
    }

    /** Linear address of the kernel's root table. */
    public long root() {
        return info.ptBase();
    }

    /** The linear address of the L1 table for {@code linear} below {@code root}, building what is missing. */
    public long leafTable(long root, long linear) {
        long table = root;
        for (int shift = TOP_SHIFT; shift > 12; shift -= 9) {
            table = below(table, linear, shift);
        }
        return table;
    }

    /** The linear address of the table that {@code table}'s entry for {@code linear} names, built if there is none. */
    private long below(long table, long linear, int shift) {
        long at = slot(table, linear, shift);
        Long known = tables.get(at);
        if (known != null) {
            return known;
        }
        long page = allocate();
        protect(page);
        update(at, Pte.of(mfn(page), TABLE));
        tables.put(at, page);
        return page;
    }

    /** Links a table that {@code root} has already into another root, so that both share it; one mmu_update entry. */
    public void share(long root, long otherRoot, long linear) {
        Long table = tables.get(slot(root, linear, TOP_SHIFT));
        if (table == null) {
            throw new IllegalStateException("nothing to share at 0x" + Long.toHexString(linear));
        }
        update(slot(otherRoot, linear, TOP_SHIFT), Pte.of(mfn(table), TABLE));
    }

    /** Makes a page read-only, as a page must be before it can become a table. */
    public void protect(long page) {
        mapOwn(page, Pte.of(mfn(page), Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY | kernelBits));
    }

    private void mapOwn(long page, long entry) {
        check("update_va_mapping", port.hypercall(UPDATE_VA_MAPPING, page, entry, INVLPG_LOCAL));
    }

    /** The L1 entry for {@code linear} as it is stored, by a load from the table. */
    public long entry(long table, long linear) {
        return port.load(slot(table, linear, 12), 8);
    }

    /** The entries on the way from {@code root} to {@code linear}, which {@link #leafTable} made, by loads. */
    public Mapping mapping(long root, long linear) {
        List<Mapping.Level> levels = new ArrayList<>();
        long table = root;
        for (int shift = TOP_SHIFT; shift >= 12; shift -= 9) {
            long at = slot(table, linear, shift);
            levels.add(0, new Mapping.Level((shift - 12) / 9, table, port.load(at, 8)));
            if (shift > 12) {
                table = Objects.requireNonNull(tables.get(at), "table");
            }
        }
        long mfn = Pte.mfn(levels.get(0).entry());
        return new Mapping(linear, levels, pfns.getOrDefault(mfn, -1L), mfn);
    }

    /** Writes the L1 entry for {@code linear}; a compare-and-exchange expects what a load finds. */
    public void write(long table, long linear, long entry, PteWrite how) {
        long at = slot(table, linear, 12);
        switch (how) {
            case LOCKED_COMPARE_EXCHANGE -> port.compareExchange(at, port.load(at, 8), entry, true);
            case COMPARE_EXCHANGE -> port.compareExchange(at, port.load(at, 8), entry, false);
            case STORE -> port.store(at, 8, entry);
            case MMU_UPDATE -> update(at, entry);
            case VA_MAPPING ->
                check("update_va_mapping", port.hypercall(UPDATE_VA_MAPPING, linear, entry, INVLPG_LOCAL));
        }
    }

    private static long slot(long table, long linear, int shift) {
        return table + 8 * (linear >>> shift & 511);
    }

    /** mmu_update with one entry, at a linear address in the initial mapping. */
    private void update(long entryLinear, long value) {
        long page = entryLinear & ~0xFFFL;
        port.store(requestPage, 8, mfn(page) << 12 | entryLinear & 0xFFF);
        port.store(requestPage + 8, 8, value);
        check("mmu_update", port.hypercall(MMU_UPDATE, requestPage, 1, 0, SELF));
    }

    /** A page for hypercall arguments. */
    public long requestPage() {
        return requestPage;
    }

    /** {@link IllegalStateException} if a hypercall that this kernel relies on failed. */
    static void check(String call, long result) {
        if (result != 0) {
            throw new IllegalStateException(call + " returned " + result);
        }
    }
}
