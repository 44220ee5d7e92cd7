package io.github.paravane.hypervisor.descriptor;

import io.github.paravane.api.cpu.DescriptorTables;
import io.github.paravane.api.paging.Pte;
import io.github.paravane.api.profile.Quirk;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SegmentTables;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.pagetable.PageTables;

/** Descriptors as the hypervisor reads them itself, to emulate an instruction: no processor compares them with a limit. */
public final class EmulatedDescriptors {

    /** A descriptor that cannot be read. */
    public static final long UNREADABLE = -1;

    private static final int NULL_SELECTORS = 4;
    private static final int LDT_BIT = 4;
    private static final int INDEX_SHIFT = 3;
    private static final int PAGE_SHIFT = 9;

    private final Platform platform;
    private final boolean beyondLimit;

    public EmulatedDescriptors(Platform platform) {
        this.platform = platform;
        beyondLimit = platform.profile().has(Quirk.EMULATION_IGNORES_LDT_LIMIT);
    }

    /** Whether the limit of the LDT is not looked at: XSA-298. */
    public boolean isUnlimited() {
        return beyondLimit;
    }

    /** The descriptor of a selector; 0 for a null selector and outside the LDT, {@link #UNREADABLE} where none is mapped. */
    public long read(Vcpu vcpu, int selector) {
        int index = (selector & 0xFFFF) >>> INDEX_SHIFT;
        SegmentTables segments = vcpu.segments();
        if (selector < NULL_SELECTORS) {
            return 0;
        }
        if ((selector & LDT_BIT) != 0 && index >= segments.ldtEntries()) {
            return beyondLimit ? anyPage(vcpu, index) : 0;
        }
        DescriptorTables tables = vcpu.descriptors();
        long descriptor = tables.descriptor(selector);
        boolean gap = (selector & LDT_BIT) == 0
                && index < SegmentTables.GUEST_GDT_PAGES << PAGE_SHIFT
                && segments.gdtFrame(index >>> PAGE_SHIFT) < 0;
        return tables.fault() != null || gap ? UNREADABLE : descriptor;
    }

    /** What lies where the LDT would go on. */
    private long anyPage(Vcpu vcpu, int index) {
        PageTables tables = platform.pageTables();
        long linear = vcpu.segments().ldtBase() + ((long) index << INDEX_SHIFT);
        int page = index >>> PAGE_SHIFT;
        if (vcpu.segments().ldtFrame(page) < 0) {
            long entry = tables.walk().readL1Entry(vcpu.kernelBase(), linear);
            if (!Pte.isPresent(entry) || !tables.segments().takeLdtPage(vcpu, page, Pte.mfn(entry))) {
                return UNREADABLE;
            }
        }
        return platform.memory().readU64((vcpu.segments().ldtFrame(page) << 12) + ((index & 511L) << INDEX_SHIFT));
    }
}
