package io.github.paravane.hypervisor.descriptor;

import io.github.paravane.api.hypercall.XenErrno;
import io.github.paravane.api.profile.PrivilegedRules;
import io.github.paravane.hypervisor.domain.Platform;
import io.github.paravane.hypervisor.domain.SegmentTables;
import io.github.paravane.hypervisor.domain.Vcpu;
import io.github.paravane.hypervisor.frame.TypeInfo;
import io.github.paravane.hypervisor.pagetable.EntryRule;
import io.github.paravane.hypervisor.pagetable.TypedFrames;

/** The references that a vCPU's GDT and LDT hold (abi-reference 3.4, 3.24). */
public final class SegmentFrames {

    private static final int ENTRIES_PER_PAGE = 512;
    private static final int MAX_GDT_ENTRIES = SegmentTables.GUEST_GDT_PAGES * ENTRIES_PER_PAGE;

    private final TypedFrames typed;
    private final int ldtType;

    public SegmentFrames(Platform platform, TypedFrames typed) {
        this.typed = typed;
        ldtType = platform.profile().get(PrivilegedRules.MERGED_DESCRIPTOR_TYPE)
                ? TypeInfo.SEGMENTS
                : TypeInfo.LDT_SEGMENTS;
    }

    /**
     * Installs a GDT of {@code entries} in {@code mfns}, one frame per 512 entries, and drops the old one. It is refused, and
     * the old one stays, if there are more than 7168 entries or a frame is not the domain's or cannot hold descriptors.
     */
    public EntryRule setGdt(Vcpu vcpu, long[] mfns, int entries) {
        if (Integer.compareUnsigned(entries, MAX_GDT_ENTRIES) > 0) {
            return EntryRule.GDT_TOO_LARGE;
        }
        int domid = vcpu.domain().id();
        for (int i = 0; i < mfns.length; i++) {
            EntryRule rule = typed.takePageAndType(mfns[i], domid, TypeInfo.SEGMENTS);
            if (!rule.isAccepted()) {
                typed.tellRejected(rule, XenErrno.EINVAL, 0, -1, mfns[i], mfns[i]);
                while (--i >= 0) {
                    typed.putPageAndType(mfns[i]);
                }
                return rule;
            }
        }
        dropGdt(vcpu);
        vcpu.segments().setGdt(mfns, entries);
        return EntryRule.ACCEPTED;
    }

    /** Frames of a GDT of {@code entries} entries, at most 7168. */
    public static int gdtFrames(int entries) {
        return (entries + ENTRIES_PER_PAGE - 1) / ENTRIES_PER_PAGE;
    }

    /** Drops the GDT. */
    public void dropGdt(Vcpu vcpu) {
        SegmentTables segments = vcpu.segments();
        long[] old = new long[SegmentTables.GUEST_GDT_PAGES];
        for (int page = 0; page < old.length; page++) {
            old[page] = segments.gdtFrame(page);
        }
        segments.setGdt(new long[0], 0);
        for (long mfn : old) {
            if (mfn >= 0) {
                typed.putPageAndType(mfn);
            }
        }
    }

    /** Takes the references of an LDT page: whether the frame can hold descriptors. */
    public boolean takeLdtPage(Vcpu vcpu, int page, long mfn) {
        if (!typed.getPageAndType(mfn, vcpu.domain().id(), ldtType)) {
            return false;
        }
        vcpu.segments().setLdtFrame(page, mfn);
        return true;
    }

    /** Drops the LDT pages that were used, and tells whether there were any; the LDT itself stays set. */
    public boolean dropLdt(Vcpu vcpu) {
        boolean used = false;
        SegmentTables segments = vcpu.segments();
        for (int page = 0; page < SegmentTables.LDT_PAGES; page++) {
            long mfn = segments.ldtFrame(page);
            if (mfn >= 0) {
                segments.setLdtFrame(page, -1);
                typed.putPageAndType(mfn);
                used = true;
            }
        }
        return used;
    }
}
