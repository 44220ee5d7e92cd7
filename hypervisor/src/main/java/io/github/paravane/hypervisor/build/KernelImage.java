package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.hypervisor.pagetable.CompatTables;
import java.util.List;
import java.util.OptionalLong;

/**
 * A PV kernel ready to load, 64-bit or 32-bit PAE: where its segments go and what it asks for (abi-reference 6.1). Linear addresses of
 * segments are {@code p_paddr - paddrOffset + virtBase}.
 */
final class KernelImage {

    private final ElfFile elf;
    private final XenNotes notes;
    private final long virtBase;
    private final long offset;
    private final long start;
    private final long end;
    private final long entry;

    private KernelImage(ElfFile elf, XenNotes notes) {
        this.elf = elf;
        this.notes = notes;
        virtBase = notes.number(XenNotes.VIRT_BASE).orElse(0);
        long paddrOffset = notes.number(XenNotes.PADDR_OFFSET).orElse(notes.isLegacy() ? virtBase : 0);
        offset = virtBase - paddrOffset;
        start = pageDown(lowest(elf.loadable()) + offset);
        end = pageUp(highest(elf.loadable()) + offset);
        entry = notes.number(XenNotes.ENTRY).orElse(elf.entry());
    }

    /** Parses and checks a kernel file, unpacking gzip; {@link GuestImageException} says what is wrong with it. */
    static KernelImage parse(byte[] file) {
        ElfFile elf = new ElfFile(Compression.unpack(file));
        KernelImage image = new KernelImage(elf, XenNotes.of(elf));
        image.check();
        return image;
    }

    /** Whether it is a 32-bit kernel. */
    boolean isCompat() {
        return !elf.isWide();
    }

    /** Whether a 32-bit kernel can do with an L3 table above 4 GiB. */
    boolean knowsHighRoot() {
        String features = notes.string(XenNotes.FEATURES);
        String mode = notes.string(XenNotes.PAE_MODE);
        return features != null && features.contains("pae_pgdir_above_4gb")
                || mode != null && mode.contains("[extended-cr3]");
    }

    /** Linear address of pfn 0. */
    long virtBase() {
        return virtBase;
    }

    /** First linear address of the kernel, page aligned. */
    long start() {
        return start;
    }

    /** First linear address after the kernel, page aligned. */
    long end() {
        return end;
    }

    /** Linear address of the first instruction. */
    long entry() {
        return entry;
    }

    /** Linear address of the hypercall page. */
    OptionalLong hypercallPage() {
        return notes.number(XenNotes.HYPERCALL_PAGE);
    }

    /** Where the P2M is to be mapped, if not inside the initial mapping. */
    OptionalLong initP2m() {
        return isCompat() ? OptionalLong.empty() : notes.number(XenNotes.INIT_P2M);
    }

    /** Whether the ramdisk need not be mapped. */
    boolean ramdiskUnmapped() {
        return notes.number(XenNotes.MOD_START_PFN).orElse(0) != 0;
    }

    /** The segments. */
    List<ElfFile.Segment> segments() {
        return elf.loadable();
    }

    /** Linear address of a segment. */
    long linear(ElfFile.Segment segment) {
        return segment.paddr() + offset;
    }

    /** The file's bytes, which segments refer to. */
    byte[] bytes() {
        return elf.array();
    }

    private void check() {
        String version = notes.string(XenNotes.XEN_VERSION);
        if (version != null && !version.startsWith("xen-3.0")) {
            throw new GuestImageException(Rule.NOT_FOR_XEN, version.length(), "Xen version " + version);
        }
        String loader = notes.string(XenNotes.LOADER);
        if (loader != null && !loader.equals("generic")) {
            throw new GuestImageException(Rule.NOT_FOR_XEN, loader.length(), "loader " + loader);
        }
        if ((virtBase & 0xFFF) != 0 || !LinearAddress.isCanonical(virtBase)) {
            throw new GuestImageException(Rule.BAD_ADDRESS, virtBase, "virtual base");
        }
        if (Long.compareUnsigned(start, virtBase) < 0 || Long.compareUnsigned(end, start) <= 0) {
            throw new GuestImageException(Rule.BAD_ADDRESS, start, "kernel starts below its virtual base or wraps");
        }
        if (isCompat()) {
            checkCompat();
        }
        inKernel(entry, 1, "entry");
        hypercallPage().ifPresent(page -> {
            if ((page & 0xFFF) != 0) {
                throw new GuestImageException(Rule.BAD_ADDRESS, page, "hypercall page is not page aligned");
            }
            inKernel(page, 4096, "hypercall page");
        });
        initP2m().ifPresent(linear -> {
            if ((linear & 0x1F_FFFF) != 0 || !LinearAddress.isCanonical(linear) || isXens(linear)) {
                throw new GuestImageException(Rule.BAD_ADDRESS, linear, "p2m base");
            }
        });
        checkFeatures(notes.string(XenNotes.FEATURES));
    }

    /** A 32-bit kernel has three levels of tables, and its addresses end below the hypervisor's hole. */
    private void checkCompat() {
        String mode = notes.string(XenNotes.PAE_MODE);
        if (mode == null || !mode.startsWith("yes") && !mode.startsWith("bimodal")) {
            throw new GuestImageException(Rule.NOT_X86_64, 3, "32-bit kernel without PAE");
        }
        if (virtBase >>> 32 != 0 || end > CompatTables.HOLE_START) {
            throw new GuestImageException(Rule.BAD_ADDRESS, end, "32-bit kernel in the hypervisor's hole");
        }
    }

    private static void checkFeatures(@org.jspecify.annotations.Nullable String features) {
        if (features == null) {
            return;
        }
        for (String each : features.split("\\|")) {
            // A '!' makes a feature required; "writable_page_tables" is spelled so by kernels that can do without,
            // and Xen's own builder lets it pass for every PV guest.
            if (each.equals("!auto_translated_physmap") || each.equals("!supervisor_mode_kernel")) {
                throw new GuestImageException(Rule.MISSING_FEATURE, each.length(), each.substring(1));
            }
        }
    }

    private void inKernel(long linear, long size, String what) {
        // The kernel has at least one page, and size is at most that.
        if (Long.compareUnsigned(linear - start, end - start - size) > 0) {
            throw new GuestImageException(Rule.BAD_ADDRESS, linear, what + " lies outside the kernel");
        }
    }

    static boolean isXens(long linear) {
        return linear >>> 43 == 0xFFFF_8000_0000_0000L >>> 43;
    }

    private static long lowest(List<ElfFile.Segment> segments) {
        return segments.stream()
                .mapToLong(ElfFile.Segment::paddr)
                .reduce((a, b) -> Long.compareUnsigned(a, b) <= 0 ? a : b)
                .orElseThrow();
    }

    private static long highest(List<ElfFile.Segment> segments) {
        return segments.stream()
                .mapToLong(each -> each.paddr() + each.memorySize())
                .reduce((a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b)
                .orElseThrow();
    }

    private static long pageDown(long linear) {
        return linear & ~0xFFFL;
    }

    private static long pageUp(long linear) {
        return linear + 0xFFF & ~0xFFFL;
    }
}
