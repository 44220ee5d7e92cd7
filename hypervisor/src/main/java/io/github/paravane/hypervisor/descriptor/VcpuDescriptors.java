package io.github.paravane.hypervisor.descriptor;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.memory.LinearAddress;
import io.github.paravane.api.paging.PageFault;
import io.github.paravane.api.paging.PageFault.Reason;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SegmentTables;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.pagetable.PageTables;
import org.jspecify.annotations.Nullable;

/**
 * GDT, LDT and system registers of a vCPU as its core sees them (abi-reference 1.2, 3.4, 3.24; Xen
 * {@code arch/x86/desc.c}). The upper GDT page is the hypervisor's; an LDT page is referenced at its first use.
 */
public final class VcpuDescriptors implements DescriptorTables {

    private static final int LDT_BIT = 4;
    private static final int INDEX_SHIFT = 3;
    private static final int PAGE_SHIFT = 9;
    private static final int RESERVED_INDEX = SegmentTables.GUEST_GDT_PAGES << PAGE_SHIFT;

    private static final long GDT_BASE = 0xFFFF_8200_0000_0000L;
    private static final int VCPU_AREA_SHIFT = 17;
    private static final long LDT_WINDOW = 16L << 12;
    private static final long GDT_LIMIT = 0xEFFF;
    private static final long IDT_BASE = 0xFFFF_82D0_4057_7000L;
    private static final long IDT_LIMIT = 0xFFF;
    private static final long LDT_SELECTOR = 0xE050;
    private static final long TASK_SELECTOR = 0xE040;
    private static final long CR4_FSGSBASE = 1L << 16;
    private static final long CR0 = 0x8005_0033L;

    private final Vcpu vcpu;
    private final Platform platform;
    private final boolean compat;
    private final long cr4Shown;
    /** Bits that the processor has set whatever the guest wrote. */
    private final long cr4Real;

    private final boolean ldtInUserTables;
    private final boolean gapFaults;
    private final boolean anyAddressPageFaults;

    private @Nullable PageFault fault;

    public VcpuDescriptors(Vcpu vcpu) {
        this.vcpu = vcpu;
        this.platform = vcpu.domain().platform();
        compat = vcpu.domain().isCompat();
        cr4Shown = platform.profile().get(PrivilegedRules.CR4_SHOWN).bits();
        ldtInUserTables = platform.profile().has(Quirk.LDT_SOUGHT_IN_USER_TABLES);
        gapFaults = platform.profile().has(Quirk.DESCRIPTOR_GAP_FAULTS);
        anyAddressPageFaults = platform.profile().has(Quirk.NON_CANONICAL_DESCRIPTOR_PAGE_FAULTS);
        cr4Real = platform.profile().has(Quirk.FSGSBASE_ALWAYS) ? CR4_FSGSBASE : 0;
    }

    @Override
    public long descriptor(int selector) {
        fault = null;
        int index = (selector & 0xFFFF) >>> INDEX_SHIFT;
        if ((selector & LDT_BIT) != 0) {
            return local(index);
        }
        if (index >= RESERVED_INDEX) {
            return compat ? compatReserved(index - RESERVED_INDEX) : reserved(index - RESERVED_INDEX);
        }
        return global(index);
    }

    private long global(int index) {
        long mfn = vcpu.segments().gdtFrame(index >>> PAGE_SHIFT);
        if (mfn < 0 && gapFaults) {
            long linear = systemRegister(SystemRegister.GDT_BASE) + ((long) index << INDEX_SHIFT);
            fault = new PageFault(linear, 0, Reason.NOT_PRESENT, 1, 0, -1, 0);
        }
        return mfn < 0 ? 0 : read(mfn, index);
    }

    private long local(int index) {
        SegmentTables segments = vcpu.segments();
        if (index >= segments.ldtEntries()) {
            return 0;
        }
        int page = index >>> PAGE_SHIFT;
        if (segments.ldtFrame(page) < 0 && !takeLocalPage(page, index)) {
            return 0;
        }
        return read(segments.ldtFrame(page), index);
    }

    private boolean takeLocalPage(int page, int index) {
        PageTables tables = platform.pageTables();
        long linear = vcpu.segments().ldtBase() + ((long) index << INDEX_SHIFT);
        long root = ldtInUserTables && !vcpu.kernelMode() ? vcpu.userBase() : vcpu.kernelBase();
        long entry = tables.walk().readL1Entry(root, linear);
        if (Pte.isPresent(entry) && tables.segments().takeLdtPage(vcpu, page, Pte.mfn(entry))) {
            return true;
        }
        // The processor faults in the hypervisor's window, where the page is missing; the guest is told of its own
        // address.
        long where = LinearAddress.isCanonical(linear) || anyAddressPageFaults
                ? linear
                : systemRegister(SystemRegister.GDT_BASE) + LDT_WINDOW + ((long) index << INDEX_SHIFT);
        fault = new PageFault(where, 0, Reason.NOT_PRESENT, 1, entry, -1, 0);
        return false;
    }

    private long read(long mfn, int index) {
        return platform.memory().readU64((mfn << 12) + ((index & 511L) << INDEX_SHIFT));
    }

    /** The hypervisor maps guest descriptor pages writable for itself, so the processor can set the bit. */
    @Override
    public void accessed(int selector) {
        int index = (selector & 0xFFFF) >>> INDEX_SHIFT;
        boolean local = (selector & LDT_BIT) != 0;
        SegmentTables segments = vcpu.segments();
        if (!local && index >= RESERVED_INDEX) {
            return;
        }
        long mfn = local ? segments.ldtFrame(index >>> PAGE_SHIFT) : segments.gdtFrame(index >>> PAGE_SHIFT);
        if (mfn >= 0) {
            long maddr = (mfn << 12) + ((index & 511L) << INDEX_SHIFT);
            platform.memory().writeU64(maddr, platform.memory().readU64(maddr) | ACCESSED);
        }
    }

    /** The flat segments of rings 1 and 3; the hypervisor's own are where a 64-bit guest has them. */
    private static long compatReserved(int index) {
        switch (index) {
            case 3:
                return 0x00CF_BB00_0000_FFFFL;
            case 4:
                return 0x00CF_B300_0000_FFFFL;
            case 5:
                return 0x00CF_FB00_0000_FFFFL;
            case 6:
                return 0x00CF_F300_0000_FFFFL;
            default:
                return reserved(index);
        }
    }

    private static long reserved(int index) {
        switch (index) {
            case 1:
                return 0x00AF_9B00_0000_FFFFL;
            case 2:
                return 0x00CF_9300_0000_FFFFL;
            case 4:
                return 0x00CF_FB00_0000_FFFFL;
            case 5:
                return 0x00CF_F300_0000_FFFFL;
            case 6:
                return 0x00AF_FB00_0000_FFFFL;
            case 12:
                return 0x0000_9100_0000_0000L;
            default:
                return 0;
        }
    }

    @Override
    public @Nullable PageFault fault() {
        return fault;
    }

    @Override
    public long systemRegister(SystemRegister register) {
        switch (register) {
            case GDT_BASE:
                return GDT_BASE + ((long) vcpu.id() << VCPU_AREA_SHIFT);
            case GDT_LIMIT:
                return GDT_LIMIT;
            case IDT_BASE:
                return IDT_BASE;
            case IDT_LIMIT:
                return IDT_LIMIT;
            case LDT_SELECTOR:
                return vcpu.segments().ldtEntries() == 0 ? 0 : LDT_SELECTOR;
            case TASK_SELECTOR:
                return TASK_SELECTOR;
            case TSC_AUX:
                return vcpu.timeStampAux();
            case CR0:
                return CR0;
            case CR4:
                return cr4Shown | vcpu.cr4() | cr4Real;
            default:
                throw new IllegalArgumentException(register.toString());
        }
    }
}
