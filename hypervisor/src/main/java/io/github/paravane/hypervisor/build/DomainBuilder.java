package io.github.paravane.hypervisor.build;

import io.github.paravane.api.guest.GuestImage;
import io.github.paravane.api.guest.GuestImageException;
import io.github.paravane.api.guest.GuestImageException.Rule;
import io.github.paravane.api.guest.StartInfo;
import io.github.paravane.api.memory.MachineMemory;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.PteRules;
import io.github.paravane.api.profile.PteRules.L1Adjustment;
import io.github.paravane.api.profile.VersionRules;
import io.github.paravane.hypervisor.frame.FrameTable;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** Builds a domain's memory at start of day: frames, image, lists, tables and start_info (abi-reference 6.2 to 6.4). */
public final class DomainBuilder {

    private static final int COMMAND_LINE_SIZE = 1024;
    private static final int SIF_MOD_START_PFN = 8;
    private static final int SIF_PRIVILEGED_INITDOMAIN = 3;

    private final MachineMemory memory;
    private final FrameTable frames;
    private final M2pWriter m2p;
    private final AbiProfile profile;

    /** Stores the pfn of a frame in the M2P. */
    @FunctionalInterface
    public interface M2pWriter {
        /** M2P[mfn] = pfn. */
        void set(long mfn, long pfn);
    }

    /** Writes hypercall stubs into a frame. */
    @FunctionalInterface
    public interface HypercallPageWriter {
        /** Fills frame {@code mfn}. */
        void write(long mfn);
    }

    /**
     * What a domain's devices and identity are.
     *
     * @param domid its id, owner of its frames
     * @param sharedInfoMfn frame of shared_info
     * @param storePort event channel of the xenstore ring
     * @param consolePort event channel of the console ring
     * @param privileged whether it is the initial domain
     */
    public record Identity(int domid, long sharedInfoMfn, int storePort, int consolePort, boolean privileged) {}

    /**
     * A domain ready to start.
     *
     * @param entry RIP
     * @param stack RSP
     * @param startInfoLinear RSI
     * @param l4Mfn root table, not yet pinned
     * @param startInfo the page's fields
     */
    public record Built(long entry, long stack, long startInfoLinear, long l4Mfn, StartInfo startInfo) {}

    public DomainBuilder(MachineMemory memory, FrameTable frames, AbiProfile profile, M2pWriter m2p) {
        this.memory = memory;
        this.frames = frames;
        this.profile = profile;
        this.m2p = m2p;
    }

    /** An image that was parsed, checked and found to fit. */
    public static final class Prepared {

        private final GuestImage image;
        private final KernelImage kernel;
        private final Layout layout;
        private final byte[] ramdisk;
        private final byte[] commandLine;
        private final long pages;

        private Prepared(GuestImage image, long pages, boolean rings) {
            this.image = image;
            this.pages = pages;
            kernel = KernelImage.parse(image.kernel());
            ramdisk = image.ramdisk();
            commandLine = image.commandLine().getBytes(StandardCharsets.UTF_8);
            if (commandLine.length >= COMMAND_LINE_SIZE) {
                throw new GuestImageException(Rule.TOO_LARGE, commandLine.length, "command line");
            }
            layout = Layout.of(kernel, ramdisk.length, pages, rings);
        }

        /** Whether the kernel is a 32-bit one. */
        public boolean isCompat() {
            return kernel.isCompat();
        }

        /** Whether a 32-bit kernel can do with an L3 table above 4 GiB. */
        public boolean knowsHighRoot() {
            return kernel.knowsHighRoot();
        }

        /** Linear address of the first instruction. */
        public long entry() {
            return kernel.entry();
        }
    }

    /**
     * Parses and checks an image for a domain of {@code pages}; {@link GuestImageException} if it is unusable.
     *
     * @param rings whether the domain has the rings of xenstore and console, as every domain but dom0
     */
    public static Prepared prepare(GuestImage image, long pages, boolean rings) {
        return new Prepared(image, pages, rings);
    }

    /** Whether an image is that of a 32-bit kernel; {@link GuestImageException} if it is unusable. */
    public static boolean isCompat(GuestImage image) {
        return KernelImage.parse(image.kernel()).isCompat();
    }

    /** Allocates the domain's frames and fills them; {@link GuestImageException} if the machine has too few. */
    public Built build(Prepared prepared, Identity identity, HypercallPageWriter hypercallPage) {
        KernelImage kernel = prepared.kernel;
        Layout layout = prepared.layout;
        byte[] ramdisk = prepared.ramdisk;
        long pages = prepared.pages;
        if (frames.free() < pages) {
            throw new GuestImageException(
                    Rule.NOT_ENOUGH_MEMORY, pages, "machine has " + frames.free() + " free frames");
        }
        long[] p2m = new long[(int) pages];
        for (int pfn = 0; pfn < pages; pfn++) {
            p2m[pfn] = frames.allocate(identity.domid);
            m2p.set(p2m[pfn], pfn);
        }
        loadSegments(kernel, p2m);
        if (ramdisk.length > 0) {
            copyIn(p2m, layout.ramdisk() << 12, ramdisk, 0, ramdisk.length);
        }
        writeList(p2m, layout.p2m(), kernel.isCompat());
        long leafExtra = !kernel.isCompat() && profile.get(PteRules.L1_ADJUSTMENT) == L1Adjustment.NONE ? Pte.USER : 0;
        long l4 = new InitialTables(
                        memory,
                        p2m,
                        layout,
                        identity.privileged ? written(prepared) : new BitSet(),
                        leafExtra,
                        kernel.isCompat())
                .write();
        kernel.hypercallPage().ifPresent(linear -> hypercallPage.write(p2m[(int) (linear - kernel.virtBase() >>> 12)]));
        StartInfo info = startInfo(prepared, p2m, identity);
        long startInfoMaddr = p2m[(int) layout.startInfo()] << 12;
        if (kernel.isCompat()) {
            new CompatStartInfo(memory, startInfoMaddr).write(info, prepared.commandLine);
        } else {
            writeStartInfo(startInfoMaddr, info, prepared.commandLine, layout);
        }
        return new Built(
                kernel.entry(), layout.linear(layout.stack()) + 4096, layout.linear(layout.startInfo()), l4, info);
    }

    /** Writes mfn by pfn, in words of the domain. */
    private void writeList(long[] p2m, long first, boolean compat) {
        for (int pfn = 0; pfn < p2m.length; pfn++) {
            long at = (first << 12) + (compat ? 4L : 8L) * pfn;
            long maddr = (p2m[(int) (at >>> 12)] << 12) + (at & 0xFFF);
            if (compat) {
                memory.writeU32(maddr, (int) p2m[pfn]);
            } else {
                memory.writeU64(maddr, p2m[pfn]);
            }
        }
    }

    /**
     * What Xen writes on the tables of the domain that it builds itself; Xen's tools write other domains through mappings
     * of their own.
     */
    private static BitSet written(Prepared prepared) {
        KernelImage kernel = prepared.kernel;
        Layout layout = prepared.layout;
        BitSet pfns = new BitSet();
        for (ElfFile.Segment each : kernel.segments()) {
            long start = kernel.linear(each) - kernel.virtBase();
            pfns.set((int) (start >>> 12), (int) (start + each.memorySize() + 4095 >>> 12));
        }
        kernel.hypercallPage().ifPresent(linear -> pfns.set((int) (linear - kernel.virtBase() >>> 12)));
        pfns.set((int) layout.p2m(), (int) (layout.p2m() + layout.p2mPages()));
        pfns.set((int) layout.startInfo());
        return pfns;
    }

    private void loadSegments(KernelImage kernel, long[] p2m) {
        for (ElfFile.Segment each : kernel.segments()) {
            copyIn(p2m, kernel.linear(each) - kernel.virtBase(), kernel.bytes(), each.offset(), each.fileSize());
        }
    }

    /** Copies to a pseudo-physical address; frames start zero, so a segment's tail needs no work. */
    private void copyIn(long[] p2m, long target, byte[] source, int offset, int length) {
        int done = 0;
        while (done < length) {
            long at = target + done;
            int part = (int) Math.min(length - done, 4096 - (at & 0xFFF));
            memory.write((p2m[(int) (at >>> 12)] << 12) + (at & 0xFFF), source, offset + done, part);
            done += part;
        }
    }

    private StartInfo startInfo(Prepared prepared, long[] p2m, Identity identity) {
        Layout layout = prepared.layout;
        long ramdisk = layout.ramdisk();
        boolean byPfn = ramdisk >= 0 && prepared.kernel.ramdiskUnmapped();
        int flags = (byPfn ? SIF_MOD_START_PFN : 0) | (identity.privileged ? SIF_PRIVILEGED_INITDOMAIN : 0);
        return new StartInfo(
                p2m.length,
                identity.sharedInfoMfn << 12,
                flags,
                ring(layout.store(), p2m),
                identity.storePort,
                ring(layout.console(), p2m),
                identity.consolePort,
                layout.linear(layout.tables()),
                layout.tableCount(),
                layout.p2mLinear(),
                ramdisk < 0 ? 0 : byPfn ? ramdisk : layout.linear(ramdisk),
                ramdiskLength(prepared.ramdisk.length, identity),
                prepared.image.commandLine());
    }

    private long ramdiskLength(int bytes, Identity identity) {
        boolean inPages = profile.get(VersionRules.RAMDISK_IN_PAGES) && !identity.privileged;
        return inPages ? bytes + 4095L & ~4095L : bytes;
    }

    private static long ring(long pfn, long[] p2m) {
        return pfn < 0 ? 0 : p2m[(int) pfn];
    }

    private void writeStartInfo(long maddr, StartInfo info, byte[] commandLine, Layout layout) {
        byte[] magic = "xen-3.0-x86_64".getBytes(StandardCharsets.US_ASCII);
        memory.write(maddr, magic, 0, magic.length);
        memory.writeU64(maddr + 32, info.nrPages());
        memory.writeU64(maddr + 40, info.sharedInfo());
        memory.writeU32(maddr + 48, info.flags());
        if ((info.flags() & SIF_PRIVILEGED_INITDOMAIN) == 0) {
            memory.writeU64(maddr + 56, info.storeMfn());
            memory.writeU32(maddr + 64, info.storeEvtchn());
            memory.writeU64(maddr + 72, info.consoleMfn());
            memory.writeU32(maddr + 80, info.consoleEvtchn());
        }
        memory.writeU64(maddr + 88, info.ptBase());
        memory.writeU64(maddr + 96, info.nrPtFrames());
        memory.writeU64(maddr + 104, info.mfnList());
        memory.writeU64(maddr + 112, info.modStart());
        memory.writeU64(maddr + 120, info.modLen());
        memory.write(maddr + 128, commandLine, 0, commandLine.length);
        if (profile.get(VersionRules.START_INFO_P2M_FIELDS) && layout.p2mTables() > 0) {
            memory.writeU64(maddr + 1152, layout.p2m());
            memory.writeU64(maddr + 1160, layout.p2mPages() + layout.p2mTables());
        }
    }
}
