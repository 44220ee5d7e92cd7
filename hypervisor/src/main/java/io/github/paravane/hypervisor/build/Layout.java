package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.hypervisor.pagetable.CompatTables;
import java.util.OptionalLong;

/**
 * Where everything lies at start of day, as pfns (abi-reference 6.2, 3.1 and later). The initial mapping maps pfn
 * {@code n} at {@code virtBase + n * 4096} for all pfns below {@link #mappedPages}.
 *
 * @param virtBase linear address of pfn 0
 * @param ramdisk first pfn of the ramdisk; -1 without one
 * @param p2m first pfn of the P2M list
 * @param startInfo pfn of start_info
 * @param store pfn of the xenstore ring; -1 without rings
 * @param console pfn of the console ring; -1 without rings
 * @param tables first pfn of the page tables, which is the root
 * @param tableCount number of page-table frames of the initial mapping
 * @param stack pfn of the boot stack
 * @param mappedPages pfns mapped initially
 * @param p2mLinear linear address of the P2M list
 * @param p2mPages pages of the P2M list
 * @param p2mTables page-table frames that map a P2M list outside the initial mapping, right after the list; else 0
 */
record Layout(
        long virtBase,
        long ramdisk,
        long p2m,
        long startInfo,
        long store,
        long console,
        long tables,
        long tableCount,
        long stack,
        long mappedPages,
        long p2mLinear,
        long p2mPages,
        long p2mTables) {

    private static final long PADDING_PAGES = 128;
    private static final long END_ALIGNMENT_PAGES = 1024;

    /**
     * Lays a domain of {@code pages} out; {@link GuestImageException} if it does not fit.
     *
     * @param rings whether it has the rings of xenstore and console, as every domain but dom0
     */
    static Layout of(KernelImage kernel, long ramdiskBytes, long pages, boolean rings) {
        long base = kernel.virtBase();
        long next = kernel.end() - base >>> 12;
        if (next > pages) {
            throw new GuestImageException(
                    Rule.NOT_ENOUGH_MEMORY, kernel.end() - base, "kernel of a domain of " + pages + " pages");
        }
        long ramdiskPages = ramdiskBytes + 4095 >>> 12;
        long ramdisk = -1;
        boolean mapRamdisk = ramdiskPages > 0 && !kernel.ramdiskUnmapped();
        if (mapRamdisk) {
            ramdisk = next;
            next += ramdiskPages;
        }
        boolean compat = kernel.isCompat();
        long p2mPages = pages * (compat ? 4 : 8) + 4095 >>> 12;
        OptionalLong p2mAt = kernel.initP2m();
        long p2m = next;
        if (p2mAt.isEmpty()) {
            next += p2mPages;
        }
        long startInfo = next++;
        long store = rings ? next++ : -1;
        long console = rings ? next++ : -1;
        long tables = next;
        long count = tableCount(base, tables, compat);
        long stack = tables + count;
        long mapped = mappedEnd(base, tables, count);
        next = mapped;
        if (ramdiskPages > 0 && !mapRamdisk) {
            ramdisk = next;
            next += ramdiskPages;
        }
        long p2mTables = 0;
        if (p2mAt.isPresent()) {
            p2m = next;
            checkP2m(p2mAt.getAsLong(), p2mPages, base, mapped);
            p2mTables = extraTables(base, mapped, p2mAt.getAsLong(), p2mPages);
            next += p2mPages + p2mTables;
        }
        if (next > pages) {
            throw new GuestImageException(
                    Rule.NOT_ENOUGH_MEMORY, next << 12, "domain of " + pages + " pages needs " + next);
        }
        checkRange(base, mapped);
        if (compat && base + (mapped << 12) > CompatTables.HOLE_START) {
            throw new GuestImageException(Rule.BAD_ADDRESS, base + (mapped << 12), "initial mapping in the hole");
        }
        long p2mLinear = p2mAt.orElse(base + (p2m << 12));
        return new Layout(
                base, ramdisk, p2m, startInfo, store, console, tables, count, stack, mapped, p2mLinear, p2mPages,
                p2mTables);
    }

    /** Linear address of a pfn of the initial mapping. */
    long linear(long pfn) {
        return virtBase + (pfn << 12);
    }

    private static void checkRange(long base, long pages) {
        long last = base + (pages << 12) - 1;
        if (!LinearAddress.isCanonical(last)
                || last >>> 63 != base >>> 63
                || KernelImage.isXens(base)
                || KernelImage.isXens(last)) {
            throw new GuestImageException(Rule.BAD_ADDRESS, last, "initial mapping leaves guest address space");
        }
    }

    /** The list must stay in its half of the guest's address space and off the initial mapping. */
    private static void checkP2m(long at, long pages, long base, long mapped) {
        long last = at + (pages << 12) - 1;
        long lastMapped = base + (mapped << 12) - 1;
        boolean apart = Long.compareUnsigned(last, base) < 0 || Long.compareUnsigned(at, lastMapped) > 0;
        if (!LinearAddress.isCanonical(last) || last >>> 63 != at >>> 63 || KernelImage.isXens(last) || !apart) {
            throw new GuestImageException(Rule.BAD_ADDRESS, at, "p2m list of " + pages + " pages");
        }
    }

    /** The number of tables depends on the end of the mapping and the end on the number of tables: iterate to a fixpoint. */
    private static long tableCount(long base, long tables, boolean compat) {
        long count = 3;
        while (true) {
            long mapped = mappedEnd(base, tables, count);
            long needed = compat ? compatTablesFor(base, mapped) : tablesFor(base, mapped);
            if (needed <= count) {
                return count;
            }
            count = needed;
        }
    }

    /** End of the mapping: stack, padding of 512 KiB, then up to a linear address that is a multiple of 4 MiB. */
    private static long mappedEnd(long base, long tables, long count) {
        long end = (base >>> 12) + tables + count + 1 + PADDING_PAGES;
        long rounded = end + END_ALIGNMENT_PAGES - 1 & -END_ALIGNMENT_PAGES;
        return rounded - (base >>> 12);
    }

    private static long tablesFor(long base, long pages) {
        return 1 + spanned(base, pages, 39) + spanned(base, pages, 30) + spanned(base, pages, 21);
    }

    /** The L3 table of a 32-bit domain names an L2 table in its last slot, even if nothing is mapped there. */
    private static long compatTablesFor(long base, long pages) {
        long last = base + (pages << 12) - 1 >>> 30 < 3 ? 1 : 0;
        return 1 + last + spanned(base, pages, 30) + spanned(base, pages, 21);
    }

    private static long extraTables(long base, long mapped, long at, long pages) {
        long count = 0;
        for (int shift = 21; shift <= 39; shift += 9) {
            long last = at + (pages << 12) - 1;
            for (long index = at >>> shift; index <= last >>> shift; index++) {
                boolean exists = index >= base >>> shift && index <= base + (mapped << 12) - 1 >>> shift;
                count += exists ? 0 : 1;
            }
        }
        return count;
    }

    private static long spanned(long base, long pages, int shift) {
        return (base + (pages << 12) - 1 >>> shift) - (base >>> shift) + 1;
    }
}
