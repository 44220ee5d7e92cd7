package io.github.paravane.testkit.guest;

import io.github.paravane.api.cpu.Registers;
import io.github.paravane.api.guest.KernelPort;
import io.github.paravane.api.guest.StartInfo;
import io.github.paravane.api.paging.Pte;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The memory of a Java guest kernel: pages from its initial mapping, tables it builds, entries it writes. Everything goes
 * through the port, as machine code would do it.
 */
public final class KernelSpace {

    private static final int UPDATE_VA_MAPPING = 14;
    private static final int MMU_UPDATE = 1;
    private static final int PRESERVE_AD = 2;
    private static final int INVLPG_LOCAL = 2;
    private static final long SELF = 0x7FF0;
    private static final long OWN_PAGE = Pte.PRESENT | Pte.ACCESSED | Pte.DIRTY;
    private static final long TABLE = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED;
    private static final int TOP_SHIFT = 39;

    private final KernelPort port;
    private final StartInfo info;
    private final long base;
    private final long kernelBits;
    private final Map<Long, Long> tables = new HashMap<>();
    private final Map<Long, Long> pfns = new HashMap<>();
    private final Map<Long, Long> mfns = new HashMap<>();
    private final Deque<Long> released = new ArrayDeque<>();
    private final long requestPage;
    private long root;
    private long nextPage;

    /** Makes {@code table}, a zero page, what the entry at {@code slot} names; {@code shift} tells the entry's level. */
    interface TableLink {
        void link(long slot, int shift, long table);
    }

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
        root = info.ptBase();
        nextPage = port.registers().gpr(Registers.RSP) + 0xFFF & ~0xFFFL;
        requestPage = allocate();
    }

    /** A page of the initial mapping that is not in use: zero, writable. */
    public long allocate() {
        Long again = released.poll();
        if (again != null) {
            for (int at = 0; at < 4096; at += 8) {
                port.store(again + at, 8, 0);
            }
            return again;
        }
        long linear = nextPage;
        nextPage += 4096;
        mfn(linear);
        return linear;
    }

    /** Gives a writable page back. */
    void release(long page) {
        released.add(page);
    }

    /** Makes a page writable that is no table any more. */
    void unprotect(long page) {
        mapOwn(page, Pte.of(mfn(page), OWN_PAGE | Pte.RW | kernelBits));
    }

    /** mfn of a page of the initial mapping; the list that the domain builder left is read once for each. */
    public long mfn(long linear) {
        long page = linear & ~0xFFFL;
        Long known = mfns.get(page);
        if (known == null) {
            long pfn = page - base >>> 12;
            known = port.load(info.mfnList() + 8 * pfn, 8);
            mfns.put(page, known);
            pfns.put(known, pfn);
        }
        return known;
    }

    /** Linear address of the kernel's root table. */
    public long root() {
        return root;
    }

    /** Takes another table for the kernel's root, a copy of the first. */
    void setRoot(long table) {
        root = table;
    }

    /** The linear address of the L1 table for {@code linear} below {@code root}, building what is missing. */
    public long leafTable(long root, long linear) {
        return leafTable(root, linear, (slot, shift, table) -> {
            protect(table);
            update(List.of(slot), Pte.of(mfn(table), TABLE));
        });
    }

    /** The same, with tables linked as a kernel links them. */
    long leafTable(long root, long linear, TableLink link) {
        long table = root;
        for (int shift = TOP_SHIFT; shift > 12; shift -= 9) {
            long at = slot(table, linear, shift);
            Long known = tables.get(at);
            if (known == null) {
                known = allocate();
                link.link(at, shift, known);
                tables.put(at, known);
            }
            table = known;
        }
        return table;
    }

    /** Gives back the tables of a space that is unpinned and not loaded. */
    void forget(AddressSpace space) {
        List<Long> gone = new ArrayList<>(space.tables());
        gone.add(space.kernelRoot());
        gone.add(space.userRoot());
        tables.keySet().removeIf(at -> gone.contains(at & ~0xFFFL));
        for (long page : gone) {
            unprotect(page);
            release(page);
        }
    }

    /** Links a table that {@code root} has already into another root, so that both share it; one mmu_update entry. */
    public void share(long root, long otherRoot, long linear) {
        Long table = tables.get(slot(root, linear, TOP_SHIFT));
        if (table == null) {
            throw new IllegalStateException("nothing to share at 0x" + Long.toHexString(linear));
        }
        update(List.of(slot(otherRoot, linear, TOP_SHIFT)), Pte.of(mfn(table), TABLE));
    }

    /** The entry that names a table. */
    long tableEntry(long table) {
        return Pte.of(mfn(table), TABLE);
    }

    /** Makes a page read-only, as a page must be before it can become a table. */
    public void protect(long page) {
        mapOwn(page, readOnly(page));
    }

    /** The entry of the kernel's own mapping of a page that is or will be a table. */
    long readOnly(long page) {
        return Pte.of(mfn(page), OWN_PAGE | kernelBits);
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
            case MMU_UPDATE -> update(List.of(at), entry);
            case VA_MAPPING ->
                check("update_va_mapping", port.hypercall(UPDATE_VA_MAPPING, linear, entry, INVLPG_LOCAL));
            case EXCHANGE -> port.exchange(at, entry);
            case MMU_UPDATE_PRESERVE_AD -> update(List.of(at | PRESERVE_AD), entry);
            case LOCKED_AND -> port.lockedAnd8(at, (int) entry & 0xFF);
        }
    }

    /** Writes the L1 entry for {@code linear} as {@code change} makes it from the stored one. */
    void change(long table, long linear, UnaryOperator<Long> change, PteWrite how) {
        write(table, linear, change.apply(entry(table, linear)), how);
    }

    static long slot(long table, long linear, int shift) {
        return table + 8 * (linear >>> shift & 511);
    }

    /** One mmu_update call that writes a value to several places, given as linear addresses in the initial mapping. */
    void update(List<Long> slots, long value) {
        for (int n = 0; n < slots.size(); n++) {
            port.store(requestPage + 16L * n, 8, machineAddress(slots.get(n)));
            port.store(requestPage + 16L * n + 8, 8, value);
        }
        check("mmu_update", port.hypercall(MMU_UPDATE, requestPage, slots.size(), 0, SELF));
    }

    /** Machine address of a place in the initial mapping. */
    long machineAddress(long linear) {
        return mfn(linear) << 12 | linear & 0xFFF;
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
